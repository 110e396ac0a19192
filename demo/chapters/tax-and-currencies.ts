// Tax as it is filed month by month, sales to businesses elsewhere in the EU, and dealings in dollars and pounds.
import { addDays, addMonths, type Day, startOfMonth, weekdayOf } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { chance, known, type Story, tell } from "../story.ts";

const accountant = "Tomas Keller";
const head = "Ingrid Sommer";

export async function taxAndCurrenciesChapter(story: Story): Promise<void> {
  await taxCodes(story);
  await rates(story);
  await dealings(story);
  await returns(story);
}

/** The boxes of the German advance return. */
async function taxCodes(story: Story): Promise<void> {
  const { rows } = await tell<{ rows: { id: Id; code: string }[] }>(story, "finance.taxCode.list", { limit: 50 });
  const idOf = (code: string): Id => rows.find((row) => row.code === code)!.id;
  const boxes = (code: string, more: object) => tell(story, "finance.taxCode.setBoxes", { taxCodeId: idOf(code), ...more }, head);
  await boxes("standard", { outputBaseBox: "81", outputTaxBox: "81 tax", inputTaxBox: "66" });
  await boxes("reduced", { outputBaseBox: "86", outputTaxBox: "86 tax", inputTaxBox: "66" });
  const from = startOfMonth(addMonths(story.today, -12));
  const common = { percent: "0", from, ecSupply: "goods" };
  const euGoods = { code: "eu-goods", name: "Goods to businesses in the EU", outputBaseBox: "41", ...common };
  const { id: toCodeId } = await tell(story, "finance.taxCode.create", euGoods, head);
  const reverse = { code: "reverse", name: "Reverse charge", percent: "19", from, reverseCharge: true };
  await tell(story, "finance.taxCode.create", { ...reverse, outputBaseBox: "84", outputTaxBox: "85", inputTaxBox: "67" }, head);
  const rule = { name: "Goods to businesses in the EU", side: "output", toCodeId, place: "otherEu", businessOnly: true };
  await tell(story, "finance.taxRule.create", { ...rule, from: startOfMonth(story.today) }, head);
}

/** A quarter of reference rates, told each working day; the last of each month is its closing rate. */
async function rates(story: Story): Promise<void> {
  const lines = ["day,base,currency,rate,kind"];
  const pairs = [
    ["USD", 10_850],
    ["GBP", 8_420],
    ["CHF", 9_370],
  ] as const;
  const days = Array.from({ length: 100 }, (_, index) => addDays(story.today, index - 99)).filter((day) => weekdayOf(day) < 6);
  for (const [place, [currency, usual]] of pairs.entries()) {
    let level = usual;
    for (const [index, day] of days.entries()) {
      level += chance(place * 1000 + index, 81) - 40;
      const rate = `${Math.floor(level / 10_000)}.${String(level % 10_000).padStart(4, "0")}`;
      lines.push(`${day},EUR,${currency},${rate},spot`);
      if (days[index + 1] && startOfMonth(days[index + 1]!) !== startOfMonth(day)) lines.push(`${day},EUR,${currency},${rate},closing`);
    }
  }
  const bytes = new TextEncoder().encode(lines.join("\n"));
  const keep = async (context: { writeFile(name: string, type: string, bytes: Uint8Array): Promise<Id> }): Promise<Id> =>
    context.writeFile("rates.csv", "text/csv", bytes);
  const fileId = await story.funnel.work(story.tenantId, keep, story.today);
  await tell(story, "finance.exchangeRate.import", { fileId, source: "Reference rates of the demo" }, accountant);
}

async function party(story: Story, name: string, role: string, country: string, city: string, taxNumber?: string): Promise<Id> {
  const since = startOfMonth(addMonths(story.today, -12));
  return (await tell(story, "directory.organisation.create", { name, roles: [role], country, city, taxNumber }, undefined, since)).id;
}

async function dealings(story: Story): Promise<void> {
  const lastMonth = startOfMonth(addMonths(story.today, -1));
  const thisMonth = startOfMonth(story.today);
  const usd = (amount: string) => ({ amount, currency: "USD" });
  const gbp = (amount: string) => ({ amount, currency: "GBP" });
  const supplier = await party(story, "Pacific Sensors Inc.", "supplier", "US", "San Jose");
  const bill = async (supplierNumber: string, day: Day, net: object): Promise<void> => {
    const lines = [{ description: "Sensor boards", net, taxCode: "exempt", accountId: known(story, "account/5110") }];
    const { id } = await tell(story, "finance.bill.create", { supplierId: supplier, supplierNumber, day, lines }, accountant, day);
    await tell(story, "finance.bill.approve", { billId: id }, head, day);
    await tell(story, "finance.bill.post", { billId: id }, accountant, day);
  };
  await bill("PS-20418", addDays(lastMonth, 4), usd("12480.00"));
  await bill("PS-20466", addDays(lastMonth, 17), usd("8315.50"));
  const invoice = async (customerId: Id, day: Day, unitPrice: object, taxCode: string): Promise<void> => {
    const lines = [{ description: "Measuring lenses, series M", quantity: "4", unitPrice, taxCode }];
    const { id } = await tell(story, "finance.invoice.create", { customerId, day, lines }, accountant, day);
    await tell(story, "finance.invoice.post", { invoiceId: id }, accountant, day);
  };
  const british = await party(story, "Brunel Instruments Ltd", "customer", "GB", "Bristol");
  await invoice(british, addDays(lastMonth, 8), gbp("2140.00"), "exempt");
  const french = await party(story, "Optique de Lyon SARL", "customer", "FR", "Lyon", "FR40303265045");
  await invoice(french, thisMonth, { amount: "1890.00", currency: "EUR" }, "standard");
}

/** Filed on the tenth of the month after, until the last but one. */
async function returns(story: Story): Promise<void> {
  const lastMonth = startOfMonth(addMonths(story.today, -1));
  for (;;) {
    const next = await tell<{ from: Day; to: Day }>(story, "finance.taxReturn.get", {}, head);
    if (next.to >= lastMonth) return;
    await tell(story, "finance.taxReturn.file", { to: next.to }, head, addDays(next.to, 10));
  }
}
