// What a ledger shows between two fiscal years.
import { expect, test } from "vitest";
import { withCarried } from "./ledger.rules.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const line = (id: string, day: string, amount: string, balance: string) => ({
  id,
  day,
  debit: amount.startsWith("-") ? null : eur(amount),
  credit: amount.startsWith("-") ? eur(amount.slice(1)) : null,
  balance: eur(balance),
});

const november = line("a", "2025-11-03", "30.00", "130.00");
const december = line("b", "2025-12-03", "-10.00", "120.00");
const january = line("c", "2026-01-03", "7.50", "7.50");
const sameDay = line("d", "2026-01-03", "2.50", "10.00");

test("an expense begins anew with the year: what was carried stands before its first line, as much as stood there", () => {
  expect(withCarried([november, december, january, sameDay], eur("100.00"))).toEqual([
    november,
    december,
    { id: "carried-c", carried: eur("-120.00"), balance: eur("0.00") },
    january,
    sameDay,
  ]);
});

test("it stands first where the old year has only an opening balance, and nowhere within a year", () => {
  expect(withCarried([january, sameDay], eur("100.00"))).toEqual([
    { id: "carried-c", carried: eur("-100.00"), balance: eur("0.00") },
    january,
    sameDay,
  ]);
  expect(withCarried([november, december], eur("100.00"))).toEqual([november, december]);
  expect(withCarried([], eur("100.00"))).toEqual([]);
});

test("retained earnings take a profit with the new year, which is a credit", () => {
  const drawn = line("e", "2026-02-01", "40.00", "-260.00");
  expect(withCarried([drawn], eur("0.00"))).toEqual([{ id: "carried-e", carried: eur("-300.00"), balance: eur("-300.00") }, drawn]);
});
