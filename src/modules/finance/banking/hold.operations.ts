// Lines that are not matched now: set aside with a reason, or on hold until a colleague answers.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Id, LongText, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { closeTask, openTask } from "../../office/index.ts";
import { isWork, lineOf, lineUnknown } from "./bank-line.operations.ts";

const may = ["finance.accountant", "finance.manager"];

/** Days a colleague is given to answer when nobody says otherwise. */
const answerDays = 3;

export const holdBankLine = operation({
  name: "finance.bankLine.hold",
  title: "Ask about a bank line",
  does: "Keeps a line on hold, asks a colleague what it is, and reminds them on the day; the answer stands on the task.",
  kind: "write",
  may,
  input: z.strictObject({
    bankLineId: ref("finance.bankLine"),
    question: LongText(500).min(3, "says what is asked, in a few words"),
    personId: ref("directory.person").optional().describe("Who is asked; by default whoever keeps the books."),
    until: Day.optional().describe("By default in three days."),
  }),
  output: z.object({ id: Id, taskId: ref("office.task") }),
  refuses: {
    lineUnknown,
    lineNotWork: "This line is {state}. Only a line that is still to be matched is put on hold.",
    personUnknown: "There is no such person. Look them up: heartwood directory person list",
    dayPassed: "{day} has passed. Name today or a day to come.",
  },
  when: (record) => isWork(record["state"]),
  emits: ["finance.bankLine.held"],
  async run({ bankLineId, question, personId, until: asked }, context) {
    const line = await lineOf(context, bankLineId, true);
    if (!isWork(line.state)) refuse("lineNotWork", { state: line.state });
    const until = asked ?? addDays(context.today, answerDays);
    if (until < context.today) refuse("dayPassed", { day: until }, ["until"]);
    if (personId) {
      const person = await context.db.maybe(sql`
        select id from directory.party where tenant_id = ${context.tenantId} and id = ${personId} and kind = 'person'`);
      if (!person) refuse("personUnknown", {}, ["personId"]);
    }
    if (line.heldTaskId) await closeTask(context, { taskId: line.heldTaskId }, "cancelled", "Asked anew");
    const taskId = await openTask(context, {
      kind: "question",
      title: `What is this payment: ${line.amount.toString()} of ${line.day}?`,
      says: `${question}\n\n${line.text}`,
      owner: personId ? { personId } : { activity: "finance.bookkeeping" },
      due: until,
      about: { subject: "finance.bankLine", id: line.id },
    });
    await context.db.run(sql`
      update finance.bank_line set state = 'held', held_reason = ${question}, held_until = ${until}, held_task_id = ${taskId}
      where tenant_id = ${context.tenantId} and id = ${line.id}`);
    context.emit("finance.bankLine.held", { bankLineId, taskId });
    return { id: line.id, taskId };
  },
});

export const resumeBankLine = operation({
  name: "finance.bankLine.resume",
  title: "Take a bank line off hold",
  does: "Puts a line that waited for an answer back on the work list and closes the question.",
  kind: "write",
  may,
  input: z.strictObject({ bankLineId: ref("finance.bankLine") }),
  output: z.object({ id: Id }),
  refuses: { lineUnknown, lineNotHeld: "This line is {state} and waits for nobody." },
  when: (record) => record["state"] === "held",
  emits: ["finance.bankLine.resumed"],
  async run({ bankLineId }, context) {
    const line = await lineOf(context, bankLineId, true);
    if (line.state !== "held") refuse("lineNotHeld", { state: line.state });
    await context.db.run(sql`
      update finance.bank_line set state = 'unmatched', held_reason = null, held_until = null, held_task_id = null
      where tenant_id = ${context.tenantId} and id = ${line.id}`);
    if (line.heldTaskId) await closeTask(context, { taskId: line.heldTaskId }, "done", "Answered");
    context.emit("finance.bankLine.resumed", { bankLineId });
    return { id: bankLineId };
  },
});

export const ignoreBankLine = operation({
  name: "finance.bankLine.ignore",
  title: "Set a bank line aside",
  does: "Takes a line off the work list without posting it, and keeps the reason; unmatching brings it back.",
  kind: "write",
  may,
  input: z.strictObject({ bankLineId: ref("finance.bankLine"), reason: LongText(200).min(3, "says why, in a few words") }),
  output: z.object({ id: Id }),
  refuses: { lineUnknown, lineSettled: "This line is {state} and no open work. Only an unmatched line is set aside." },
  when: (record) => isWork(record["state"]),
  emits: ["finance.bankLine.ignored"],
  async run(input, context) {
    const line = await lineOf(context, input.bankLineId, true);
    if (!isWork(line.state)) refuse("lineSettled", { state: line.state });
    await context.db.run(sql`
      update finance.bank_line set state = 'ignored', ignore_reason = ${input.reason}, held_reason = null, held_until = null,
        held_task_id = null
      where tenant_id = ${context.tenantId} and id = ${line.id}`);
    if (line.heldTaskId) await closeTask(context, { taskId: line.heldTaskId }, "cancelled", "Set aside");
    context.emit("finance.bankLine.ignored", { bankLineId: line.id, reason: input.reason });
    return { id: line.id };
  },
});
