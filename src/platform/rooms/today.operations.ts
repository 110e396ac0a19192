// The figures that a person's roles watch, in the order of the parts they play.
import { z } from "zod";
import type { Actor } from "../operation/context.ts";
import { Day } from "../operation/field.ts";
import type { Figure, Home } from "../operation/module.ts";
import { anyone, operation } from "../operation/operation.ts";
import type { Registry } from "../operation/registry.ts";

const figuresMax = 14;

export const todayOperation = (house: () => Registry) =>
  operation({
    name: "platform.today.get",
    title: "Today",
    does: "The figures that your part in the company watches, as of now.",
    kind: "read",
    may: [anyone],
    input: z.strictObject({}),
    output: z.object({
      today: Day,
      homes: z.array(z.object({ name: z.string(), title: z.string() })),
      figures: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          value: z.union([z.string(), z.number(), z.strictObject({ amount: z.string(), currency: z.string() })]),
          to: z.string().nullable(),
          home: z.string().nullable().describe("The part that asks for it; nothing when only a role watches it."),
        }),
      ),
    }),
    async run(_input, context) {
      const { figures, homes } = house();
      const mine = (await homes?.(context)) ?? [];
      const watched = arranged(mine, figures, context.actor).slice(0, figuresMax);
      const shown = [];
      for (const figure of watched) {
        const value = await figure.value(context, context.today);
        if (value === null) continue;
        const home = mine.find((one) => one.figures.includes(figure.name))?.name ?? null;
        shown.push({ name: figure.name, title: figure.title, value, to: figure.to ?? null, home });
      }
      return { today: context.today, homes: mine.map(({ name, title }) => ({ name, title })), figures: shown };
    },
  });

/** What the homes name, each once, then whatever else the roles watch. */
function arranged(homes: readonly Home[], figures: readonly Figure[], actor: Actor): Figure[] {
  const byName = new Map(figures.map((figure) => [figure.name, figure]));
  const named = homes.flatMap((home) => home.figures.flatMap((name) => byName.get(name) ?? []));
  const watched = figures.filter((figure) => watches(actor, figure));
  return [...new Set([...watched.filter(({ first }) => first), ...named, ...watched])];
}

/** By the roles someone has been given, not by all that an owner could do: each figure names who watches it. */
const watches = (actor: Actor, figure: Figure): boolean =>
  figure.roles.some((role) => role === "anyone" || actor.grants.some((grant) => grant.role === role));
