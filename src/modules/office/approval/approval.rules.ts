// Who of a line may decide on a wish: nobody who wishes, and nobody whose limit the amount exceeds.
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";

export interface Candidate {
  readonly personId: Id;
  readonly via: string;
  /** In minor units of its currency; null without limit. */
  readonly limit: { readonly minor: bigint; readonly currency: string } | null;
}

export function deciders<C extends Candidate>(line: readonly C[], amount: Money | null, wishers: readonly (Id | null)[]): C[] {
  return line.filter((one) => !wishers.includes(one.personId) && isWithin(one.limit, amount));
}

/** An amount in another currency than the limit's is never within it: rates move, limits do not. */
function isWithin(limit: Candidate["limit"], amount: Money | null): boolean {
  if (limit === null || amount === null) return true;
  return limit.currency === amount.currency && amount.abs().minor <= limit.minor;
}
