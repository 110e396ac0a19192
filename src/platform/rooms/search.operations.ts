// Search across everything one may see: each register is asked with this person's own eyes, so search can show nothing a list would not.
import { z } from "zod";
import { mayAtAll } from "../funnel/permission.ts";
import { Id, Text } from "../operation/field.ts";
import { anyone, operation } from "../operation/operation.ts";
import type { ReadContext } from "../operation/context.ts";
import type { Register } from "../operation/register.ts";
import type { Registry } from "../operation/registry.ts";

const hitsPerRegister = 5;
const hitsMax = 30;

const Hit = z.object({ subject: z.string(), title: z.string(), id: Id, label: z.string() });

export const searchOperation = (house: () => Registry) =>
  operation({
    name: "platform.search.find",
    title: "Search",
    does: "Finds records of every department by their names and texts, as far as you may see them.",
    kind: "read",
    may: [anyone],
    input: z.strictObject({ text: Text(100) }),
    output: z.object({ hits: z.array(Hit) }),
    example: { text: "laptop" },
    async run(input, context) {
      const hits: z.output<typeof Hit>[] = [];
      for (const register of house().registers.values()) {
        if (!register.searchable || register.inner || !mayAtAll(context.actor, register.list)) continue;
        hits.push(...(await hitsIn(register, input.text, context)));
      }
      return { hits: ranked(hits, input.text).slice(0, hitsMax) };
    },
  });

async function hitsIn(register: Register, text: string, context: ReadContext): Promise<z.output<typeof Hit>[]> {
  const found = (await register.list.run({ search: text, limit: hitsPerRegister } as never, context as never)) as {
    rows: Record<string, unknown>[];
  };
  return found.rows.map((row) => ({
    subject: register.name,
    title: register.title,
    id: row["id"] as z.output<typeof Id>,
    label: String(row[register.label]),
  }));
}

/** Labels that begin with what was typed come first. */
function ranked(hits: z.output<typeof Hit>[], text: string): z.output<typeof Hit>[] {
  const wanted = text.toLowerCase();
  const rank = (label: string): number => (label.toLowerCase().startsWith(wanted) ? 0 : label.toLowerCase().includes(wanted) ? 1 : 2);
  return hits.toSorted((a, b) => rank(a.label) - rank(b.label));
}
