// Rules of the company for what the bank tells again and again. A rule is drafted, tried on what happened, and only then enabled.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Id, Instant, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { plainNumber } from "./account-number.rules.ts";

const may = ["finance.accountant", "finance.manager"];
const keepers = ["finance.manager"];

export const bankRuleRegister = register({
  name: "finance.bankRule",
  title: "Bank rules",
  does: "What is booked by itself when a bank line fits, in the order in which rules count.",
  may,
  row: z.object({
    id: Id,
    name: z.string(),
    state: z.enum(["draft", "tried", "enabled", "retired"]),
    position: z.number().int(),
    fits: z.string(),
    accountId: ref("finance.account"),
    account: z.string(),
    direction: z.enum(["in", "out"]).nullable(),
    partyId: ref("directory.party").nullable(),
    party: z.string().nullable(),
    unitId: ref("directory.unit").nullable(),
    unit: z.string().nullable(),
    bankAccountId: ref("finance.bankAccount").nullable(),
    bankAccount: z.string().nullable(),
    booked: z.number().int().describe("Lines it has booked and that still hold."),
    triedAt: Instant.nullable(),
    by: z.string(),
  }),
  worklist: true,
  label: "name",
  search: ["name", "fits", "account"],
  sort: "position",
  from: (context) => sql`
    select u.id, u.name, u.state, u.position, concat_ws('; ',
        case when cardinality(u.name_words) > 0 then 'name: ' || array_to_string(u.name_words, ' or ') end,
        case when cardinality(u.text_words) > 0 then 'text: ' || array_to_string(u.text_words, ' and ') end,
        'account ' || u.account_number) as fits,
      u.account_id, a.code || ' ' || a.name as account, u.direction, u.party_id, y.name as party, u.unit_id, n.code as unit,
      u.bank_account_id, k.name as bank_account, u.tried_at, u.by_name as by,
      (select count(*)::int from finance.bank_match m
        where m.tenant_id = ${context.tenantId} and m.rule_id = u.id and m.ended_at is null) as booked
    from finance.bank_rule u
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = u.account_id
    left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = u.party_id
    left join directory.unit n on n.tenant_id = ${context.tenantId} and n.id = u.unit_id
    left join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = u.bank_account_id
    where u.tenant_id = ${context.tenantId}`,
});

const Words = z.array(Text(80)).max(10);

const conditions = {
  textWords: Words.default([]).describe("Each of these stands in the text or the name."),
  nameWords: Words.default([]).describe("One of these stands in the name of the other side."),
  accountNumber: Text(40).optional().describe("The account of the other side."),
  direction: z.enum(["in", "out"]).optional(),
  amountFrom: Money.optional(),
  amountUntil: Money.optional(),
  accountCode: z.string().max(20).describe("What it is booked to."),
  unitId: ref("directory.unit").optional().describe("The cost centre."),
  partyId: ref("directory.party").optional(),
  dimensions: z.record(z.string().max(30), z.string().max(30)).default({}),
  text: Text(140).optional().describe("What the entry says; by default what the line says."),
  bankAccountId: ref("finance.bankAccount").optional().describe("By default every bank account."),
};
type Conditions = z.output<z.ZodObject<typeof conditions>>;

const ruleUnknown = "There is no such rule, or it is retired. See: heartwood finance bank-rule list";
const nameTaken = "There is a rule {name} already. Give this one another name.";
export const accountIsBank = "Account {account} is this bank account itself. Name the account on the other side.";
const conditionRefusals = {
  conditionMissing: "A rule that fits every line is none. Name words of the text or the name, or an account.",
  accountUnfit: "There is no account {account} that takes postings. Look it up: heartwood finance account list",
  partyMissing: "Account {account} is kept for each customer or supplier. Say which one.",
  accountIsBank,
  amountCurrencyDiffers: "The lines of this rule are in {currency}. Say its amounts in {currency}.",
  amountsCrossed: "{from} is more than {until}, so that no amount fits. Begin with the smaller one.",
} as const;

