// Accounts of people on systems: opened, suspended, resumed and closed. What stands behind an account, its password, is never here.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { keepers } from "./device.register.ts";
import { neededBy } from "./facts.ts";
import { loginFor } from "./login.rules.ts";
import { mustBePerson, takeSystem } from "./system.operations.ts";

export const accountRegister = register({
  name: "it.account",
  title: "Accounts",
  does: "Who has an account on which system, and in what state it is. Everyone sees their own; the owner of a system sees its accounts.",
  may: [...keepers, anyone],
  sees: (context) => sql`(r.person_id = ${context.actor.personId}::uuid or r.owner_id = ${context.actor.personId}::uuid)`,
  row: z.object({
    id: Id,
    label: z.string(),
    systemId: ref("it.system"),
    system: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    login: z.string(),
    state: z.enum(["open", "suspended", "closed"]),
    openedOn: Day,
    closedOn: Day.nullable(),
    note: z.string().nullable(),
  }),
  label: "label",
  search: ["label", "login"],
  sort: "label",
  from: (context) => sql`
    select a.id, s.name || ', ' || p.name as label, a.system_id, s.name as system, a.person_id, p.name as person, a.login, a.state,
      a.opened_on, a.closed_on, a.note, s.owner_id
    from it.account a
    join it.system s on s.tenant_id = a.tenant_id and s.id = a.system_id
    join directory.party p on p.tenant_id = a.tenant_id and p.id = a.person_id
    where a.tenant_id = ${context.tenantId}`,
});

const openingRefusals = {
  notFound: "There is no such system or person.",
  systemRetired: "{system} is retired since {day}. Choose a system that is in use.",
  accountExists: "{person} has the account {login} on {system} already. Use that one, or close it first.",
  loginTaken: "The name {login} is taken on {system}. Choose another.",
};

interface Opening {
  readonly systemId: KernelId;
  readonly personId: KernelId;
  readonly login?: string;
  readonly on: KernelDay;
}

async function open(context: WriteContext, wish: Opening): Promise<KernelId> {
  const { tenantId, db } = context;
  // Whoever opens an account on the same system waits here, so that one name is given once.
  const system = await takeSystem(context, wish.systemId);
  const person = await mustBePerson(context, wish.personId);
  if (system.retiredOn) refuse("systemRetired", { system: system.name, day: system.retiredOn }, ["systemId"]);
  const known = await db.maybe<{ login: string }>(sql`
    select login from it.account
    where tenant_id = ${tenantId} and system_id = ${wish.systemId} and person_id = ${wish.personId} and state <> 'closed'`);
  if (known) refuse("accountExists", { person: person.name, login: known.login, system: system.name });
  const login = wish.login ?? loginFor(person);
  const taken = await db.maybe(sql`
    select id from it.account
    where tenant_id = ${tenantId} and system_id = ${wish.systemId} and lower(login) = lower(${login}) and state <> 'closed'`);
  if (taken) refuse("loginTaken", { login, system: system.name }, ["login"]);
  const id = context.newId();
  await db.run(sql`
    insert into it.account (tenant_id, id, system_id, person_id, login, state, opened_on)
    values (${tenantId}, ${id}, ${wish.systemId}, ${wish.personId}, ${login}, 'open', ${wish.on}::date)`);
  context.emit("it.account.opened", { accountId: id, systemId: wish.systemId, personId: wish.personId });
  return id;
}

export const openAccount = operation({
  name: "it.account.open",
  title: "Open an account",
  does: "Records that a person has an account on a system. The password is handed over elsewhere and never kept here.",
  kind: "write",
  may: [...keepers],
  on: "it.system",
  input: z.strictObject({
    systemId: ref("it.system"),
    personId: ref("directory.person"),
    login: Text(120).optional().describe("By default the person's mail address."),
    on: Day.optional().describe("The day it was opened, today unless said otherwise."),
  }),
  output: z.object({ id: Id }),
  when: (system) => system["state"] === "active",
  refuses: openingRefusals,
  emits: ["it.account.opened"],
  run: async ({ on, ...wish }, context) => ({ id: await open(context, { ...wish, on: on ?? context.today }) }),
});

export const openNeededAccounts = operation({
  name: "it.account.openNeeded",
  title: "Open the accounts someone needs",
  does: "Opens an account on every system that everyone has or that comes with the person's job, where they have none yet.",
  kind: "write",
  may: [...keepers],
  on: "directory.person",
  input: z.strictObject({ personId: ref("directory.person"), on: Day.optional() }),
  output: z.object({ accountIds: z.array(Id) }),
  refuses: { notFound: openingRefusals.notFound, loginTaken: openingRefusals.loginTaken },
  emits: ["it.account.opened"],
  async run({ personId, on }, context) {
    await mustBePerson(context, personId);
    const missing = (await neededBy(context, personId)).filter((system) => system.account === null);
    const accountIds: KernelId[] = [];
    for (const { systemId } of missing) accountIds.push(await open(context, { systemId, personId, on: on ?? context.today }));
    return { accountIds };
  },
});

interface Account {
  readonly id: KernelId;
  readonly systemId: KernelId;
  readonly personId: KernelId;
  readonly state: "open" | "suspended" | "closed";
  readonly openedOn: KernelDay;
  readonly closedOn: KernelDay | null;
  readonly login: string;
}

async function takeAccount(context: WriteContext, accountId: KernelId): Promise<Account> {
  const found = await context.db.maybe<Account>(sql`
    select id, system_id, person_id, state, opened_on, closed_on, login from it.account
    where tenant_id = ${context.tenantId} and id = ${accountId} for update`);
  return found ?? refuse("notFound", {}, ["accountId"]);
}

