// What each kind of table brings: its columns, and how its rows become what the books take.
import { currencyDecimals, isCurrency } from "../../../kernel/currency.ts";
import { Decimal } from "../../../kernel/decimal.ts";
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import type { JournalEntryDraft, JournalLineDraft } from "../ledger/entry.rules.ts";
import { type BillInput, type BillLineInput, usualDueDays } from "../payables/bill.rules.ts";
import type { InvoiceInput } from "../receivables/invoice.rules.ts";
import { isTooLarge, tooLarge } from "./journal-amount.rules.ts";
import { type Columns, grouped, type TableMistake, type TableRecord } from "./table.rules.ts";

export type TableKind = "entries" | "openItems" | "parties" | "invoices" | "bills";

const text = { kind: "text" } as const;
const neededText = { kind: "text", isNeeded: true } as const;
const neededDay = { kind: "day", isNeeded: true } as const;
const number = { kind: "number" } as const;

export const tableColumns: Readonly<Record<TableKind, Columns>> = {
  parties: {
    name: { ...neededText, also: ["organisation", "company"] },
    roles: { ...neededText, also: ["role"] },
    email: text,
    phone: text,
    taxNumber: { ...text, also: ["vatNumber", "vat"] },
    street: text,
    postcode: { ...text, also: ["zip", "postalCode"] },
    city: text,
    country: text,
    bankAccount: { ...text, also: ["iban"] },
  },
  openItems: {
    party: { ...neededText, also: ["customer", "supplier", "name"] },
    side: { ...neededText, also: ["direction"] },
    reference: { ...neededText, also: ["number", "invoice"] },
    dueDay: { ...neededDay, also: ["due", "dueDate"] },
    amount: { ...number, isNeeded: true, also: ["open"] },
    currency: text,
  },
  entries: {
    number: { ...neededText, also: ["entry"] },
    day: { ...neededDay, also: ["date"] },
    text: { ...text, also: ["description"] },
    account: { ...neededText, also: ["accountCode"] },
    debit: number,
    credit: number,
    currency: text,
    party: text,
    reference: text,
    foreignAmount: number,
    foreignCurrency: text,
  },
  invoices: {
    invoice: { ...neededText, also: ["number", "invoiceNumber"] },
    customer: { ...neededText, also: ["party"] },
    day: { ...neededDay, also: ["date"] },
    dueDay: { kind: "day", also: ["due"] },
    description: { ...neededText, also: ["text"] },
    quantity: { ...number, also: ["qty"] },
    unitPrice: { ...number, isNeeded: true, also: ["price"] },
    taxCode: { ...text, also: ["tax"] },
    currency: text,
  },
  bills: {
    bill: { ...neededText, also: ["number", "billNumber", "supplierNumber", "invoice", "invoiceNumber"] },
    supplier: { ...neededText, also: ["vendor", "party"] },
    day: { ...neededDay, also: ["date"] },
    dueDay: { kind: "day", also: ["due", "dueDate"] },
    description: { ...neededText, also: ["text"] },
    net: { ...number, also: ["amount"] },
    gross: number,
    account: { ...text, also: ["accountCode"] },
    taxCode: { ...text, also: ["tax"] },
    unit: { ...text, also: ["costCentre", "costCenter"] },
    serviceFrom: { kind: "day", also: ["from"] },
    serviceUntil: { kind: "day", also: ["until", "to"] },
    currency: text,
  },
};

/** What rows make: most often one line of it each. */
export interface Made<T> {
  readonly input: T;
  readonly rows: readonly TableRecord[];
}

/** What the rows name, looked up once. */
export interface TableGround {
  readonly currency: string;
  /** Parties by name in lower case, by tax number and by number of registration; null where two have the same. */
  readonly parties: ReadonlyMap<string, Id | null>;
  /** Accounts by code, org units by code and by name, in lower case. */
  readonly accounts: ReadonlyMap<string, Id | null>;
  readonly units: ReadonlyMap<string, Id | null>;
}

/** What things make, each when it is asked for. */
function* eachOf<T, M>(things: Iterable<T>, makes: (thing: T) => readonly M[]): Generator<M> {
  for (const thing of things) yield* makes(thing);
}

/** Makes of rows what a kind brings, as it is asked for; a row with a mistake makes nothing, and the mistake is gathered. */
export class TableReading {
  readonly mistakes: TableMistake[] = [];
  private readonly ground: TableGround;

  constructor(ground: TableGround) {
    this.ground = ground;
  }

