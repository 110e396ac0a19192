// The chart of accounts: a tree in which only the lowest accounts take postings, and the jobs those accounts do.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { accountTypes, controlOf } from "./chart.ts";
import { postingRefusals } from "./entry.rules.ts";
import { accountRoles } from "./role.ts";

export const accountRegister = register({
  name: "finance.account",
  title: "Chart of accounts",
  does: "Every account of the books with its place in the tree, the job it does and its balance.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    account: z.string(),
    code: z.string(),
    name: z.string(),
    type: z.enum(accountTypes),
    parentId: ref("finance.account").nullable(),
    parent: z.string().nullable(),
    isGroup: z.boolean(),
    control: z.enum(["receivable", "payable"]).nullable(),
    roles: z.string(),
    balance: Money.describe("Debit positive, credit negative."),
    retiredFrom: Day.nullable(),
    state: z.enum(["open", "group", "retired"]),
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "account",
  search: ["account"],
  sort: "code",
  dated: true,
  from: (context, asOf) => sql`
    select a.id, a.code || ' ' || a.name as account, a.code, a.name, a.type, a.parent_id, up.code || ' ' || up.name as parent,
      a.is_group, a.control, a.retired_from, b.name as books, a.book_id, b.currency,
      coalesce((select string_agg(r.role, ', ' order by r.role) from finance.account_role r
        where r.tenant_id = ${context.tenantId} and r.account_id = a.id), '') as roles,
      coalesce((select sum(k.debit - k.credit) from finance.balance k
          join finance.period p on p.tenant_id = ${context.tenantId} and p.id = k.period_id and p.until_day <= ${asOf}::date
          where k.tenant_id = ${context.tenantId} and k.account_id = a.id), 0)::bigint
        + coalesce((select sum(l.amount) from finance.period p
          join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.account_id = a.id
            and l.day between p.from_day and ${asOf}::date
          where p.tenant_id = ${context.tenantId} and p.book_id = a.book_id
            and p.from_day <= ${asOf}::date and p.until_day > ${asOf}::date), 0)::bigint as balance,
      case when a.retired_from <= ${asOf}::date then 'retired' when a.is_group then 'group' else 'open' end as state
    from finance.account a
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = a.book_id
    left join finance.account up on up.tenant_id = ${context.tenantId} and up.id = a.parent_id
    where a.tenant_id = ${context.tenantId}`,
});

interface AccountRow {
  id: KernelId;
  code: string;
  type: string;
  isGroup: boolean;
  bookId: KernelId;
}

const findAccount = async (context: WriteContext, id: KernelId): Promise<AccountRow> =>
  (await context.db.maybe<AccountRow>(sql`
    select id, code, type, is_group, book_id from finance.account where tenant_id = ${context.tenantId} and id = ${id} for update`)) ??
  refuse("notFound");

export const createAccount = operation({
  name: "finance.account.create",
  title: "Add an account",
  does: "Adds an account to the chart, below a group of the same type.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    parentId: ref("finance.account"),
    code: z.string().regex(/^[0-9A-Za-z.-]{1,20}$/, "has letters, digits, dots and dashes, at most 20"),
    name: Text(100),
    isGroup: z.boolean().default(false).describe("Gathers other accounts and takes no postings."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such account to put it below.",
    parentNotGroup: "Account {parent} takes postings itself. Choose a group.",
    codeTaken: "There is an account {code} already. Choose another code.",
  },
  constraints: { account_code: "codeTaken" },
  example: { parentId: "01990000-0000-7000-8000-000000000001", code: "6340", name: "Company phones" },
  async run(input, context) {
    const parent = await findAccount(context, input.parentId);
    if (!parent.isGroup) refuse("parentNotGroup", { parent: parent.code }, ["parentId"]);
    const taken = await context.db.maybe(sql`
      select id from finance.account where tenant_id = ${context.tenantId} and book_id = ${parent.bookId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.account (tenant_id, id, book_id, code, name, type, parent_id, is_group)
      values (${context.tenantId}, ${id}, ${parent.bookId}, ${input.code}, ${input.name}, ${parent.type}, ${parent.id}, ${input.isGroup})`);
    return { id };
  },
});

export const renameAccount = operation({
  name: "finance.account.rename",
  title: "Rename an account",
  does: "Gives an account another name; its code and everything posted to it stay.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ accountId: ref("finance.account"), name: Text(100) }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such account." },
  when: (record) => record["state"] !== "retired",
  async run(input, context) {
    const account = await findAccount(context, input.accountId);
    // Reports as known before today keep calling it what it was called.
    await context.db.run(sql`
      insert into finance.account_name (tenant_id, id, account_id, name, until_at, person_id, by_name)
      select ${context.tenantId}, ${context.newId()}, a.id, a.name, ${context.now}, ${context.actor.personId}, ${context.actor.name}
      from finance.account a where a.tenant_id = ${context.tenantId} and a.id = ${account.id}`);
    await context.db.run(sql`
      update finance.account set name = ${input.name} where tenant_id = ${context.tenantId} and id = ${account.id}`);
    return { id: account.id };
  },
});

export const retireAccount = operation({
  name: "finance.account.retire",
  title: "Retire an account",
  does: "Lets an account take no more postings from a day on; what is posted stays.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ accountId: ref("finance.account"), from: Day }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such account.",
    hasJob: "Account {account} does a job in these books ({roles}). Give the job to another account first.",
  },
  when: (record) => record["state"] === "open" && record["roles"] === "",
  async run(input, context) {
    const account = await findAccount(context, input.accountId);
    const jobs = await context.db.rows<{ role: string }>(sql`
      select role from finance.account_role where tenant_id = ${context.tenantId} and account_id = ${account.id} order by role`);
    if (jobs.length > 0) refuse("hasJob", { account: account.code, roles: jobs.map((job) => job.role).join(", ") });
    await context.db.run(sql`
      update finance.account set retired_from = ${input.from} where tenant_id = ${context.tenantId} and id = ${account.id}`);
    return { id: account.id };
  },
});

export const setAccountRole = operation({
  name: "finance.accountRole.set",
  title: "Give an account a job",
  does: "Names the account to which a job such as sales or payroll is posted from now on.",
  kind: "write",
  may: ["finance.manager"],
  on: "finance.account",
  input: z.strictObject({ accountId: ref("finance.account"), role: z.enum(accountRoles) }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such account.",
    accountIsGroup: postingRefusals.accountIsGroup,
    controlAccountFixed: "The control accounts of receivables and payables are set up with the books and stay.",
  },
  when: (record) => record["state"] === "open",
  async run(input, context) {
    const account = await findAccount(context, input.accountId);
    if (account.isGroup) refuse("accountIsGroup", { account: account.code }, ["accountId"]);
    if (controlOf(input.role) !== null) refuse("controlAccountFixed", {}, ["role"]);
    await context.db.run(sql`
      insert into finance.account_role (tenant_id, book_id, role, account_id)
      values (${context.tenantId}, ${account.bookId}, ${input.role}, ${account.id})
      on conflict (tenant_id, book_id, role) do update set account_id = excluded.account_id`);
    return { id: account.id };
  },
});
