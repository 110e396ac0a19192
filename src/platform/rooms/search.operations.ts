// Search across everything one may see: all registers in two statements, each with this person's own eyes, so that search can show nothing
// a list would not.
import { z } from "zod";
import { join, planKeeper, type Sql, sql } from "../database/sql.ts";
import { mayAtAll } from "../funnel/permission.ts";
import { Id, Text } from "../operation/field.ts";
import { anyone, operation } from "../operation/operation.ts";
import type { Register } from "../operation/register.ts";
import type { Registry } from "../operation/registry.ts";

const hitsPerRegister = 5;
const hitsMax = 30;

// A hundred lists take ten times longer to plan than to ask. Whoever holds the same roles asks the same statement; but a plan costs each
// connection 20 MB, so two of those asked often are kept.
const once = planKeeper(2);

const Hit = z.object({
  subject: z.string(),
  title: z.string(),
  id: Id,
  label: z.string(),
  logged: z.boolean().describe("It is confidential: that you were shown it is written down, as for any other read."),
});

export const searchOperation = (house: () => Registry) =>
  operation({
    name: "platform.search.find",
    title: "Search",
    does: "Finds records of every department by names and texts, as far as you may see them; of long lists the newest 5,000.",
    kind: "read",
    may: [anyone],
    logged: (output) => (output as { hits: Found[] }).hits.filter(({ logged }) => logged).map(({ id }) => id),
    input: z.strictObject({ text: Text(100) }),
    output: z.object({ hits: z.array(Hit) }),
    example: { text: "laptop" },
    async run({ text }, context) {
      const asked = [...house().registers.values()].filter(
        (register) => register.searchable && !register.inner && mayAtAll(context.actor, register.list),
      );
      if (asked.length === 0) return { hits: [] };
      const hitsIn = async (registers: readonly Register[], planned = (statement: Sql) => statement): Promise<Found[]> => {
        const parts = registers.map((register) => register.hits(context, text, hitsPerRegister));
        return parts.length === 0 ? [] : context.db.rows<Found>(planned(join(parts, sql` union all `)));
      };
      const ofIndexed = await hitsIn(asked.filter(({ searchIndexed }) => searchIndexed));
      await context.db.run(sql`set local plan_cache_mode = force_generic_plan`);
      const others = await hitsIn(
        asked.filter(({ searchIndexed }) => !searchIndexed),
        once,
      );
      const titles = new Map(asked.map(({ name, title }) => [name, title]));
      // People and companies stand first, among what fits equally well.
      const hits = [...ofIndexed, ...others].map((hit) => ({ ...hit, title: titles.get(hit.subject)!, label: String(hit.label) }));
      return { hits: ranked(hits, text).slice(0, hitsMax) };
    },
  });

interface Found {
  readonly subject: string;
  readonly id: z.output<typeof Id>;
  readonly label: string | null;
  readonly logged: boolean;
}

/** Labels that begin with what was typed come first. */
function ranked(hits: z.output<typeof Hit>[], text: string): z.output<typeof Hit>[] {
  const wanted = text.toLowerCase();
  const rank = (label: string): number => (label.toLowerCase().startsWith(wanted) ? 0 : label.toLowerCase().includes(wanted) ? 1 : 2);
  return hits.toSorted((a, b) => rank(a.label) - rank(b.label));
}
