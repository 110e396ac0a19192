// The ledger as text: a CSV that a spreadsheet opens without running anything, and a journal as hledger and Ledger read it.
import { type Currency, currencyDecimals } from "../../../kernel/currency.ts";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import type { AccountType } from "../ledger/chart.ts";

export interface ExportedEntry {
  readonly number: string;
  readonly day: Day;
  readonly title: string;
  readonly reference: string | null;
  readonly documentSubject: string | null;
  readonly documentId: Id | null;
  readonly lines: readonly {
    readonly code: string;
    readonly name: string;
    readonly type: AccountType;
    readonly amount: bigint;
    /** As the document says it, in another currency than the books'. */
    readonly currency: string | null;
    readonly currencyAmount: bigint | null;
    readonly text: string | null;
    readonly party: string | null;
    readonly unit: string | null;
  }[];
}

export interface ExportTitle {
  readonly books: string;
  readonly currency: string;
  readonly from: Day;
  readonly to: Day;
}

const heading =
  "number,day,text,reference,account,accountName,debit,credit,currency,party,costCentre," +
  "documentSubject,documentId,foreignAmount,foreignCurrency";

export function toCsv(entries: readonly ExportedEntry[], { currency }: ExportTitle): string {
  const rows = entries.flatMap((entry) =>
    entry.lines.map((line) => {
      const amount = new Money(line.amount < 0n ? -line.amount : line.amount, currency).amount;
      const [debit, credit] = line.amount > 0n ? [amount, ""] : ["", amount];
      const texts = [entry.number, entry.day, line.text ?? entry.title, entry.reference, line.code, line.name];
      const end = [line.party, line.unit, entry.documentSubject, entry.documentId];
      const foreign = foreignOf(line);
      return [...texts.map(csvText), debit, credit, currency, ...end.map(csvText), foreign?.amount ?? "", foreign?.currency ?? ""].join(
        ",",
      );
    }),
  );
  return [heading, ...rows, ""].join("\r\n");
}

const foreignOf = ({ currency, currencyAmount }: ExportedEntry["lines"][number]): Money | undefined =>
  currency !== null && currencyAmount !== null ? new Money(currencyAmount, currency) : undefined;

/** RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
function csvText(value: string | null): string {
  const text = value ?? "";
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const roots: Readonly<Record<AccountType, string>> = {
  asset: "assets",
  liability: "liabilities",
  equity: "equity",
  income: "income",
  expense: "expenses",
};

const accountOf = ({ type, code, name }: ExportedEntry["lines"][number]): string => `${roots[type]}:${plain(`${code} ${name}`)}`;

/** hledger's journal format (hledger 1.x manual, "Journal"), within what Ledger 3 reads too. */
export function toHledger(entries: readonly ExportedEntry[], title: ExportTitle): string {
  const sample = new Money(1000n * 10n ** BigInt(currencyDecimals(title.currency as Currency)), title.currency);
  const head = [
    `; ${plain(title.books)}, ${title.from} to ${title.to}`,
    `commodity ${title.currency}`,
    // A number without decimals keeps its point, so that it is not read as a group of three.
    `  format ${sample.amount.includes(".") ? sample.amount : `${sample.amount}.`} ${title.currency}`,
    "",
    // What is declared is checked by `hledger --strict`.
    ...[...new Set(entries.flatMap((entry) => entry.lines.map(accountOf)))].toSorted().map((account) => `account ${account}`),
    "",
  ];
  const body = entries.flatMap((entry) => [
    `${entry.day} (${entry.number}) ${plain(entry.title)}${entry.reference ? `  ; reference ${plain(entry.reference)}` : ""}`,
    ...entry.lines.map((line) => {
      const said = [foreignOf(line)?.toString() ?? null, line.text, line.party, line.unit];
      const note = said.filter((text): text is string => text !== null && text !== entry.title).map(plain);
      const amount = new Money(line.amount, title.currency).toString();
      return `    ${accountOf(line)}  ${amount}${note.length > 0 ? `  ; ${note.join(", ")}` : ""}`;
    }),
    "",
  ]);
  return [...head, ...body].join("\n");
}

/** Text without the signs that mean something in a journal: comments, tags, dates in brackets, payees, and double blanks. */
const plain = (text: string): string =>
  text.replace(/[;|]/g, ",").replace(/:/g, " ").replace(/\[/g, "(").replace(/\]/g, ")").replace(/\s+/g, " ").trim();
