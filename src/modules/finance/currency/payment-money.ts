// What a payment moves: what it counts in the party's account, what moved at the bank, and what both are in the books.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { inBooks } from "./convert.rules.ts";
import { rateRefusals, ratesOn } from "./rate.ts";
import type { RateQuestion } from "./rate.rules.ts";

/** Every no of bringing a payment into the books; what records payments spreads them into its own `refuses`. */
export const paymentMoneyRefusals = {
  bankCurrencyDiffers: "This bank account is kept in {currency}. Say what moved at the bank in {currency}.",
  bankAmountDiffers: "The payment and the bank account are both in {currency}, so what moved at the bank is the amount itself.",
  allocationCurrencyDiffers:
    "What a payment settles is in its own currency, {currency}. Say in {currency} how much of each item it settles.",
  ...rateRefusals,
} as const;

export interface PaymentWish {
  /** Above zero, in the currency of what it settles. */
  readonly amount: Money;
  /** By default the amount at the day's rate. */
  readonly bankAmount?: Money;
  /** Agreed with the bank: what one unit of the bank account's currency was worth in the books'; by default the day's. */
  readonly rate?: string;
  readonly day: Day;
  readonly allocations?: readonly { readonly amount: Money }[];
}

interface KeptAt {
  readonly bookId: Id;
  readonly currency: string;
  readonly bookCurrency: string;
}

export interface PaymentMoney {
  readonly bankAmount: Money;
  readonly bookAmount: Money;
}

const no = (code: keyof typeof paymentMoneyRefusals, currency: string, field: string): Refusal =>
  new Refusal(code, word(paymentMoneyRefusals[code], { currency }), { currency }, [field]);

/** One statement for the rates of any number of payments of one set of books; none where all is in their currency. */
export async function paymentMoneys(
  context: ReadContext,
  wishes: readonly { readonly wish: PaymentWish; readonly bank: KeptAt }[],
): Promise<PaymentMoney[]> {
  const questions = wishes.map(({ wish, bank }) => ({ toBank: bankRate(wish, bank), toBooks: bookRate(wish, bank) }));
  const asked = questions.flatMap(({ toBank, toBooks }) => [toBank, toBooks].flatMap((one) => one ?? []));
  const rates = asked.length === 0 ? [] : await ratesOn(context, asked, wishes[0]!.bank.bookId);
  const rateOf = (question: RateQuestion): string => rates[asked.indexOf(question)]!.rate;
  return wishes.map(({ wish, bank }, index) => {
    const { toBank, toBooks } = questions[index]!;
    const bankAmount = toBank
      ? inBooks(wish.amount, { bookCurrency: bank.currency, rate: rateOf(toBank) })
      : (wish.bankAmount ?? wish.amount);
    const ownBooks = [bankAmount, wish.amount].find((one) => one.currency === bank.bookCurrency);
    return {
      bankAmount,
      bookAmount: ownBooks ?? inBooks(bankAmount, { bookCurrency: bank.bookCurrency, rate: wish.rate ?? rateOf(toBooks!) }),
    };
  });
}

/** The rate that is needed to know what moved at the bank. */
function bankRate(wish: PaymentWish, bank: KeptAt): RateQuestion | undefined {
  const { currency } = wish.amount;
  if (wish.allocations?.some((one) => one.amount.currency !== currency)) throw no("allocationCurrencyDiffers", currency, "allocations");
  if (wish.bankAmount && wish.bankAmount.currency !== bank.currency) throw no("bankCurrencyDiffers", bank.currency, "bankAmount");
  if (currency !== bank.currency) return wish.bankAmount ? undefined : { from: currency, to: bank.currency, day: wish.day };
  if (wish.bankAmount && !wish.bankAmount.equals(wish.amount)) throw no("bankAmountDiffers", currency, "bankAmount");
  return undefined;
}

/** The rate that is needed where neither what moved nor what is settled is in the books' currency. */
const bookRate = (wish: PaymentWish, bank: KeptAt): RateQuestion | undefined =>
  wish.rate !== undefined || bank.currency === bank.bookCurrency || wish.amount.currency === bank.bookCurrency
    ? undefined
    : { from: bank.currency, to: bank.bookCurrency, day: wish.day };
