// Who may do what: a grant of one of the operation's roles, or a question that the operation itself declares. Everything else is denied.
import type { Id } from "../../kernel/id.ts";
import type { Actor, ReadContext, ScopeKind } from "../operation/context.ts";
import type { Operation } from "../operation/operation.ts";

export interface Place {
  readonly kind: ScopeKind;
  readonly id: Id;
}

/** The owner of the company holds every role; separation of duties is checked where people decide, not here. */
export function holds(actor: Actor, role: string, place?: Place): boolean {
  if (actor.kind === "system") return true;
  return actor.grants.some(
    (grant) =>
      (grant.role === role || grant.role === "owner") &&
      (grant.scope === null || (place !== undefined && grant.scope.kind === place.kind && grant.scope.id === place.id)),
  );
}

/** What a second person must agree to first is done by the house alone: the owner's every role is no way around. */
const isOfHouse = (operation: Operation): boolean => operation.may.every((entry) => typeof entry !== "string" && entry.onlyHouse);

/** Whether the actor could run the operation on at least something: what the catalogue, the menu and the palette show. */
export function mayAtAll(actor: Actor, operation: Operation): boolean {
  if (actor.kind === "system") return true;
  if (isOfHouse(operation)) return false;
  if (operation.may.some((may) => may === "anyone" || typeof may !== "string")) return true;
  return actor.grants.some((grant) => grant.role === "owner" || operation.may.includes(grant.role));
}

/** Whether the actor may run the operation on this very input. */
export async function may(operation: Operation, input: unknown, context: ReadContext): Promise<boolean> {
  const { actor } = context;
  if (actor.kind === "system") return true;
  if (isOfHouse(operation)) return false;
  for (const entry of operation.may) {
    if (typeof entry !== "string") {
      if (await entry.self(input as never, context)) return true;
    } else if (entry === "anyone" || holds(actor, entry)) return true;
  }
  if (holds(actor, "owner")) return true;
  return mayByPlace(operation, input, context);
}

async function mayByPlace(operation: Operation, input: unknown, context: ReadContext): Promise<boolean> {
  const scoped = context.actor.grants.filter((grant) => grant.scope !== null && operation.may.includes(grant.role));
  if (scoped.length === 0) return false;
  if (operation.narrows) return true;
  if (!operation.at) return false;
  const places = await operation.at(input as never, context);
  return scoped.some((grant) => places.some((place) => place.kind === grant.scope!.kind && place.id === grant.scope!.id));
}
