// Paying suppliers: their bank accounts, one of them new and cooling off, a bill on hold, one with a discount, one with its paper, and the
// week's payment run waiting for a second person.
import { addDays } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { pdfOf } from "../../src/platform/files/pdf.ts";
import { suppliers } from "../company.ts";
import { known, type Story, tell } from "../story.ts";

const accountant = "Tomas Keller";
const head = "Ingrid Sommer";
/** The first wants a new account now; the second sent a letter nobody has looked at yet. */
const [movedTo, letterOf] = ["Spedition Thalberg", "Bürowelt Lange GmbH"];

export async function paymentRunChapter(story: Story): Promise<void> {
  for (const [index, [name]] of suppliers.entries()) await accountOf(story, name, 1_000_000 + index * 7919, addDays(story.today, -90));
  await accountOf(story, movedTo, 7_654_321, addDays(story.today, -1));
  await propose(story, letterOf, 8_765_432, story.today);
  await discountedBill(story);
  await billWithPaper(story);
  await holdOne(story);
  const bankAccountId = known(story, "bank");
  const wish = { bankAccountId, payDay: addDays(story.today, 1), dueUntil: addDays(story.today, 18) };
  const made = await tell<{ id: Id }>(story, "finance.paymentRun.create", wish, accountant);
  await tell(story, "finance.paymentRun.submit", { paymentRunId: made.id }, accountant);
}

async function propose(story: Story, name: string, account: number, on: typeof story.today): Promise<Id> {
  const input = {
    supplierId: known(story, `supplier/${name}`),
    iban: germanIban("20050550", account),
    evidence: "Letter of the supplier, with the stamp of the bank.",
  };
  return (await tell(story, "finance.supplierBankAccount.propose", input, accountant, on)).id;
}

async function accountOf(story: Story, name: string, account: number, on: typeof story.today): Promise<void> {
  const supplierBankAccountId = await propose(story, name, account, on);
  const evidence = `Called ${name} on the number in our contract; the bookkeeping there read the number back.`;
  await tell(story, "finance.supplierBankAccount.approve", { supplierBankAccountId, evidence }, head, on);
}

/** Bank code and account with the check digits of ISO 13616. */
function germanIban(bankCode: string, account: number): string {
  const plain = bankCode + String(account).padStart(10, "0");
  const check = 98n - (BigInt(`${plain}131400`) % 97n);
  return `DE${String(check).padStart(2, "0")}${plain}`;
}

const line = (story: Story, description: string, net: string, account: string) => ({
  description,
  net: { amount: net, currency: "EUR" },
  accountId: known(story, `account/${account}`),
});

async function discountedBill(story: Story): Promise<void> {
  const day = addDays(story.today, -6);
  const bill = {
    supplierId: known(story, "supplier/Vakuumtechnik Nord GmbH"),
    supplierNumber: "VN-20931",
    day,
    dueDay: addDays(day, 30),
    discountDay: addDays(day, 10),
    discountPercent: "2",
    paymentReference: "RF18 5390 0754 7034",
    lines: [line(story, "Vacuum pump, spare seals", "3480.00", "5110")],
  };
  const { id: billId } = await tell(story, "finance.bill.create", bill, accountant, day);
  await tell(story, "finance.bill.approve", { billId }, head, addDays(day, 1));
  await tell(story, "finance.bill.post", { billId }, accountant, addDays(day, 1));
}

const paper = `
#let bill = json(bytes(sys.inputs.at("values")))
#set page(paper: "a4", margin: 24mm)
#set text(size: 10.5pt, lang: "de")
#align(right)[#text(size: 17pt, weight: "bold")[#bill.from] \\ Alsterufer 12, 20354 Hamburg]
#v(22mm)
#bill.to
#v(18mm)
#text(size: 15pt, weight: "bold")[Rechnung #bill.number]
#grid(columns: (36mm, auto), row-gutter: 2.4mm, [Datum], [#bill.day], [Zahlbar bis], [#bill.due])
#v(8mm)
#table(columns: (1fr, auto), align: (left, right), stroke: none, inset: (y: 2mm),
  table.hline(), [*Leistung*], [*EUR*], table.hline(stroke: 0.4pt),
  ..bill.lines.map(line => (line.text, line.net)).flatten(),
  table.hline(stroke: 0.4pt), [Netto], [#bill.net], [19 % Umsatzsteuer], [#bill.tax], table.hline(),
  [*Zu zahlen*], [*#bill.total*], table.hline())
#v(8mm)
Bitte nennen Sie bei der Zahlung unsere Rechnungsnummer.
`;

async function billWithPaper(story: Story): Promise<void> {
  const day = addDays(story.today, -2);
  const from = "Kanzlei Brandt & Partner";
  const lines = [
    { text: "Beratung Arbeitsvertrag", net: "1.200,00" },
    { text: "Prüfung Liefervertrag", net: "840,00" },
  ];
  const sums = { net: "2.040,00", tax: "387,60", total: "2.427,60" };
  const bytes = pdfOf(paper, { from, to: "Lindholm Optics GmbH", number: "2026-1184", day, due: addDays(day, 14), lines, ...sums });
  const fileId = await story.funnel.work(
    story.tenantId,
    (context) => context.writeFile("Rechnung 2026-1184.pdf", "application/pdf", bytes),
    story.today,
  );
  const bill = {
    supplierId: known(story, `supplier/${from}`),
    supplierNumber: "2026-1184",
    day,
    dueDay: addDays(day, 14),
    fileId,
    lines: [
      line(story, "Advice on a contract of employment", "1200.00", "6520"),
      line(story, "Review of a supply contract", "840.00", "6520"),
    ],
  };
  await tell(story, "finance.bill.create", bill, accountant, day);
}

async function holdOne(story: Story): Promise<void> {
  const asked = { filter: { state: "open|overdue" }, sort: "dueDay", limit: 20 };
  const { rows } = await tell<{ rows: { id: Id; supplier: string }[] }>(story, "finance.bill.list", asked, accountant);
  const bill = rows.find((row) => row.supplier.startsWith("CloudWerk"));
  if (!bill) return;
  const reason = "Two of the machines billed were switched off in October; a credit note is promised.";
  await tell(story, "finance.bill.hold", { billId: bill.id, reason, until: addDays(story.today, 14) }, accountant);
}