async function setState(context: WriteContext, account: Account, state: "open" | "suspended", note: string | undefined): Promise<void> {
  await context.db.run(sql`
    update it.account set state = ${state}, note = coalesce(${note ?? null}, note)
    where tenant_id = ${context.tenantId} and id = ${account.id}`);
}

export const suspendAccount = operation({
  name: "it.account.suspend",
  title: "Suspend an account",
  does: "Says that an account cannot be used for now, without closing it.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ accountId: ref("it.account"), note: LongText(1000).describe("Why.") }),
  output: z.object({ id: Id }),
  when: (account) => account["state"] === "open",
  refuses: { notFound: "There is no such account.", notOpen: "The account {login} is {state}. Only an open account can be suspended." },
  emits: ["it.account.suspended"],
  async run({ accountId, note }, context) {
    const account = await takeAccount(context, accountId);
    if (account.state !== "open") refuse("notOpen", { login: account.login, state: account.state });
    await setState(context, account, "suspended", note);
    context.emit("it.account.suspended", { accountId, systemId: account.systemId, personId: account.personId });
    return { id: accountId };
  },
});

export const resumeAccount = operation({
  name: "it.account.resume",
  title: "Resume an account",
  does: "Says that a suspended account can be used again.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ accountId: ref("it.account"), note: LongText(1000).optional() }),
  output: z.object({ id: Id }),
  when: (account) => account["state"] === "suspended",
  refuses: {
    notFound: "There is no such account.",
    notSuspended: "The account {login} is {state}. Only a suspended account can be resumed.",
  },
  emits: ["it.account.resumed"],
  async run({ accountId, note }, context) {
    const account = await takeAccount(context, accountId);
    if (account.state !== "suspended") refuse("notSuspended", { login: account.login, state: account.state });
    await setState(context, account, "open", note);
    context.emit("it.account.resumed", { accountId, systemId: account.systemId, personId: account.personId });
    return { id: accountId };
  },
});

async function close(context: WriteContext, account: Account, on: KernelDay, note: string | undefined): Promise<void> {
  await context.db.run(sql`
    update it.account set state = 'closed', closed_on = ${on}::date, note = coalesce(${note ?? null}, note)
    where tenant_id = ${context.tenantId} and id = ${account.id}`);
  // What the account allowed ends with it; what was only planned never begins.
  await context.db.run(sql`
    delete from it.access_grant where tenant_id = ${context.tenantId} and account_id = ${account.id} and lower(during) > ${on}::date`);
  await context.db.run(sql`
    update it.access_grant set during = daterange(lower(during), ${on}::date, '[]')
    where tenant_id = ${context.tenantId} and account_id = ${account.id} and (upper(during) is null or upper(during) > ${on}::date + 1)`);
  context.emit("it.account.closed", { accountId: account.id, systemId: account.systemId, personId: account.personId, on });
}

const closingRefusals = {
  beforeOpened: "The account {login} was opened on {day}. It cannot be closed before.",
  dayToCome: "{on} is still to come. Close it on the day itself.",
};

function checkClosing(context: WriteContext, account: Account, on: KernelDay): void {
  if (on > context.today) refuse("dayToCome", { on }, ["on"]);
  if (on < account.openedOn) refuse("beforeOpened", { login: account.login, day: account.openedOn }, ["on"]);
}

export const closeAccount = operation({
  name: "it.account.close",
  title: "Close an account",
  does: "Says that an account is closed on its system, and ends everything it allowed.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ accountId: ref("it.account"), on: Day.optional(), note: LongText(1000).optional() }),
  output: z.object({ id: Id }),
  when: (account) => account["state"] !== "closed",
  refuses: { notFound: "There is no such account.", accountClosed: "The account {login} was closed on {day}.", ...closingRefusals },
  emits: ["it.account.closed"],
  async run({ accountId, on, note }, context) {
    const account = await takeAccount(context, accountId);
    if (account.state === "closed") refuse("accountClosed", { login: account.login, day: account.closedOn });
    checkClosing(context, account, on ?? context.today);
    await close(context, account, on ?? context.today, note);
    return { id: accountId };
  },
});

export const closeAllAccounts = operation({
  name: "it.account.closeAll",
  title: "Close all accounts of someone",
  does: "Closes every account a person still has and frees their licences, for someone who leaves.",
  kind: "write",
  may: [...keepers],
  on: "directory.person",
  input: z.strictObject({ personId: ref("directory.person"), on: Day.optional(), note: LongText(1000).optional() }),
  output: z.object({ closed: z.number().int(), seats: z.number().int() }),
  refuses: { notFound: "There is no such person.", ...closingRefusals },
  emits: ["it.account.closed"],
  async run({ personId, on, note }, context) {
    await mustBePerson(context, personId);
    const day = on ?? context.today;
    const accounts = await context.db.rows<Account>(sql`
      select id, system_id, person_id, state, opened_on, closed_on, login from it.account
      where tenant_id = ${context.tenantId} and person_id = ${personId} and state <> 'closed' order by id for update`);
    for (const account of accounts) {
      checkClosing(context, account, day);
      await close(context, account, day, note);
    }
    const seats = await context.db.run(sql`
      update it.licence_seat set ended_on = greatest(from_day, ${day}::date)
      where tenant_id = ${context.tenantId} and person_id = ${personId} and ended_on is null`);
    return { closed: accounts.length, seats };
  },
});