  private tell(record: TableRecord, column: string, says: string): undefined {
    this.mistakes.push({ row: record.row, column, says });
    return undefined;
  }

  private partyOf(record: TableRecord, column: string): Id | undefined {
    const name = record.cells[column]!;
    const id = this.ground.parties.get(name.toLowerCase());
    if (id) return id;
    return this.tell(
      record,
      column,
      id === null ? `Two are called “${name}”. Write the tax number.` : `Nobody is called “${name}”. Bring in the parties first.`,
    );
  }

  /** Rows of one thing say the same of it, or nothing. */
  private tellApart(thing: string, rows: readonly TableRecord[], ...columns: readonly string[]): void {
    const meant = (column: string, said: string): string =>
      column === "customer" ? (this.ground.parties.get(said.toLowerCase()) ?? said.toLowerCase()) : said;
    for (const column of columns) {
      const told = rows.filter((record) => record.cells[column] !== undefined);
      for (const record of told.slice(1)) {
        const [of, own] = [told[0]!.cells[column]!, record.cells[column]!];
        if (own !== of && meant(column, own) !== meant(column, of))
          this.tell(record, column, `In row ${told[0]!.row} this ${thing} has ${of}.`);
      }
    }
  }

  private named(record: TableRecord, column: "account" | "unit"): Id | undefined {
    const name = record.cells[column];
    if (name === undefined) return undefined;
    const id = (column === "account" ? this.ground.accounts : this.ground.units).get(name.toLowerCase());
    return id ?? this.tell(record, column, id === null ? `Two are called “${name}”. Write the code.` : `There is no ${column} “${name}”.`);
  }

  private moneyOf(record: TableRecord, column: string, currencyColumn = "currency"): Money | undefined {
    const amount = record.cells[column];
    if (amount === undefined) return undefined;
    const currency = (record.cells[currencyColumn] ?? this.ground.currency).toUpperCase();
    if (!isCurrency(currency)) return this.tell(record, currencyColumn, `“${currency}” is no currency.`);
    const value = new Decimal(amount);
    if (value.decimalPlaces() > currencyDecimals(currency)) return this.tell(record, column, `${currency} has fewer decimals.`);
    // Without zeros in front and behind, of which a table may have any number.
    const quantity = value.toFixed();
    if (isTooLarge(quantity, currency)) return this.tell(record, column, tooLarge(amount, currency));
    return Money.parse(quantity, currency);
  }

  /** One entry for each number, its rows its lines. */
  entries(records: readonly TableRecord[]): Iterable<Made<JournalEntryDraft>> {
    return eachOf(
      grouped(records, (record) => record.cells["number"]!),
      (rows) => {
        const before = this.mistakes.length;
        this.tellApart("entry", rows, "day");
        const lines = rows.flatMap((record) => this.entryLine(record) ?? []);
        if (this.mistakes.length > before) return [];
        const { day, text: words, number: own } = rows[0]!.cells;
        const { reference } = (rows.find((record) => record.cells["reference"]) ?? rows[0]!).cells;
        const input = {
          journal: "GEN",
          day: day as Day,
          text: (words ?? `Entry ${own}`).slice(0, 200),
          reference: (reference ?? own)!.slice(0, 60),
          lines,
        };
        return [{ input, rows }];
      },
    );
  }

  private entryLine(record: TableRecord): JournalLineDraft | undefined {
    const debit = this.moneyOf(record, "debit");
    const credit = this.moneyOf(record, "credit");
    if ((record.cells["debit"] === undefined) === (record.cells["credit"] === undefined)) {
      return this.tell(record, "debit", "Each row has either a debit or a credit.");
    }
    const partyId = record.cells["party"] === undefined ? undefined : this.partyOf(record, "party");
    const foreign = this.moneyOf(record, "foreignAmount", "foreignCurrency");
    const amount = debit ?? credit?.negated();
    if (!amount) return undefined;
    return {
      account: record.cells["account"]!,
      amount,
      partyId,
      foreign,
      text: record.cells["text"]?.slice(0, 200),
    };
  }

