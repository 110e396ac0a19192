// The parts that someone plays today: by the roles they hold, and by the work they answer for or stand in for.
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Home } from "../../../platform/operation/module.ts";
import { parts, partsOf } from "./part.ts";
import { resolveHolders } from "./resolve.ts";

const asked = [...new Set(parts.flatMap((part) => part.activities))].map((activity) => ({ activity }));

export async function homesOf(context: ReadContext): Promise<readonly Home[]> {
  const { personId, grants } = context.actor;
  const holders = personId === null ? [] : await resolveHolders(context, asked);
  // What falls to the owner because nobody has it is one line of the founder's home, not all the others'.
  const theirs = holders.flatMap((one, index) => (one.personId === personId && !isFallback(one.via) ? [asked[index]!.activity] : []));
  return partsOf(new Set(grants.map((grant) => grant.role)), new Set(theirs));
}

const isFallback = (via: string): boolean => /(^|is the )(owner of the company|first member)/.test(via);
