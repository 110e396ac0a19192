// Who acts for whom: chains of delegations, bounded and never running in a circle. Nobody gains power over their own wish: whoever
// wishes is on no chain, neither at its ends nor in between.
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";

export interface Delegation {
  readonly id: Id;
  readonly principalId: Id;
  readonly standInId: Id;
  /** Null for every kind of work. */
  readonly activities: readonly string[] | null;
  /** The entity, unit or place, or the company itself. */
  readonly scopeId: Id;
  /** In minor units of its currency; null without limit. */
  readonly limit: { readonly minor: bigint; readonly currency: string } | null;
  /** Whoever stands in for the stand-in may act too. */
  readonly passesOn: boolean;
}

export interface Question {
  /** The kind of work; null for what one person was asked by name. */
  readonly activity: string | null;
  /** From the nearest scope to the whole company. */
  readonly scopes: readonly Id[];
  readonly amount: Money | null;
  /** Then it follows only a delegation that names the kind of work. */
  readonly confidential?: boolean;
  /** Who is on no chain: those whose wish it is. */
  readonly except?: readonly (Id | null)[];
}

/** So many stand in one for the other, at most. */
export const depthMax = 3;

export function covers(one: Delegation, { activity, scopes, amount, confidential }: Question): boolean {
  const named = activity !== null && (one.activities?.includes(activity) ?? false);
  if (one.activities === null ? confidential : !named) return false;
  return scopes.includes(one.scopeId) && isWithin(one.limit, amount);
}

/** An amount in another currency than the limit's is never within it: rates change, limits do not. */
function isWithin(limit: Delegation["limit"], amount: Money | null): boolean {
  if (limit === null || amount === null) return true;
  return limit.currency === amount.currency && amount.abs().minor <= limit.minor;
}

/** The chain from someone to whoever has their work now, empty when they have it themself. */
export function chainFrom(principalId: Id, delegations: readonly Delegation[], question: Question): Delegation[] {
  const chain: Delegation[] = [];
  const seen = new Set<Id | null>([...(question.except ?? []), principalId]);
  if (question.except?.includes(principalId)) return [];
  for (let at = principalId; chain.length < depthMax; at = chain.at(-1)!.standInId) {
    if (chain.at(-1)?.passesOn === false) break;
    const [next] = delegations
      .filter((one) => one.principalId === at && !seen.has(one.standInId) && covers(one, question))
      .toSorted((a, b) => closeness(b, question) - closeness(a, question) || (a.id < b.id ? 1 : -1));
    if (!next) break;
    seen.add(next.standInId);
    chain.push(next);
  }
  return chain;
}

/** The nearer scope before the wider one, then named work before all work. */
const closeness = (one: Delegation, { scopes }: Question): number =>
  2 * (scopes.length - scopes.indexOf(one.scopeId)) + (one.activities === null ? 0 : 1);

/** For whom someone may act, the nearest first, each with the delegation by which they do. */
export function principalsFor(
  actorId: Id,
  delegations: readonly Delegation[],
  question: Question,
): { readonly personId: Id; readonly delegationId: Id }[] {
  if (question.except?.includes(actorId)) return [];
  const seen = new Set<Id | null>([...(question.except ?? []), actorId]);
  const found: { personId: Id; delegationId: Id; depth: number }[] = [{ personId: actorId, delegationId: actorId, depth: 0 }];
  // The list grows while it is walked: each principal found is looked at in turn.
  for (const reached of found) {
    if (reached.depth === depthMax) break;
    for (const one of delegations) {
      const isLast = reached.depth === 0;
      if (one.standInId !== reached.personId || seen.has(one.principalId) || !covers(one, question)) continue;
      if (!isLast && !one.passesOn) continue;
      seen.add(one.principalId);
      found.push({ personId: one.principalId, delegationId: isLast ? one.id : reached.delegationId, depth: reached.depth + 1 });
    }
  }
  return found.slice(1).map(({ personId, delegationId }) => ({ personId, delegationId }));
}
