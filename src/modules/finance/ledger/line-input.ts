// Lines as a person enters them, debit or credit, turned into lines of an entry.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { Money, ref, Text } from "../../../platform/operation/field.ts";
import type { JournalLineDraft } from "./entry.rules.ts";

export const EntryLine = z.strictObject({
  accountId: ref("finance.account"),
  debit: Money.optional(),
  credit: Money.optional(),
  partyId: ref("directory.party").optional().describe("The customer or supplier, for receivables and payables."),
  unitId: ref("directory.unit").optional().describe("The cost centre."),
  dimensions: z
    .array(ref("finance.dimensionValue"))
    .max(10)
    .optional()
    .describe("Project, product or whatever else the books are read by."),
  foreign: Money.optional().describe("What the document says in another currency, on the same side."),
  text: Text(200).optional(),
});

/** Words of the no that `lineDraft` gives. */
export const sideRefusal = "Each line has either a debit or a credit, and it is not negative. Correct line {line}.";

/** Refuses `sideMissing`. */
export function lineDraft(line: z.output<typeof EntryLine>, index: number): JournalLineDraft {
  const { accountId, debit, credit, foreign, ...rest } = line;
  const side = debit ?? credit;
  if (!side || (debit && credit) || side.minor < 0n) refuse("sideMissing", { line: index + 1 }, ["lines", index]);
  return { ...rest, account: { id: accountId }, amount: debit ?? side.negated(), foreign: debit ? foreign : foreign?.negated() };
}