  /** One entry for each item, against opening balances, so that it is found by its reference. */
  openItems(records: readonly TableRecord[], day: Day): Iterable<Made<JournalEntryDraft>> {
    return eachOf(records, (record) => {
      const side = /^(receivable|customer|debtor)/i.test(record.cells["side"]!)
        ? "receivable"
        : /^(payable|supplier|creditor|vendor)/i.test(record.cells["side"]!)
          ? "payable"
          : this.tell(record, "side", "Write receivable or payable.");
      const partyId = this.partyOf(record, "party");
      const amount = this.moneyOf(record, "amount");
      if (!side || !partyId || !amount) return [];
      if (amount.currency !== this.ground.currency) {
        return (
          this.tell(
            record,
            "currency",
            `Open items are brought in in ${this.ground.currency}; those in another currency are entered with their rate.`,
          ) ?? []
        );
      }
      const signed = side === "receivable" ? amount : amount.negated();
      const reference = record.cells["reference"]!.slice(0, 60);
      const lines: JournalLineDraft[] = [
        { account: { role: side }, amount: signed, partyId, dueDay: record.cells["dueDay"] as Day },
        { account: { role: "openingBalance" }, amount: signed.negated() },
      ];
      return [{ input: { journal: "OPN", day, text: `Opening balance: ${reference}`, reference, lines }, rows: [record] }];
    });
  }

  /** One invoice for each number in the file; its legal number is drawn here. */
  invoices(records: readonly TableRecord[], bookId: Id): Iterable<Made<InvoiceInput>> {
    return eachOf(
      grouped(records, (record) => record.cells["invoice"]!),
      (rows) => {
        const before = this.mistakes.length;
        const { day, invoice } = rows[0]!.cells;
        const dueDay = rows.find((record) => record.cells["dueDay"])?.cells["dueDay"];
        this.tellApart("invoice", rows, "customer", "day", "dueDay");
        if (dueDay !== undefined && dueDay < day!) this.tell(rows[0]!, "dueDay", `It falls due on ${dueDay}, before its own day ${day}.`);
        const customerId = this.partyOf(rows[0]!, "customer");
        const lines = rows.map((record) => ({
          description: record.cells["description"]!.slice(0, 300),
          quantity: record.cells["quantity"] ?? "1",
          unitPrice: this.moneyOf(record, "unitPrice")!,
          taxCode: record.cells["taxCode"] ?? "standard",
        }));
        if (this.mistakes.length > before) return [];
        const input = {
          kind: "invoice" as const,
          bookId,
          customerId: customerId!,
          day: day as Day,
          dueDay: dueDay as Day | undefined,
          text: `No. ${invoice}`,
          lines,
        };
        return [{ input, rows }];
      },
    );
  }

  /** One bill for each supplier and number, its rows its lines. What the books say to it is asked afterwards. */
  bills(records: readonly TableRecord[], bookId: Id): Iterable<Made<BillInput>> {
    const suppliers = new Map(records.map((record) => [record, this.partyOf(record, "supplier")]));
    return eachOf(
      grouped(records, (record) => `${suppliers.get(record)} ${record.cells["bill"]}`),
      (rows) => {
        const before = this.mistakes.length;
        const supplierId = suppliers.get(rows[0]!);
        const { bill, day, gross } = rows[0]!.cells;
        const dueDay = rows.find((record) => record.cells["dueDay"])?.cells["dueDay"];
        if (bill!.length > 60) this.tell(rows[0]!, "bill", "A number has at most 60 signs.");
        const pricesIncludeTax = gross !== undefined;
        this.tellApart("bill", rows, "day", "dueDay");
        const lines = rows.flatMap((record) => this.billLine(record, pricesIncludeTax ? "gross" : "net") ?? []);
        if (this.mistakes.length > before || !supplierId) return [];
        const input = {
          kind: "bill" as const,
          bookId,
          supplierId,
          supplierNumber: bill!,
          day: day as Day,
          dueDay: (dueDay as Day | undefined) ?? addDays(day as Day, usualDueDays),
          pricesIncludeTax,
          lines,
        };
        return [{ input, rows }];
      },
    );
  }

  private billLine(record: TableRecord, column: "net" | "gross"): BillLineInput | undefined {
    const { net, gross, description, taxCode, serviceFrom, serviceUntil } = record.cells;
    if ((net === undefined) === (gross === undefined)) return this.tell(record, "net", "Each row has either a net or a gross amount.");
    if (record.cells[column] === undefined)
      return this.tell(record, column, `The first row of this bill has a ${column} amount, so all have.`);
    const amount = this.moneyOf(record, column);
    const [accountId, unitId] = [this.named(record, "account"), this.named(record, "unit")];
    return (
      amount && {
        description: description!.slice(0, 300),
        net: amount,
        accountId,
        unitId,
        taxCode: taxCode ?? "standard",
        serviceFrom: serviceFrom as Day | undefined,
        serviceUntil: serviceUntil as Day | undefined,
      }
    );
  }
}
