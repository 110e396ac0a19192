// A year of books: opening balances, invoices and bills month by month, and their payments until two weeks ago.
import { addDays, addMonths, type Day, daysBetween, earlier, startOfMonth, startOfYear, yearOf } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { Money } from "../../src/kernel/money.ts";
import { customers } from "../company.ts";
import { chance, known, type Story, tell } from "../story.ts";

const accountant = "Tomas Keller";
const head = "Ingrid Sommer";
const euro = (amount: bigint): { amount: string; currency: string } => new Money(amount * 100n, "EUR").toJSON();

export const monthsOfBooks = 12;
export const bankNumber = "DE02120300000000202051";

export async function booksChapter(story: Story): Promise<void> {
  const start = startOfMonth(addMonths(story.today, -monthsOfBooks));
  await tell(
    story,
    "finance.setup.create",
    { legalEntityId: known(story, "entity"), currency: "EUR", fiscalYearStart: startOfYear(start) },
    head,
    start,
  );
  await noteAccounts(story);
  await bank(story);
  await opening(story, start);
  for (let month = start; month <= story.today; month = addMonths(month, 1)) {
    await invoicesOf(story, month);
    await billsOf(story, month);
  }
}

async function noteAccounts(story: Story): Promise<void> {
  const { rows } = await tell<{ rows: { id: Id; code: string }[] }>(story, "finance.account.list", { limit: 500 });
  for (const account of rows) story.known.set(`account/${account.code}`, account.id);
}

async function bank(story: Story): Promise<void> {
  const { rows } = await tell<{ rows: { id: Id }[] }>(story, "finance.bankAccount.list", { limit: 10 });
  const found: { id: Id } =
    rows[0] ??
    (await tell(
      story,
      "finance.bankAccount.create",
      { code: "MAIN", name: "Current account", accountId: known(story, "account/1120") },
      head,
    ));
  story.known.set("bank", found.id);
  await tell(story, "finance.bankAccount.identify", { bankAccountId: found.id, number: bankNumber }, head);
}

async function opening(story: Story, day: Day): Promise<void> {
  const line = (code: string, debit?: bigint, credit?: bigint) => ({
    accountId: known(story, `account/${code}`),
    ...(debit ? { debit: euro(debit) } : {}),
    ...(credit ? { credit: euro(credit) } : {}),
  });
  const lines = [
    line("1120", 612_400n),
    line("1510", 188_000n),
    line("1520", 64_000n),
    line("1530", 41_000n),
    line("1590", undefined, 96_000n),
    line("3110", undefined, 250_000n),
    line("3200", undefined, 559_400n),
  ];
  await tell(
    story,
    "finance.journalEntry.post",
    { day, text: "Opening balances taken over from the former program", lines },
    accountant,
    day,
  );
}

const products = [
  ["Measuring lens ML-40", 1_480n],
  ["Measuring lens ML-80", 2_960n],
  ["Telecentric objective TO-12", 5_400n],
  ["Calibration service", 780n],
  ["Coating order", 1_950n],
] as const;

/** About sixteen invoices a month; most customers pay on time, one in nine late, what is younger than two weeks not yet. */
async function invoicesOf(story: Story, month: Day): Promise<void> {
  for (const [index, [name]] of customers.entries()) {
    const key = index * 31 + Number(month.slice(5, 7)) * 7;
    if (chance(key, 10) < 2) continue;
    const day = addDays(month, 1 + chance(key + 1, 26));
    if (day > story.today) continue;
    const lines = [0, 1].slice(0, 1 + chance(key + 2, 2)).map((extra) => {
      const [description, price] = products[(key + extra) % products.length]!;
      return {
        description,
        quantity: String(2 + chance(key + 3 + extra, 9)),
        unitPrice: euro(price),
        accountId: known(story, "account/4120"),
      };
    });
    const made = await tell<{ id: Id }>(
      story,
      "finance.invoice.create",
      { customerId: known(story, `customer/${name}`), day, lines },
      accountant,
      day,
    );
    await tell(story, "finance.invoice.post", { invoiceId: made.id }, accountant, day);
    const paidOn = addDays(day, 18 + chance(key + 5, 14) + (chance(key + 6, 9) === 0 ? 40 : 0));
    if (daysBetween(paidOn, story.today) < 14) continue;
    await tell(
      story,
      "finance.invoice.recordPayment",
      { invoiceId: made.id, bankAccountId: known(story, "bank"), day: paidOn },
      accountant,
      paidOn,
    );
  }
}

