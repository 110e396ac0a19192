// The figures that a person's roles watch.
import { z } from "zod";
import type { Actor } from "../operation/context.ts";
import { Day } from "../operation/field.ts";
import type { Figure } from "../operation/module.ts";
import { anyone, operation } from "../operation/operation.ts";
import type { Registry } from "../operation/registry.ts";

const figuresMax = 8;

export const todayOperation = (house: () => Registry) =>
  operation({
    name: "platform.today.get",
    title: "Today",
    does: "The figures that your roles watch, as of now.",
    kind: "read",
    may: [anyone],
    input: z.strictObject({}),
    output: z.object({
      today: Day,
      figures: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          value: z.union([z.string(), z.number(), z.strictObject({ amount: z.string(), currency: z.string() })]),
          to: z.string().nullable(),
        }),
      ),
    }),
    async run(_input, context) {
      const { figures } = house();
      const watched = figures.filter((figure) => watches(context.actor, figure)).slice(0, figuresMax);
      const shown = [];
      for (const figure of watched) {
        const value = await figure.value(context, context.today);
        shown.push({ name: figure.name, title: figure.title, value, to: figure.to ?? null });
      }
      return { today: context.today, figures: shown };
    },
  });

/** By the roles someone has been given, not by all that an owner could do: each figure names who watches it. */
const watches = (actor: Actor, figure: Figure): boolean =>
  figure.roles.some((role) => role === "anyone" || actor.grants.some((grant) => grant.role === role));
