// Which lines a rule of the company fits: amounts count in its own currency, and no line is booked to the account that it lies on.
import { expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type BankRule, ruleFits } from "./bank-rule.rules.ts";

const rule = (more: Partial<BankRule> = {}): BankRule => ({
  id: newId(),
  name: "Charges",
  position: 10,
  direction: null,
  textWords: ["charges"],
  nameWords: [],
  accountNumber: null,
  currency: "EUR",
  amountFrom: null,
  amountUntil: null,
  accountCode: "6560",
  account: "6560 Bank charges",
  unitId: null,
  partyId: null,
  taxCode: null,
  dimensions: {},
  text: null,
  ...more,
});
const line = (amount: string, currency = "EUR") => ({
  amount: Money.parse(amount, currency),
  texts: ["Charges of November"],
  names: [],
  accounts: [],
  ledgerAccount: "1120",
});
const upToFive = { amountUntil: 500n };

test.each([
  ["its words", rule(), line("-4.90"), true],
  ["an amount within its bounds", rule(upToFive), line("-5.00"), true],
  ["an amount beyond them", rule(upToFive), line("-5.01"), false],
  ["an amount in another currency", rule(upToFive), line("-4.90", "USD"), false],
  ["any currency without bounds", rule(), line("-4.90", "USD"), true],
  ["the account that the line lies on", rule({ accountCode: "1120" }), line("-4.90"), false],
])("%s", (_, one, told, expected) => {
  expect(ruleFits(one, told)).toBe(expected);
});
