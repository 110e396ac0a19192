// Deposits: money asked for before anything is delivered, held as a liability, and drawn down on the invoice for what was delivered.
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";

export interface DepositWish {
  readonly depositId: Id;
  /** Net, above zero; by default all that is left. */
  readonly net?: Money;
}

export interface KnownDeposit {
  readonly id: Id;
  readonly number: string;
  readonly customerId: Id;
  readonly currency: string;
  readonly accountId: Id;
  /** What is left by tax code, net, in minor units. */
  readonly parts: { readonly taxCode: string; left: bigint }[];
}

export interface DepositNo {
  readonly code: "depositUnknown" | "depositSpent" | "currencyDiffers" | "amountNotPositive";
  readonly facts: Readonly<Record<string, string>>;
  readonly path: readonly string[];
}

export interface DrawnPart {
  readonly number: string;
  readonly accountId: Id;
  readonly taxCode: string;
  readonly net: Money;
}

/** Takes what is wished from the deposit, from each tax code in proportion, and leaves the rest. */
export function takeDeposit(wish: DepositWish, customerId: Id, deposit: KnownDeposit | undefined): DrawnPart[] | DepositNo {
  if (!deposit || deposit.customerId !== customerId) return { code: "depositUnknown", facts: {}, path: ["depositId"] };
  const parts = deposit.parts.filter((part) => part.left > 0n);
  const left = new Money(
    parts.reduce((sum, part) => sum + part.left, 0n),
    deposit.currency,
  );
  const net = wish.net ?? left;
  if (net.currency !== deposit.currency) return { code: "currencyDiffers", facts: { currency: deposit.currency }, path: ["net"] };
  if (wish.net && wish.net.minor <= 0n) return { code: "amountNotPositive", facts: {}, path: ["net"] };
  if (left.minor === 0n || net.compare(left) > 0) {
    return { code: "depositSpent", facts: { number: deposit.number, left: left.toString() }, path: ["net"] };
  }
  return net.allocate(parts.map((part) => part.left)).flatMap((share, index) => {
    const part = parts[index]!;
    part.left -= share.minor;
    return share.minor === 0n ? [] : [{ number: deposit.number, accountId: deposit.accountId, taxCode: part.taxCode, net: share }];
  });
}

/** The lines by which an invoice takes a deposit off. */
export const drawnLines = (depositId: Id, parts: readonly DrawnPart[]) =>
  parts.map(({ number, accountId, taxCode, net }) => ({
    description: `Deposit ${number}`,
    quantity: "1",
    unitPrice: net.negated(),
    accountId,
    taxCode,
    depositId,
    isTaxChosen: true,
  }));