interface Cost {
  readonly supplier: string;
  readonly text: string;
  readonly account: string;
  readonly net: bigint;
  /** Every so many months. */
  readonly every: number;
}

const costs: readonly Cost[] = [
  { supplier: "Schottland Glaswerke GmbH", text: "Glass blanks", account: "5110", net: 46_200n, every: 1 },
  { supplier: "Carbide Tools AG", text: "Grinding tools", account: "5110", net: 11_800n, every: 1 },
  { supplier: "Hafen Immobilien KG", text: "Rent, Hamburg office", account: "6210", net: 12_600n, every: 1 },
  { supplier: "Saaleblick Gewerbepark GmbH", text: "Rent, Jena works", account: "6210", net: 17_900n, every: 1 },
  { supplier: "Thüringer Energie AG", text: "Electricity and heat", account: "6220", net: 9_300n, every: 1 },
  { supplier: "NetzNord Telekom GmbH", text: "Telephone and internet", account: "6320", net: 1_140n, every: 1 },
  { supplier: "Blitzblank Reinigung GmbH", text: "Cleaning", account: "6230", net: 2_450n, every: 1 },
  { supplier: "CloudWerk SE", text: "Software and hosting", account: "6310", net: 5_870n, every: 1 },
  { supplier: "Bürowelt Lange GmbH", text: "Office supplies", account: "6540", net: 890n, every: 2 },
  { supplier: "Spedition Thalberg", text: "Freight", account: "5120", net: 4_300n, every: 1 },
  { supplier: "Messe Hannover Service GmbH", text: "Trade fair", account: "6510", net: 14_500n, every: 6 },
  { supplier: "Hanse Versicherung AG", text: "Insurance of the year", account: "6530", net: 21_400n, every: 12 },
  { supplier: "Kanzlei Brandt & Partner", text: "Legal advice", account: "6520", net: 3_200n, every: 3 },
  { supplier: "Vakuumtechnik Nord GmbH", text: "Vacuum pump", account: "1510", net: 18_700n, every: 6 },
];

async function billsOf(story: Story, month: Day): Promise<void> {
  const number = yearOf(month) * 12 + Number(month.slice(5, 7));
  for (const [index, cost] of costs.entries()) {
    if (number % cost.every !== 0) continue;
    const day = addDays(month, 2 + ((index * 5) % 20));
    if (day > story.today) continue;
    const net = euro(cost.net + BigInt(chance(number * 17 + index, 9)) * (cost.net / 100n));
    const made = await tell<{ id: Id }>(
      story,
      "finance.bill.create",
      {
        supplierId: known(story, `supplier/${cost.supplier}`),
        supplierNumber: `${month.slice(2, 4)}${month.slice(5, 7)}-${String(index + 1).padStart(3, "0")}`,
        day,
        lines: [{ description: cost.text, net, accountId: known(story, `account/${cost.account}`) }],
      },
      accountant,
      day,
    );
    // The newest bills still wait for the head of finance.
    if (daysBetween(day, story.today) < 4) continue;
    const approvedOn = earlier(addDays(day, 2), story.today);
    await tell(story, "finance.bill.approve", { billId: made.id }, head, approvedOn);
    await tell(story, "finance.bill.post", { billId: made.id }, accountant, approvedOn);
    const paidOn = addDays(day, 24);
    if (daysBetween(paidOn, story.today) < 10) continue;
    await tell(
      story,
      "finance.bill.recordPayment",
      { billId: made.id, bankAccountId: known(story, "bank"), day: paidOn },
      accountant,
      paidOn,
    );
  }
}
