// Dunning runs: letters are proposed, looked through, then sent by mail with what they ask for, and charged when that is wished.
//
// | fee and interest of a reminder | Dr                          | Cr                         |
// |--------------------------------|-----------------------------|----------------------------|
// | when the letter is sent        | receivable, of the customer | reminder fees and interest |
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { type MailOut, writeMails } from "../../../platform/notify/mail.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "../ledger/book.ts";
import { type Exchange, linesInBooks } from "../currency/convert.rules.ts";
import { rateRefusals, ratesOn } from "../currency/rate.ts";
import { type JournalEntryDraft, type JournalLineDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { postEntries } from "../ledger/posting.ts";
import { proposeLetters } from "./dunning.rules.ts";
import { dunningProcedures, insertLetters, lettersToSend, overdueItems, type WaitingLetter } from "./dunning.store.ts";
import { type Letterhead, letterheads } from "./letterhead.ts";
import { reminderPdf } from "./reminder.document.ts";

const roles = ["finance.accountant", "finance.manager"];
const isProposed = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "proposed";

export const createDunningRun = operation({
  name: "finance.dunningRun.create",
  title: "Propose reminders",
  does: "Looks through what is overdue and proposes a letter to each customer, with the level each item reached; nothing is sent yet.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    day: Day.optional().describe("By default today."),
    customerIds: z.array(ref("directory.customer")).min(1).max(1000).optional().describe("By default all customers."),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({ id: Id, letters: z.number().int(), held: z.number().int() }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    procedureMissing: "There is no standard procedure yet. Add one: heartwood finance dunning-procedure create",
    runWaiting: "The run of {day} waits to be sent. Send or cancel it first.",
    nothingToAsk: "On {day} nothing is to be asked for: nothing is late enough, or everything was asked for at its level.",
  },
  constraints: { dunning_run_proposed: "runWaiting" },
  emits: ["finance.dunningRun.created"],
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const day = input.day ?? context.today;
    const waiting = await context.db.maybe<{ day: KernelDay }>(sql`
      select day from finance.dunning_run where tenant_id = ${context.tenantId} and book_id = ${book.id} and state = 'proposed'`);
    if (waiting) refuse("runWaiting", { day: waiting.day });
    const { all, standard } = await dunningProcedures(context, book.currency);
    if (!standard) refuse("procedureMissing");
    const letters = proposeLetters(await overdueItems(context, book, day, input.customerIds), all, standard, day);
    if (letters.length === 0) refuse("nothingToAsk", { day });
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.dunning_run (tenant_id, id, book_id, day, state, person_id, by_name, at)
      values (${context.tenantId}, ${id}, ${book.id}, ${day}, 'proposed', ${context.actor.personId},
        ${context.actor.name}, ${context.now})`);
    await insertLetters(context, id, letters);
    context.emit("finance.dunningRun.created", { dunningRunId: id, letters: letters.length });
    const held = letters.filter((letter) => letter.heldReason !== null).length;
    return { id, letters: letters.length - held, held };
  },
});

const letterRefusals = {
  notFound: "There is no such reminder.",
  notProposed: "This reminder is {state}. Only one that waits is changed.",
} as const;

async function lockLetter(context: WriteContext, id: KernelId, states: readonly string[]): Promise<{ currency: string }> {
  const letter = await context.db.maybe<{ state: string; currency: string }>(sql`
    select state, currency from finance.dunning_letter where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (!letter) refuse("notFound");
  if (!states.includes(letter.state)) refuse("notProposed", { state: letter.state });
  return letter;
}

const letterInput = { dunningLetterId: ref("finance.dunningLetter") };

export const excludeLetter = operation({
  name: "finance.dunningLetter.exclude",
  title: "Leave out",
  does: "Leaves a reminder out of the run and says why; its items keep the level they had.",
  kind: "write",
  may: roles,
  input: z.strictObject({ ...letterInput, reason: LongText(300).min(3) }),
  output: z.object({ id: Id }),
  refuses: letterRefusals,
  when: isProposed,
  async run({ dunningLetterId: id, reason }, context) {
    await lockLetter(context, id, ["proposed"]);
    await context.db.run(sql`
      update finance.dunning_letter set state = 'excluded', reason = ${reason} where tenant_id = ${context.tenantId} and id = ${id}`);
    await context.db.run(sql`update finance.dunning_item set is_live = false where tenant_id = ${context.tenantId} and letter_id = ${id}`);
    return { id };
  },
});

export const changeLetter = operation({
  name: "finance.dunningLetter.change",
  title: "Change the letter",
  does: "Changes what a reminder says and charges before it is sent.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    ...letterInput,
    text: LongText(4000).optional(),
    fee: Money.optional(),
    interest: Money.optional(),
  }),
  output: z.object({ id: Id }),
  refuses: {
    ...letterRefusals,
    currencyDiffers: postingRefusals.currencyDiffers,
    chargeNegative: "A fee and interest are zero or more.",
  },
  when: isProposed,
  async run({ dunningLetterId: id, text, fee, interest }, context) {
    const { currency } = await lockLetter(context, id, ["proposed"]);
    for (const charge of [fee, interest]) {
      if (charge && charge.currency !== currency) refuse("currencyDiffers", { currency }, ["fee"]);
      if (charge && charge.minor < 0n) refuse("chargeNegative", {}, ["fee"]);
    }
    await context.db.run(sql`
      update finance.dunning_letter set text = coalesce(${text ?? null}, text), fee = coalesce(${fee?.minor ?? null}, fee),
        interest = coalesce(${interest?.minor ?? null}, interest)
      where tenant_id = ${context.tenantId} and id = ${id}`);
    return { id };
  },
});

