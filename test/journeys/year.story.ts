// The words the year is told in: what Arno does again and again, and what later chapters speak of by name.
import { eur, openYear, type Row, type YearCompany } from "./year.company.ts";

// The company opens before the first chapter, and every chapter goes on where the one before ended.
export let year: YearCompany;
export const begin = async (): Promise<void> => {
  year = await openYear();
};

export const does: YearCompany["does"] = (...wish) => year.does(...wish);
export const rows: YearCompany["rows"] = (...wish) => year.rows(...wish);
export const one = async (register: string, filter: object): Promise<Row> => (await rows(register, filter))[0]!;
export const amountOf = (value: unknown): string => (value as { amount: string }).amount;
export const known: Record<string, string> = {};
/** Reports as they were when a span was closed. */
export const told: Record<string, Readonly<Record<string, string>>> = {};
export const id = (name: string): string => known[name] ?? `nobody named ${name}`;

export async function invoice(
  name: string,
  party: "nordlicht" | "weber" | "sauer" | "seaside",
  net: string,
  more: object = {},
): Promise<Row> {
  const lines = [{ description: `Work: ${name}`, unitPrice: eur(net) }];
  const issued = await does("arno", "finance.invoice.issue", { customerId: year.parties[party], lines, ...more });
  known[name] = String(issued["id"]);
  known[`${name} number`] = String(issued["number"]);
  return issued;
}

/** Arno enters it, Carla approves it, Arno posts it. */
export async function bill(
  name: string,
  party: "papier" | "versicherung" | "stadtwerke" | "silicon",
  line: object,
  more: object,
): Promise<void> {
  const paper = { supplierId: year.parties[party], supplierNumber: name, lines: [{ description: name, ...line }], ...more };
  known[name] = String((await does("arno", "finance.bill.create", paper))["id"]);
  await does("carla", "finance.bill.approve", { billId: id(name) });
  await does("arno", "finance.bill.post", { billId: id(name) });
}

export const openOf = async (documentId: string): Promise<string[]> =>
  (await rows("finance.openItem", { documentId }, "dueDay")).map((item) => amountOf(item["open"]));
export const itemOf = async (filter: object): Promise<string> => String((await one("finance.openItem", filter))["id"]);
export const lineOf = async (amount: string, bankAccountId = year.bankId): Promise<Row> =>
  (await rows("finance.bankLine", { bankAccountId })).find((line) => amountOf(line["amount"]) === amount)!;
export const match = async (amount: string, how: object): Promise<Row> =>
  does("arno", "finance.bankLine.match", { bankLineId: (await lineOf(amount))["id"], ...how });
