// The company's own list of closing tasks: what a month gets when its close begins.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { brokenStep, type CloseStep } from "./close.rules.ts";
import { ensureTemplate } from "./close.store.ts";
import { closeFacts, factOf } from "./facts.ts";

const may = ["finance.manager"];
const Key = z.string().regex(/^[a-z][A-Za-z0-9]{1,39}$/, "is letters and digits, beginning small");

const fields = {
  title: Text(120),
  says: LongText(500).optional(),
  activity: Text(80).describe("Whoever answers for it has the task, e.g. finance.bookkeeping."),
  requires: z.array(Key).max(40).default([]).describe("Keys of the tasks that come before it."),
  fact: Text(60).optional().describe("The fact in the books that proves it; left out, a person judges."),
  place: Text(200).optional().describe("Where in the app it is done, e.g. /finance/reconciliation."),
  position: z.number().int().min(1).max(100_000).describe("Its place in the list."),
};

const stepRefusals = {
  factUnknown: "There is no fact {fact}. Facts: {facts}",
  prerequisiteUnknown: "{task} comes after {missing}, which is not in the list or stands in a circle with it.",
} as const;

interface TemplateRow extends CloseStep {
  readonly id: KernelId;
  readonly bookId: KernelId;
}

const listOf = (context: WriteContext, bookId: KernelId): Promise<TemplateRow[]> =>
  context.db.rows<TemplateRow>(sql`
    select id, book_id, key, requires from finance.close_template
    where tenant_id = ${context.tenantId} and book_id = ${bookId} and retired_from is null order by position, id for update`);

/** Refuses `factUnknown` and `prerequisiteUnknown`. */
function requireSound(steps: readonly CloseStep[], fact: string | undefined): void {
  if (fact !== undefined && !factOf(fact)) refuse("factUnknown", { fact, facts: closeFacts.map((one) => one.key).join(", ") }, ["fact"]);
  const broken = brokenStep(steps);
  if (broken) refuse("prerequisiteUnknown", { task: broken.key, missing: broken.missing }, ["requires"]);
}

export const createCloseTemplate = operation({
  name: "finance.closeTemplate.create",
  title: "Add a closing task",
  does: "Adds a task to the list that every month's close begins with.",
  kind: "write",
  may,
  input: z.strictObject({ bookId: ref("finance.book").optional().describe("By default the main books."), key: Key, ...fields }),
  output: z.object({ id: Id }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    keyTaken: "There is a closing task with the key {key} already.",
    ...stepRefusals,
  },
  constraints: { close_template_key: "keyTaken" },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    await ensureTemplate(context, book.id);
    const list = await listOf(context, book.id);
    const { key, requires } = input;
    if (list.some((task) => task.key === key)) refuse("keyTaken", { key }, ["key"]);
    requireSound([...list, { key, requires }], input.fact);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.close_template (tenant_id, id, book_id, key, title, says, activity, position, requires, fact, place)
      values (${context.tenantId}, ${id}, ${book.id}, ${key}, ${input.title}, ${input.says ?? null}, ${input.activity}, ${input.position},
        ${requires}::text[], ${input.fact ?? null}, ${input.place ?? null})`);
    return { id };
  },
});

async function templateTask(context: WriteContext, id: KernelId): Promise<{ task: TemplateRow; list: TemplateRow[] }> {
  const found = await context.db.maybe<{ bookId: KernelId }>(sql`
    select book_id from finance.close_template where tenant_id = ${context.tenantId} and id = ${id} and retired_from is null`);
  if (!found) refuse("notFound");
  const list = await listOf(context, found.bookId);
  return { task: list.find((one) => one.id === id) ?? refuse("notFound"), list };
}

export const changeCloseTemplate = operation({
  name: "finance.closeTemplate.change",
  title: "Change a closing task",
  does: "Changes a task of the list; months whose close has begun keep what they have.",
  kind: "write",
  may,
  input: z.strictObject({ closeTemplateId: ref("finance.closeTemplate"), ...fields }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such task in the list.", ...stepRefusals },
  when: (record) => record["state"] === "used",
  async run(input, context) {
    const { task, list } = await templateTask(context, input.closeTemplateId);
    requireSound(
      list.map((one) => (one.id === task.id ? { key: one.key, requires: input.requires } : one)),
      input.fact,
    );
    await context.db.run(sql`
      update finance.close_template set title = ${input.title}, says = ${input.says ?? null}, activity = ${input.activity},
        position = ${input.position}, requires = ${input.requires}::text[], fact = ${input.fact ?? null}, place = ${input.place ?? null}
      where tenant_id = ${context.tenantId} and id = ${task.id}`);
    return { id: task.id };
  },
});

export const retireCloseTemplate = operation({
  name: "finance.closeTemplate.retire",
  title: "Retire a closing task",
  does: "Takes a task off the list from a day on.",
  kind: "write",
  may,
  input: z.strictObject({ closeTemplateId: ref("finance.closeTemplate"), from: Day.optional().describe("By default today.") }),
  output: z.object({ id: Id, retiredFrom: Day }),
  refuses: {
    notFound: "There is no such task in the list.",
    isRequired: "{tasks} come after it. Change them first.",
  },
  when: (record) => record["state"] === "used",
  async run(input, context) {
    const { task, list } = await templateTask(context, input.closeTemplateId);
    const after = list.filter((one) => one.requires.includes(task.key));
    if (after.length > 0) refuse("isRequired", { tasks: after.map((one) => one.key).join(", ") });
    const from = input.from ?? context.today;
    await context.db.run(sql`
      update finance.close_template set retired_from = ${from} where tenant_id = ${context.tenantId} and id = ${task.id}`);
    return { id: task.id, retiredFrom: from };
  },
});
