// Entries that several people post at the same moment: one transaction for many, each with its own author, key, answer, refusal and trail.
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../../../platform/database/sql.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { postJournalEntry } from "./entry.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const entry = (text: string, amount = "10.00", account = "6540") => ({
  day: "2026-03-05",
  text,
  lines: [
    { accountId: books.account(account), debit: eur(amount) },
    { accountId: books.account("1120"), credit: eur("10.00") },
  ],
});
const post = (input: object, actor: Actor, key: string) => books.house.run(postJournalEntry, input, actor, { key });
const entries = async () =>
  (
    (await books.house.call("finance.journalEntry.list", { sort: "number", limit: 200 }, books.chief)) as {
      rows: Record<string, unknown>[];
    }
  ).rows;

test("thirty-two at once: the fit posted under their own names, the unfit refused in their own words, keys answer twice", async () => {
  const stranger = await books.house.person("Stefan Stranger", "finance.viewer");
  const wishes = Array.from({ length: 32 }, (_, index) => {
    const actor = index % 2 === 0 ? books.chief : books.accountant;
    if (index === 7) return post(entry("unbalanced", "11.00"), actor, `k${index}`);
    if (index === 9) return post(entry("a group", "10.00", "6500"), actor, `k${index}`);
    if (index === 11) return post(entry("not permitted"), stranger, `k${index}`);
    // The same wish twice in one moment, under one key.
    if (index === 13) return post(entry("12"), books.chief, "k12");
    if (index === 15) return post(entry("something else"), books.chief, "k14");
    return post(entry(String(index)), actor, `k${index}`);
  });
  const settled = await Promise.allSettled(wishes);
  const codes = settled.map((one) =>
    one.status === "rejected" ? ((one.reason as { code?: string }).code ?? (one.reason as Error).name) : "posted",
  );
  expect(codes.flatMap((code, index) => (code === "posted" ? [] : [[index, code]]))).toEqual([
    [7, "entryUnbalanced"],
    [9, "accountIsGroup"],
    [11, "NotPermitted"],
    [15, "idempotencyKeyReused"],
  ]);
  const answer = (index: number) => (settled[index] as PromiseFulfilledResult<unknown>).value;
  expect(answer(13)).toEqual(answer(12));

  const rows = await entries();
  expect(rows).toHaveLength(27);
  expect(rows.map((row) => row["number"])).toEqual(rows.map((_, index) => `GEN-2026-${String(index + 1).padStart(5, "0")}`));
  for (const row of rows) expect(row["postedBy"]).toBe(Number(row["text"]) % 2 === 0 ? "Carla Chief" : "Arno Accountant");
  expect(await books.breaks()).toEqual([]);

  // Asked again with the same keys, everyone is told what they were told, and nothing is posted.
  expect(await post(entry("4"), books.chief, "k4")).toEqual(answer(4));
  expect(await entries()).toHaveLength(27);
});

test("a key tells the same again, though the same wish would be refused by now", async () => {
  const wish = entry("before it was retired", "10.00", "6530");
  const first = await post(wish, books.chief, "again");
  await books.house.call("finance.account.retire", { accountId: books.account("6530"), from: "2026-03-01" }, books.chief);
  await expect(post(wish, books.chief, "anew")).rejects.toMatchObject({ code: "accountRetired" });
  expect(await post(wish, books.chief, "again")).toEqual(first);
});

test("each has a row of their own in the trail", async () => {
  const [row] = (await entries()).filter((one) => one["text"] === "5");
  const trail = await books.house.funnel.read({ tenantId: books.house.tenantId, actor: books.chief }, (context) =>
    context.db.rows(sql`
      select actor_name, operation, key, output->>'number' as number from platform.operation_log
      where tenant_id = ${context.tenantId} and object_ids @> ${[row!["id"]]}::uuid[]`),
  );
  expect(trail).toEqual([{ actorName: "Arno Accountant", operation: "finance.journalEntry.post", key: "k5", number: row!["number"] }]);
});

test("a policy on it: of many at once the small are posted, the large wait each by itself, and a key tells the same again", async () => {
  const olga = await books.house.person("Olga Owner");
  const large = { field: "lines.debit", is: "atLeast", amount: { amount: "1000.00", currency: "EUR" } };
  const step = { approvers: [{ kind: "person", personId: books.chief.personId }] };
  const policy = { name: "Large entries", operation: "finance.journalEntry.post", conditions: [large], steps: [step], from: "2026-01-01" };
  const { id: approvalPolicyId } = await books.house.call("office.approvalPolicy.create", policy, olga);
  const before = (await entries()).length;
  const balanced = (text: string, amount: string) => {
    const { lines, ...rest } = entry(text, amount);
    return { ...rest, lines: [lines[0]!, { accountId: books.account("1120"), credit: eur(amount) }] };
  };
  const wishes = () =>
    Array.from({ length: 12 }, (_, index) =>
      post(balanced(`gate ${index}`, index % 3 === 0 ? "5000.00" : "20.00"), books.accountant, `gate${index}`),
    );
  const [first, again] = [await Promise.allSettled(wishes()), await Promise.allSettled(wishes())];
  const told = (settled: PromiseSettledResult<unknown>[]) =>
    settled.map((one) =>
      one.status === "fulfilled" ? "posted" : (one.reason as { facts: { record: { subject: string; id: string } } }).facts.record,
    );
  const waits = told(first).filter((one) => one !== "posted");
  expect(told(first).map((one) => one === "posted")).toEqual(Array.from({ length: 12 }, (_, index) => index % 3 !== 0));
  expect(new Set(waits.map((one) => (one as { id: string }).id)).size).toBe(4);
  expect(told(again)).toEqual(told(first));
  expect(await entries()).toHaveLength(before + 8);

  const { rows } = await books.house.call("office.approval.list", { filter: { state: "open" }, limit: 50 }, books.chief);
  expect(rows).toHaveLength(4);
  for (const one of waits as { id: string }[]) {
    await books.house.call("office.approval.decide", { approvalId: one.id, verdict: "approve" }, books.chief);
  }
  const after = await entries();
  expect(after).toHaveLength(before + 12);
  expect(after.filter((row) => String(row["text"]).startsWith("gate")).every((row) => row["postedBy"] === "Arno Accountant")).toBe(true);
  expect(await books.breaks()).toEqual([]);
  await books.house.call("office.approvalPolicy.retire", { approvalPolicyId, lastDay: "2026-11-20" }, olga);
  await post(balanced("free again", "5000.00"), books.accountant, "gate99");
});