/** The account that the rule books to. */
async function accountFor(context: WriteContext, input: Conditions): Promise<KernelId> {
  if (input.textWords.length + input.nameWords.length === 0 && !input.accountNumber) refuse("conditionMissing", {}, ["textWords"]);
  const account = await context.db.maybe<{ id: KernelId; control: string | null; currency: string; isOwn: boolean }>(sql`
    select a.id, a.control, coalesce(k.currency, b.currency) as currency, k.account_id is not distinct from a.id as is_own
    from finance.account a
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = a.book_id
    left join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = ${input.bankAccountId ?? null}
    where a.tenant_id = ${context.tenantId} and a.code = ${input.accountCode} and not a.is_group and a.retired_from is null
      and ${input.bankAccountId ? sql`b.id = k.book_id` : sql`b.is_main`}`);
  if (!account) refuse("accountUnfit", { account: input.accountCode }, ["accountCode"]);
  if (account.control && !input.partyId) refuse("partyMissing", { account: input.accountCode }, ["partyId"]);
  if (account.isOwn) refuse("accountIsBank", { account: input.accountCode }, ["accountCode"]);
  checkAmounts(input, account.currency);
  return account.id;
}

function checkAmounts({ amountFrom: from, amountUntil: until }: Conditions, currency: string): void {
  if (from && from.currency !== currency) refuse("amountCurrencyDiffers", { currency }, ["amountFrom"]);
  if (until && until.currency !== currency) refuse("amountCurrencyDiffers", { currency }, ["amountUntil"]);
  if (from && until && from.abs().compare(until.abs()) > 0) {
    refuse("amountsCrossed", { from: from.abs().toString(), until: until.abs().toString() }, ["amountFrom"]);
  }
}

async function requireFreeName(context: WriteContext, name: string, except?: KernelId): Promise<void> {
  const taken = await context.db.maybe(sql`
    select id from finance.bank_rule where tenant_id = ${context.tenantId} and name = ${name}
      and id is distinct from ${except ?? null}::uuid`);
  if (taken) refuse("nameTaken", { name }, ["name"]);
}

export const createBankRule = operation({
  name: "finance.bankRule.create",
  title: "Make a bank rule",
  does: "Drafts a rule for bank lines by words, names, account and amount; nothing is booked before it was tried and enabled.",
  kind: "write",
  may,
  input: z.strictObject({
    name: Text(100),
    position: z.number().int().min(1).max(10_000).optional().describe("By default after all others."),
    ...conditions,
  }),
  output: z.object({ id: Id, position: z.number().int() }),
  refuses: { nameTaken, ...conditionRefusals },
  constraints: { bank_rule_name: "nameTaken" },
  emits: ["finance.bankRule.created"],
  async run({ name, position: asked, ...input }, context) {
    await requireFreeName(context, name);
    const accountId = await accountFor(context, input);
    const id = context.newId();
    const { position } = await context.db.row<{ position: number }>(sql`
      insert into finance.bank_rule (tenant_id, id, name, state, position, bank_account_id, direction, text_words, name_words,
        account_number, amount_from, amount_until, account_id, unit_id, party_id, dimensions, text, person_id, by_name, at)
      select ${context.tenantId}, ${id}, ${name}, 'draft', coalesce(${asked ?? null}::int, coalesce(max(r.position), 0) + 10),
        ${input.bankAccountId ?? null}::uuid, ${input.direction ?? null}::text, ${input.textWords}::text[], ${input.nameWords}::text[],
        ${input.accountNumber ? plainNumber(input.accountNumber) : null}::text, ${input.amountFrom?.abs().minor ?? null}::bigint,
        ${input.amountUntil?.abs().minor ?? null}::bigint, ${accountId}::uuid, ${input.unitId ?? null}::uuid,
        ${input.partyId ?? null}::uuid, ${JSON.stringify(input.dimensions)}::jsonb, ${input.text ?? null}::text,
        ${context.actor.personId}::uuid,
        ${context.actor.name}::text,
        ${context.now}::timestamptz
      from finance.bank_rule r where r.tenant_id = ${context.tenantId}
      returning position`);
    context.emit("finance.bankRule.created", { bankRuleId: id });
    return { id, position };
  },
});

