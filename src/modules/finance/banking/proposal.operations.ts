// What matching a whole account would post, looked up and not tried: nothing is locked and nothing is written, however many lines wait.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { list, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type BankAccount, bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { isForeign } from "./foreign-currency.ts";
import { type LineRange, plainPairs, rangeBehind, tellPlain, unmatchedIn } from "./match-set.store.ts";
import { linesWhere, loadGround } from "./match.store.ts";
import { firstOf, LineOutcome, plainOutcome, toldMax, weigh, weighedMax } from "./match-weigh.ts";

export const proposeMatches = operation({
  name: "finance.bankLine.proposals",
  title: "What matching would post",
  does: "Tells which unmatched lines of a bank account have strong and unique evidence, what each would settle, and why others have not.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({ bankAccountId: ref("finance.bankAccount") }),
  output: z.object({
    matched: z.number().int().describe("Lines that would be posted."),
    left: z.number().int().describe("Looked at, and left for a person."),
    waiting: z.number().int().describe("Without plain evidence and not weighed yet: only the oldest are."),
    lines: z.array(LineOutcome).describe("At most 500 that would be matched and 500 that would be left."),
  }),
  refuses: { bankAccountUnknown },
  async run({ bankAccountId }, context) {
    const account = await bankAccountOf(context, bankAccountId);
    const { count, range } = await rangeBehind(context, account, undefined);
    if (!range) return { matched: 0, left: 0, waiting: 0, lines: [] };
    const { first, lineIds, itemIds } = isForeign(account) ? nothing : await plainPairs(context, account, range, toldMax);
    const told = first.length > 0 ? await tellPlain(context, first) : [];
    const rest = await weighOthers(context, account, range, { lineIds, itemIds, count: count - lineIds.length });
    return {
      matched: lineIds.length + rest.matched,
      left: rest.left,
      waiting: rest.waiting,
      lines: firstOf([...told.map((one) => plainOutcome(one, account)), ...rest.outcomes]),
    };
  },
});

const nothing = { first: [], lineIds: [], itemIds: [] };

interface Plain {
  readonly lineIds: readonly KernelId[];
  readonly itemIds: readonly KernelId[];
  /** Of the others. */
  readonly count: number;
}

/** Those without plain evidence, weighed against what the plain ones leave. */
async function weighOthers(context: ReadContext, account: BankAccount, range: LineRange, { lineIds, itemIds, count }: Plain) {
  if (count === 0) return { matched: 0, left: 0, waiting: 0, outcomes: [] };
  const others = sql`${unmatchedIn(context, account, range)}
    and not exists (select from unnest(${list(lineIds)}::uuid[]) as p (id) where p.id = l.id)`;
  const lines = await linesWhere(context, others, sql`order by l.day, l.id limit ${weighedMax}`);
  const ground = await loadGround(context, account, lines, new Set(itemIds));
  const { settlements, outcomes } = await weigh(context, account, lines, ground);
  const left = lines.length - settlements.length;
  return { matched: settlements.length, left, waiting: count - lines.length, outcomes };
}
