// Whom a preset finds: the first of its roles that someone holds at the nearest scope, the longest holder first.
import type { Id } from "../../../kernel/id.ts";

export interface Granted {
  readonly personId: Id;
  readonly role: string;
  /** Null when it holds everywhere. */
  readonly scopeId: Id | null;
}

/** `grants` come with the longest-held first; `scopes` from the nearest to the whole company. */
export function holderByRole(
  grants: readonly Granted[],
  roles: readonly string[],
  scopes: readonly Id[],
): { readonly personId: Id; readonly via: string } | undefined {
  const distance = ({ scopeId }: Granted): number => (scopeId === null ? scopes.length : scopes.indexOf(scopeId));
  for (const role of roles) {
    const [nearest] = grants.filter((one) => one.role === role && distance(one) >= 0).toSorted((a, b) => distance(a) - distance(b));
    if (nearest) return { personId: nearest.personId, via: role === "owner" ? "owner of the company" : `holds the role ${role}` };
  }
  return undefined;
}