export const changeBankRule = operation({
  name: "finance.bankRule.change",
  title: "Change a bank rule",
  does: "Writes the conditions of a rule anew; it is a draft again and must be tried before it books anything more.",
  kind: "write",
  may,
  input: z.strictObject({
    bankRuleId: ref("finance.bankRule"),
    name: Text(100),
    position: z.number().int().min(1).max(10_000),
    ...conditions,
  }),
  output: z.object({ id: Id }),
  refuses: { ruleUnknown, nameTaken, ...conditionRefusals },
  constraints: { bank_rule_name: "nameTaken" },
  when: (record) => record["state"] !== "retired",
  emits: ["finance.bankRule.changed"],
  async run({ bankRuleId: id, name, position, ...input }, context) {
    await lockRule(context, id);
    await requireFreeName(context, name, id);
    const accountId = await accountFor(context, input);
    await context.db.run(sql`
      update finance.bank_rule set name = ${name}, state = 'draft', position = ${position},
        bank_account_id = ${input.bankAccountId ?? null},
        direction = ${input.direction ?? null}, text_words = ${input.textWords}, name_words = ${input.nameWords},
        account_number = ${input.accountNumber ? plainNumber(input.accountNumber) : null},
        amount_from = ${input.amountFrom?.abs().minor ?? null}, amount_until = ${input.amountUntil?.abs().minor ?? null},
        account_id = ${accountId}, unit_id = ${input.unitId ?? null}, party_id = ${input.partyId ?? null},
        dimensions = ${JSON.stringify(input.dimensions)}::jsonb, text = ${input.text ?? null}, tried_at = null, tried_by_name = null
      where tenant_id = ${context.tenantId} and id = ${id}`);
    context.emit("finance.bankRule.changed", { bankRuleId: id });
    return { id };
  },
});

/** The state of a rule that is not retired. Refuses `ruleUnknown`. */
export async function lockRule(context: WriteContext, id: KernelId): Promise<string> {
  const found = await context.db.maybe<{ state: string }>(sql`
    select state from finance.bank_rule
    where tenant_id = ${context.tenantId} and id = ${id} and state <> 'retired' for update`);
  return found?.state ?? refuse("ruleUnknown", {}, ["bankRuleId"]);
}

const setState = (context: WriteContext, id: KernelId, state: string): Promise<number> =>
  context.db.run(sql`
    update finance.bank_rule set state = ${state} where tenant_id = ${context.tenantId} and id = ${id}`);

export const enableBankRule = operation({
  name: "finance.bankRule.enable",
  title: "Enable a bank rule",
  does: "Lets a rule that was tried book what fits it from now on.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ bankRuleId: ref("finance.bankRule") }),
  output: z.object({ id: Id }),
  refuses: { ruleUnknown, ruleNotTried: "The rule is {state}. Try it on what happened first: heartwood finance bank-rule try" },
  when: (record) => record["state"] === "tried",
  emits: ["finance.bankRule.enabled"],
  async run({ bankRuleId: id }, context) {
    const state = await lockRule(context, id);
    if (state !== "tried") refuse("ruleNotTried", { state });
    await setState(context, id, "enabled");
    context.emit("finance.bankRule.enabled", { bankRuleId: id });
    return { id };
  },
});

export const disableBankRule = operation({
  name: "finance.bankRule.disable",
  title: "Disable a bank rule",
  does: "Stops a rule at once, also while lines are being booked by it; what it booked stays.",
  kind: "write",
  may,
  input: z.strictObject({ bankRuleId: ref("finance.bankRule") }),
  output: z.object({ id: Id }),
  refuses: { ruleUnknown, ruleNotEnabled: "The rule is {state} and books nothing." },
  when: (record) => record["state"] === "enabled",
  emits: ["finance.bankRule.disabled"],
  async run({ bankRuleId: id }, context) {
    const state = await lockRule(context, id);
    if (state !== "enabled") refuse("ruleNotEnabled", { state });
    await setState(context, id, "tried");
    context.emit("finance.bankRule.disabled", { bankRuleId: id });
    return { id };
  },
});

export const retireBankRule = operation({
  name: "finance.bankRule.retire",
  title: "Retire a bank rule",
  does: "Ends a rule for good; what it booked stays and names it.",
  kind: "write",
  may,
  input: z.strictObject({ bankRuleId: ref("finance.bankRule") }),
  output: z.object({ id: Id }),
  refuses: { ruleUnknown },
  when: (record) => record["state"] !== "retired",
  emits: ["finance.bankRule.retired"],
  async run({ bankRuleId: id }, context) {
    await lockRule(context, id);
    await setState(context, id, "retired");
    context.emit("finance.bankRule.retired", { bankRuleId: id });
    return { id };
  },
});
