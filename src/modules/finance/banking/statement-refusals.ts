// Every no that a statement file can get, in the words of the reference. The refusal itself names the line and what stands there.

const place = "Line {line}: ";

/** Refused while reading: the file is damaged, is no statement, or tells something no bank should. Nothing of it is imported. */
export const readingRefusals = {
  statementTooLarge: `${place}the file is too large. Ask the bank for smaller periods.`,
  statementHoldsNul: `${place}the file is damaged. Fetch it again.`,
  statementEncodingBroken: `${place}the file is not in the encoding it names. Fetch it again without converting it.`,
  statementEncodingUnknown: `${place}the encoding of the file is not known. Save it as UTF-8.`,
  statementFormatUnknown: `${place}this is no bank statement. Readable are camt, MT940, OFX, BAI2, CODA, QIF, and CSV with a mapping.`,
  statementFormatUnsupported: `${place}this version of CODA is not read. Ask the bank for version 2.`,
  mappingMissing: `${place}nobody said yet what the columns of this CSV file are: heartwood finance statement-mapping create`,
  mappingDiffers: `${place}the columns are not those of the mapping. Choose or save another mapping.`,
  documentTypeForbidden: `${place}the file declares a document type, which a bank statement never has. Ask the bank for a correct file.`,
  statementTooDeep: `${place}elements stand too deep inside one another. This is no bank statement.`,
  statementTruncated: `${place}the file is cut off. Fetch it again.`,
  statementMalformed: `${place}the file is damaged. Fetch it again, or ask the bank for a correct one.`,
  statementMissing: `${place}the file holds no statement. Ask the bank for a complete file.`,
  bankReportedError: `${place}the bank answered with an error instead of a statement. Ask the bank.`,
  investmentStatement: `${place}this is a broker's statement and not a bank account's. Import the statement of the bank account.`,
  accountMissing: `${place}the statement names no account. Ask the bank for a correct file.`,
  currencyMissing: `${place}the statement names no currency. Ask the bank for a correct file.`,
  currencyUnknown: `${place}the currency is not one of ISO 4217. Ask the bank which currency is meant.`,
  amountMissing: `${place}an entry has no amount. Ask the bank for a correct file.`,
  amountMalformed: `${place}an amount cannot be read. Ask the bank for a correct file.`,
  amountTooPrecise: `${place}an amount has more decimals than its currency. Ask the bank for a correct file.`,
  dayMalformed: `${place}a day cannot be read. Ask the bank for a correct file.`,
  dayAmbiguous: `${place}the days may be read in two ways. Say which: day first or month first.`,
  bookingDayMissing: `${place}an entry has no booking day. Ask the bank for a correct file.`,
  openingBalanceMissing: `${place}the statement has no opening balance. Ask the bank for a complete file.`,
  closingBalanceMissing: `${place}the statement has no closing balance: it is cut off. Fetch it again.`,
  balanceMalformed: `${place}a balance cannot be read. Ask the bank for a correct file.`,
  totalMalformed: `${place}a total cannot be read. Ask the bank for a correct file.`,
  entryMalformed: `${place}an entry cannot be read. Ask the bank for a correct file.`,
  fieldRepeated: `${place}a field stands twice. Ask the bank for a correct file.`,
  correctionUnsupported: `${place}an entry corrects another one in a way that is not imported yet. Ask the bank for camt.053.`,
  statementDoesNotAddUp: `${place}opening balance and entries do not make the closing balance. Ask the bank for a correct file.`,
} as const;

/** Refused by comparison with the bank account and with what was imported before. */
export const importRefusals = {
  ...readingRefusals,
  accountDiffers: "Line {line}: the statement is of account {told}, and {bankAccount} is {known}. Nothing was imported. {next}",
  currencyDiffers: "Line {line}: the amounts are in {told}, and {bankAccount} is kept in {known}. Nothing was imported. {next}",
  mappingUnknown: "There is no such mapping for this bank account. See: heartwood finance statement-mapping list",
  numberTaken: "Another bank account took this account number just now. Import the file once more.",
  statementUnproven:
    "Line {line}: statement {statement} has no {missing} balance, so nothing proves that it is complete. Allow unproven " +
    "statements, or ask the bank for one with balances.",
  statementContradicts:
    "Line {line}: statement {statement} has an entry of {day} that statement {other}, which is proven and covers that day, " +
    "does not have. Nothing was imported. Keep to one format for an account, or ask the bank which statement is right.",
} as const;