const runRefusals = { notFound: "There is no such dunning run.", notProposed: "This run is {state}. Propose a new one." } as const;

async function lockRun(context: WriteContext, id: KernelId): Promise<{ bookId: KernelId; day: KernelDay }> {
  const run = await context.db.maybe<{ state: string; bookId: KernelId; day: KernelDay }>(sql`
    select state, book_id, day from finance.dunning_run where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (!run) refuse("notFound");
  if (run.state !== "proposed") refuse("notProposed", { state: run.state });
  return run;
}

export const cancelDunningRun = operation({
  name: "finance.dunningRun.cancel",
  title: "Cancel the run",
  does: "Sets a proposed run aside; its items keep the level they had.",
  kind: "write",
  may: roles,
  input: z.strictObject({ dunningRunId: ref("finance.dunningRun") }),
  output: z.object({ id: Id }),
  refuses: runRefusals,
  when: isProposed,
  async run({ dunningRunId: id }, context) {
    const { tenantId } = context;
    await lockRun(context, id);
    await context.db.run(sql`
      update finance.dunning_item set is_live = false where tenant_id = ${tenantId} and letter_id in (
        select l.id from finance.dunning_letter l where l.tenant_id = ${tenantId} and l.run_id = ${id})`);
    await context.db.run(sql`
      update finance.dunning_letter set state = 'cancelled' where tenant_id = ${tenantId} and run_id = ${id} and state = 'proposed'`);
    await context.db.run(sql`update finance.dunning_run set state = 'cancelled' where tenant_id = ${tenantId} and id = ${id}`);
    return { id };
  },
});

export const sendDunningRun = operation({
  name: "finance.dunningRun.send",
  title: "Send the reminders",
  does: "Mails each letter of the run with its PDF, charges fees and interest when wished, and notes the level on each item.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    dunningRunId: ref("finance.dunningRun"),
    chargesFees: z.boolean().default(true).describe("Book fees and interest as owed by the customer."),
  }),
  output: z.object({ id: Id, sent: z.number().int(), mailed: z.number().int(), charged: z.number().int(), dropped: z.number().int() }),
  refuses: { ...runRefusals, ...postingRefusals, ...rateRefusals },
  when: isProposed,
  emits: ["finance.dunningRun.sent"],
  async run({ dunningRunId: id, chargesFees }, context) {
    const run = await lockRun(context, id);
    const { currency } = await bookOf(context, run.bookId);
    const all = await lettersToSend(context, id, run);
    // What was paid since it was proposed, or is covered by what was, is asked for no more.
    const letters = all.filter((letter) => letter.items.length > 0);
    const charges = chargesFees ? letters.filter((letter) => letter.fee + letter.interest > 0n) : [];
    const asked = charges.map((letter) => ({ from: letter.currency, to: currency, day: run.day }));
    const rates = await ratesOn(context, asked, run.bookId);
    const entries = await postEntries(
      context,
      charges.map((letter, index) => chargeOf(letter, run.day, { bookCurrency: currency, rate: rates[index]!.rate })),
      run.bookId,
    );
    const heads = await letterheads(
      context,
      run.bookId,
      letters.map((letter) => letter.customerId),
    );
    const sent: Sent[] = [];
    for (const letter of letters) sent.push(await written(context, letter, heads.get(letter.customerId)!, run.day, chargesFees));
    await writeMails(
      context,
      sent.flatMap((one) => one.mail ?? []),
    );
    const entryOf = new Map(charges.map((letter, index) => [letter.id, entries[index]!.id]));
    await keepSent(
      context,
      id,
      sent.map((one) => ({ ...one, entryId: entryOf.get(one.letterId) ?? null })),
      all,
    );
    context.emit("finance.dunningRun.sent", { dunningRunId: id, letters: sent.length });
    const mailed = sent.filter((one) => one.mail).length;
    return { id, sent: sent.length, mailed, charged: charges.length, dropped: all.length - letters.length };
  },
});

function chargeOf(letter: WaitingLetter, day: KernelDay, exchange: Exchange): JournalEntryDraft {
  const amount = new KernelMoney(letter.fee + letter.interest, letter.currency);
  const lines: readonly JournalLineDraft[] = [
    { account: { role: "receivable" }, amount, partyId: letter.customerId },
    { account: { role: "dunningFee" }, amount: amount.negated(), partyId: letter.customerId },
  ];
  return {
    journal: "GEN",
    day,
    text: `Fee and interest: ${letter.title}`,
    document: { subject: "finance.dunningLetter", id: letter.id },
    lines: linesInBooks(lines, letter.currency === exchange.bookCurrency ? undefined : exchange, (line) => line === lines[0]),
  };
}

interface Sent {
  readonly letterId: KernelId;
  readonly fileId: KernelId;
  readonly mail: MailOut | undefined;
  /** What it asked for, without its own fee and interest. */
  readonly total: bigint;
}

async function written(
  context: WriteContext,
  letter: WaitingLetter,
  { email, from, to, account }: Letterhead,
  day: KernelDay,
  chargesFees: boolean,
): Promise<Sent> {
  const shown = (minor: bigint): string => new KernelMoney(minor, letter.currency).amount;
  const total = letter.items.reduce((sum, item) => sum + item.open, 0n);
  const charges = [
    { title: "In your favour", minor: -letter.covered },
    { title: "Fees and interest of earlier letters", minor: letter.earlier },
    { title: "Fee", minor: chargesFees ? letter.fee : 0n },
    { title: "Interest", minor: chargesFees ? letter.interest : 0n },
  ].filter((charge) => charge.minor !== 0n);
  const asked = charges.reduce((sum, charge) => sum + charge.minor, total);
  const pdf = reminderPdf({
    title: letter.title,
    number: "",
    day,
    text: letter.text,
    from,
    to,
    account,
    currency: letter.currency,
    items: letter.items.map(({ reference, dueDay, days, open }) => ({ reference, dueDay, days, open: shown(open) })),
    total: shown(total),
    charges: charges.map(({ title, minor }) => ({ title, amount: shown(minor) })),
    asked: shown(asked),
  });
  const fileId = await context.writeFile(`${letter.title} ${day}.pdf`, "application/pdf", pdf);
  const text = `${letter.text}\n\nTo pay: ${shown(asked)} ${letter.currency}\n\n${from.name}`;
  const mail = email === null ? undefined : { to: email, subject: letter.title, text, fileId };
  return { letterId: letter.id, fileId, mail, total: total - letter.covered + letter.earlier };
}

async function keepSent(
  context: WriteContext,
  runId: KernelId,
  sent: readonly (Sent & { readonly entryId: KernelId | null })[],
  letters: readonly WaitingLetter[],
): Promise<void> {
  const { tenantId } = context;
  const droppedIds = letters.filter((letter) => letter.items.length === 0).map((letter) => letter.id);
  await context.db.run(sql`
    update finance.dunning_letter l set state = 'sent', file_id = s.file_id, mailed_to = s.mailed_to, entry_id = s.entry_id,
      total = s.total
    from unnest(${sent.map((one) => one.letterId)}::uuid[], ${sent.map((one) => one.fileId)}::uuid[],
      ${sent.map((one) => one.mail?.to ?? null)}::text[], ${sent.map((one) => one.entryId)}::uuid[],
      ${sent.map((one) => one.total)}::bigint[])
      as s (id, file_id, mailed_to, entry_id, total)
    where l.tenant_id = ${tenantId} and l.id = s.id`);
  await context.db.run(sql`
    update finance.dunning_letter set state = 'excluded', reason = 'Paid in the meantime'
    where tenant_id = ${tenantId} and id = any(${droppedIds}::uuid[])`);
  // An item paid or covered in the meantime was not asked for.
  const askedIds = letters.flatMap((letter) => letter.items.map((item) => item.itemId));
  await context.db.run(sql`
    update finance.dunning_item set is_live = false
    where tenant_id = ${tenantId} and letter_id = any(${letters.map((letter) => letter.id)}::uuid[]) and held_reason is null
      and item_id <> all(${askedIds}::uuid[])`);
  await context.db.run(sql`
    update finance.dunning_run set state = 'sent', sent_at = ${context.now} where tenant_id = ${tenantId} and id = ${runId}`);
}
