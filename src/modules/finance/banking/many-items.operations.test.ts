// A customer with more open items than a desk reads first: what the line pays is found wherever it stands among them.
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { issueInvoice } from "../receivables/invoice.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { listCandidates } from "./bank-line.operations.ts";
import { camt, storedFile } from "./banking.testing.ts";
import { combinedMax } from "./combination.rules.ts";
import { importBankStatement } from "./import.operations.ts";
import { proposeMatches } from "./proposal.operations.ts";

const account = "DE89370400440532013000";
const count = 2 * combinedMax;
/** Net of the invoice at this place, in whole euros: all different, and none the sum of two others. */
const net = (place: number): bigint => 1000n + BigInt(place);
const gross = (place: number): bigint => net(place) * 119n;
const euros = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;

let books: TestBooks;
const numbers: string[] = [];
const lineIds: Id[] = [];
/** All that falls due on the first forty-one days and five euros of the next; the fifty-sixth exactly; the second by its number. */
const paid = [Array.from({ length: 41 }, (_, place) => gross(place)).reduce((sum, one) => sum + one, 500n), gross(55), gross(1)];

beforeAll(async () => {
  books = await openBooks();
  const owner = await books.house.person("Olga Owner", "owner");
  const { id: customerId } = await books.house.run(createOrganisation, { name: "Acme Tools GmbH", bankAccount: account }, owner);
  await books.house.run(addRole, { partyId: customerId, role: "customer", from: "2026-01-01" }, owner);
  for (let place = 0; place < count; place++) {
    const lines = [{ description: "Work", unitPrice: eur(`${net(place)}.00`) }];
    const day = addDays("2026-08-01" as Day, place);
    numbers.push((await books.house.run(issueInvoice, { customerId, day, lines }, books.accountant)).number);
  }
  const texts = ["Collective payment", "Payment", `Invoice ${numbers[1]!}`];
  const entries = paid.map((amount, place) => ({
    amount: euros(amount),
    text: texts[place]!,
    name: "Acme Tools",
    account,
    reference: `BR-${place}`,
  }));
  const closing = euros(paid.reduce((sum, one) => sum + one, 0n));
  const file = camt({ iban: "DE12500105170648489890", id: "MANY", opening: "0.00", closing, entries });
  await books.house.run(
    importBankStatement,
    { fileId: await storedFile(books, file), bankAccountId: books.bankAccountId },
    books.accountant,
  );
  const { rows } = (await books.house.call("finance.bankLine.list", { limit: 10 }, books.chief)) as {
    rows: { id: Id; bankReference: string }[];
  };
  lineIds.push(...entries.map(({ reference }) => rows.find((row) => row.bankReference === reference)!.id));
});
afterAll(() => books.house.close());

const candidates = async (place: number) =>
  (await books.house.run(listCandidates, { bankLineId: lineIds[place] }, books.accountant)).candidates;

test("what is due first is settled as far as the money goes, however many items that are", async () => {
  const party = (await candidates(0)).find((one) => one.kind === "party")!;
  expect(party.allocations.map((one) => one.reference)).toEqual(numbers.slice(0, 42));
  expect(party.allocations.slice(0, 41).map((one) => one.amount.minor)).toEqual(Array.from({ length: 41 }, (_, place) => gross(place)));
  expect(party.allocations.at(-1)!.amount.toString()).toBe("5.00 EUR");
  expect(party.rest.minor).toBe(0n);
});

test("the item of the very amount is found behind all that are due before it", async () => {
  const [best] = await candidates(1);
  expect(best).toMatchObject({ kind: "items", strong: true, party: "Acme Tools GmbH" });
  expect(best!.allocations.map((one) => one.reference)).toEqual([numbers[55]]);
});

test("matching a whole account finds both, and says that the collective payment is for a person", async () => {
  const { lines } = await books.house.run(proposeMatches, { bankAccountId: books.bankAccountId }, books.accountant);
  expect(Object.fromEntries(lines.map((line) => [line.bankLineId, `${line.did} ${line.did === "matched" ? line.settles : ""}`]))).toEqual({
    [lineIds[0]!]: "left ",
    [lineIds[1]!]: `matched ${numbers[55]}`,
    [lineIds[2]!]: `matched ${numbers[1]}`,
  });
});
