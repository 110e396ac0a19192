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
  /** What is left by tax code, net, in minor units; and what that is in the books, where they are in another currency. */
  readonly parts: { readonly taxCodeId: Id; readonly taxCode: string; left: bigint; bookLeft: bigint | null }[];
  readonly bookCurrency: string;
}

export interface DepositNo {
  readonly code: "depositUnknown" | "depositSpent" | "depositCurrencyDiffers" | "amountNotPositive";
  readonly facts: Readonly<Record<string, string>>;
  readonly path: readonly string[];
}

export interface DrawnPart {
  readonly number: string;
  readonly accountId: Id;
  readonly taxCode: string;
  readonly net: Money;
  readonly bookNet?: Money;
}

/** Takes what is wished from the deposit, from each tax code in proportion, and leaves the rest. */
export function takeDeposit(
  wish: DepositWish,
  customerId: Id,
  currency: string | undefined,
  deposit: KnownDeposit | undefined,
): DrawnPart[] | DepositNo {
  if (!deposit || deposit.customerId !== customerId) return { code: "depositUnknown", facts: {}, path: ["depositId"] };
  if ((currency ?? deposit.currency) !== deposit.currency || (wish.net && wish.net.currency !== deposit.currency)) {
    const facts = { number: deposit.number, currency: deposit.currency };
    return { code: "depositCurrencyDiffers", facts, path: ["depositId"] };
  }
  const parts = deposit.parts.filter((part) => part.left > 0n);
  const left = new Money(
    parts.reduce((sum, part) => sum + part.left, 0n),
    deposit.currency,
  );
  const net = wish.net ?? left;
  if (wish.net && wish.net.minor <= 0n) return { code: "amountNotPositive", facts: {}, path: ["net"] };
  if (left.minor === 0n || net.compare(left) > 0) {
    return { code: "depositSpent", facts: { number: deposit.number, left: left.toString() }, path: ["net"] };
  }
  return net.allocate(parts.map((part) => part.left)).flatMap((share, index) => {
    const part = parts[index]!;
    const bookNet = takeInBooks(part, share.minor, deposit.bookCurrency);
    return share.minor === 0n ? [] : [{ number: deposit.number, accountId: deposit.accountId, taxCode: part.taxCode, net: share, bookNet }];
  });
}

/** Takes so much of a part; with the last of it goes the last cent in the books. */
function takeInBooks(part: KnownDeposit["parts"][number], net: bigint, bookCurrency: string): Money | undefined {
  const { left, bookLeft } = part;
  part.left -= net;
  if (bookLeft === null) return undefined;
  const [taken] = new Money(bookLeft, bookCurrency).allocate([net, left - net]);
  part.bookLeft = bookLeft - taken!.minor;
  return taken;
}

/** Lines that credit a deposit take back what it came into the books with, as far as it is left. */
export function creditedInBooks<Line extends { readonly taxCodeId: Id; readonly bookNet?: Money }>(
  lines: readonly Line[],
  nets: readonly Money[],
  deposit: KnownDeposit,
): Line[] {
  const parts = deposit.parts.map((part) => ({ ...part }));
  return lines.map((line, index) => {
    const part = parts.find((one) => one.taxCodeId === line.taxCodeId);
    const { minor } = nets[index]!;
    const isLeft = part !== undefined && minor > 0n && minor <= part.left;
    return isLeft ? { ...line, bookNet: takeInBooks(part, minor, deposit.bookCurrency) } : line;
  });
}

/** The lines by which an invoice takes a deposit off. */
export const drawnLines = (depositId: Id, parts: readonly DrawnPart[]) =>
  parts.map(({ number, accountId, taxCode, net, bookNet }) => ({
    description: `Deposit ${number}`,
    quantity: "1",
    unitPrice: net.negated(),
    accountId,
    taxCode,
    depositId,
    bookNet: bookNet?.negated(),
    isTaxChosen: true,
  }));
