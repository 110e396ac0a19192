// What a table may say: the columns of each kind, so that whoever makes one need not guess.
import { z } from "zod";
import { operation } from "../../../platform/operation/operation.ts";
import { tableColumns, type TableKind } from "./table-kind.ts";

const kinds = Object.keys(tableColumns) as [TableKind, ...TableKind[]];

export const listColumns = operation({
  name: "finance.import.columns",
  title: "What tables may say",
  does: "Tells for each kind of table which columns it needs, which it may have, and by which other headings each is known.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({}),
  output: z.object({
    kinds: z.array(
      z.object({
        kind: z.enum(kinds),
        columns: z.array(
          z.object({
            name: z.string(),
            holds: z.enum(["text", "day", "number"]),
            isNeeded: z.boolean(),
            also: z.array(z.string()).describe("Other headings that mean it."),
          }),
        ),
      }),
    ),
  }),
  run: async () => ({
    kinds: kinds.map((kind) => ({
      kind,
      columns: Object.entries(tableColumns[kind]).map(([name, { kind: holds, isNeeded = false, also = [] }]) => ({
        name,
        holds,
        isNeeded,
        also: [...also],
      })),
    })),
  }),
});
