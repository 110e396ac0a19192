// Entries of camt messages: which way the money went, who the other party is, and what a batch booking stands for.
import { describe, expect, it } from "vitest";
import { Refusal } from "../../../kernel/refusal.ts";
import { draftStatements, readStatements } from "./statement-format.rules.ts";

const ours = "DE89370400440532013000";
const theirs = "NL91ABNA0417164300";
const party = (role: string, name: string, iban: string) =>
  `<${role}><Nm>${name}</Nm></${role}><${role}Acct><Id><IBAN>${iban}</IBAN></Id></${role}Acct>`;

function entryOf(inner: string) {
  const account = `<Acct><Id><IBAN>${ours}</IBAN></Id><Ccy>EUR</Ccy></Acct>`;
  const entry = `<Ntry>${inner}<BookgDt><Dt>2026-07-01+02:00</Dt></BookgDt></Ntry>`;
  const message = `<BkToCstmrStmt><Stmt><Id>S</Id>${account}${entry}</Stmt></BkToCstmrStmt>`;
  return draftStatements(new TextEncoder().encode(`<Document>${message}</Document>`))[0]!.entries[0]!;
}
const payment = (inner: string) => `<NtryDtls><TxDtls>${inner}</TxDtls></NtryDtls>`;
const parties = `<RltdPties>${party("Dbtr", "Payer", theirs)}${party("Cdtr", "Us", ours)}</RltdPties>`;
const outgoing = `<RltdPties>${party("Dbtr", "Us", ours)}${party("Cdtr", "Supplier", theirs)}</RltdPties>`;

describe("an entry of a camt message", () => {
  it.each([
    ["a credit comes from the debtor", "CRDT", "false", parties, 1234n, "Payer"],
    ["a debit goes to the creditor", "DBIT", "false", outgoing, -1234n, "Supplier"],
    ["a reversed debit comes back from the creditor", "CRDT", "true", outgoing, 1234n, "Supplier"],
    ["a reversed credit goes back to the debtor", "DBIT", "1", parties, -1234n, "Payer"],
    ["the counterparty is never ourselves, whatever the bank calls us", "DBIT", "false", parties, -1234n, "Payer"],
  ])("%s", (_, indicator, reversal, related, minor, counterpartyName) => {
    const amount = `<Amt Ccy="EUR">12.34</Amt><CdtDbtInd>${indicator}</CdtDbtInd><RvslInd>${reversal}</RvslInd>`;
    const entry = entryOf(amount + payment(related));
    expect(entry).toMatchObject({ amount: { minor }, counterpartyName, counterpartyAccount: theirs, isReversal: reversal !== "false" });
    expect(entry.bookingDay).toBe("2026-07-01");
  });

  // A returned direct debit (RvslInd true) as ABN AMRO sends it (OCA test-camt053): only the customer is named, and as creditor.
  it.each([
    ["a party of another account under the wrong role", "DBIT", "true", party("Cdtr", "Customer", theirs), "Customer", theirs],
    ["a creditor of a credit with another account", "CRDT", "false", party("Cdtr", "Customer", theirs), "Customer", theirs],
    ["only ourselves: nobody else is told", "CRDT", "false", party("Cdtr", "Us", ours), undefined, undefined],
    ["a name without an account, which may be ours", "CRDT", "false", "<Cdtr><Nm>Us</Nm></Cdtr>", undefined, undefined],
    [
      "the right role, though the other has an account",
      "CRDT",
      "false",
      `<Dbtr><Nm>Payer</Nm></Dbtr>${party("Cdtr", "X", theirs)}`,
      "Payer",
      undefined,
    ],
  ])("%s", (_, indicator, reversal, related, counterpartyName, counterpartyAccount) => {
    const amount = `<Amt Ccy="EUR">1</Amt><CdtDbtInd>${indicator}</CdtDbtInd><RvslInd>${reversal}</RvslInd>`;
    const entry = entryOf(amount + payment(`<RltdPties>${related}</RltdPties>`));
    expect([entry.counterpartyName, entry.counterpartyAccount]).toEqual([counterpartyName, counterpartyAccount]);
  });

  it("keeps the payments of a batch apart, in the currency of the account", () => {
    const one = (endToEndId: string, amount: string) =>
      `<TxDtls><Refs><EndToEndId>${endToEndId}</EndToEndId></Refs><AmtDtls><InstdAmt><Amt Ccy="USD">9</Amt></InstdAmt>` +
      `<TxAmt><Amt Ccy="EUR">${amount}</Amt></TxAmt></AmtDtls>${outgoing}</TxDtls>`;
    const batch = "<Btch><PmtInfId>RUN-7</PmtInfId></Btch>";
    const entry = entryOf(
      `<Amt Ccy="EUR">30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls>${batch}${one("A", "10.00")}${one("NOTPROVIDED", "20")}</NtryDtls>`,
    );
    expect(entry).toMatchObject({ customerReference: "RUN-7", remittanceText: "" });
    expect(entry.endToEndId).toBeUndefined();
    expect(entry.details).toMatchObject([
      { endToEndId: "A", amount: { minor: -1000n }, counterpartyName: "Supplier" },
      { amount: { minor: -2000n } },
    ]);
    expect(entry.details[1]!.endToEndId).toBeUndefined();
  });

  it("keeps every word about the payment, with the first structured reference apart", () => {
    const strd = (ref: string, more = "") => `<Strd>${more}<CdtrRefInf><Ref>${ref}</Ref></CdtrRefInf></Strd>`;
    const document = "<RfrdDocInf><Nb>INV-9</Nb></RfrdDocInf>";
    const words = "<Ustrd>first</Ustrd><Ustrd><![CDATA[a < b &amp; c]]></Ustrd>";
    const remittance = `<RmtInf>${words}${strd("RF18539007547034", document)}${strd("RF2")}</RmtInf>`;
    const entry = entryOf(`<Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd>${payment(remittance)}`);
    expect(entry).toMatchObject({ structuredReference: "RF18539007547034", remittanceText: "first a < b &amp; c INV-9 RF2" });
  });
});

describe("an entry without any day", () => {
  const message = (kind: string, part: string, created: string) => {
    const account = `<Acct><Id><IBAN>${ours}</IBAN></Id><Ccy>EUR</Ccy></Acct>`;
    const entry = '<Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>';
    const inner = `<${part}><Id>N</Id>${created}${account}${entry}</${part}>`;
    return new TextEncoder().encode(`<Document><BkToCstmr${kind}>${inner}</BkToCstmr${kind}></Document>`);
  };
  const created = "<CreDtTm>2026-07-03T18:43:50+02:00</CreDtTm>";

  it.each([
    ["DbtCdtNtfctn", "Ntfctn"],
    ["AcctRpt", "Rpt"],
  ])("in a notice (%s) stands on the day of the notice, and is still told as it is", (kind, part) => {
    const bytes = message(kind, part, created);
    expect(draftStatements(bytes)[0]!.entries[0]!.bookingDay).toBeUndefined();
    const [statement] = readStatements(bytes);
    expect(statement!.entries[0]!.bookingDay).toBe("2026-07-03");
    expect(statement).not.toHaveProperty("noticeDay");
  });

  it.each([
    ["in a statement, whose entries are posted", "Stmt", "Stmt", created],
    ["in a notice that has no day either", "DbtCdtNtfctn", "Ntfctn", ""],
  ])("%s is refused", (_, kind, part, day) => {
    const read = () => readStatements(message(kind, part, day));
    expect(read).toThrow(Refusal);
    expect(read).toThrow(/neither a booking nor a value day/);
  });
});
