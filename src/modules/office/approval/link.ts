// Links in mails by which whoever is asked decides without signing in: signed with the company's own key, bound to one person and one
// content, good for one press within a week. Looking decides nothing.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { addDays } from "../../../kernel/day.ts";
import { type Id, isId } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import { wordsOf } from "../../../platform/operation/catalogue.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type LinkDoor, linkPath } from "../../../platform/operation/link.ts";
import { amountOf, approvalById, type ApprovalRow } from "./approval.store.ts";

const validDays = 7;

/** Mails someone a link to decide on a wish; they may turn such mails off. */
export async function sendLink(context: WriteContext, row: ApprovalRow, personId: Id): Promise<void> {
  const id = context.newId();
  const expiresAt = new Date(context.now.getTime() + validDays * 86_400_000);
  const token = await tokenFor(context, { id, personId, hash: row.hash, expiresAt }, await ownKey(context));
  await context.db.run(sql`
    insert into office.approval_link (tenant_id, id, approval_id, person_id, hash, expires_at)
    values (${context.tenantId}, ${id}, ${row.id}, ${personId}, ${row.hash}, ${expiresAt})`);
  const amount = row.isConfidential ? null : amountOf(row);
  await context.notify({
    personId,
    title: `Decide: ${row.title}`,
    text: [
      ...(amount ? [`Amount: ${amount.toString()}`] : []),
      `Look at it and decide: ${context.address}${linkPath}/${token}`,
      `The link is yours alone and works once, until ${addDays(context.today, validDays)}. Do not pass it on.`,
    ].join("\n"),
    about: { subject: "office.approval", id: row.id },
    event: "office.approval.asked",
    mail: true,
    key: `approval-link:${id}`,
  });
}

interface Link {
  readonly id: Id;
  readonly personId: Id;
  readonly hash: string;
  readonly expiresAt: Date;
}

async function ownKey(context: WriteContext): Promise<Buffer> {
  await context.db.run(sql`
    insert into office.link_key (tenant_id, key) values (${context.tenantId}, ${randomBytes(32)}) on conflict (tenant_id) do nothing`);
  return (await keyOf(context))!;
}

const keyOf = async (context: ReadContext): Promise<Buffer | undefined> =>
  (await context.db.maybe<{ key: Buffer }>(sql`select key from office.link_key where tenant_id = ${context.tenantId}`))?.key;

async function tokenFor({ tenantId }: ReadContext, link: Link, key: Buffer): Promise<string> {
  return `${tenantId}.${link.id}.${sealOf(tenantId, link, key).toString("base64url")}`;
}

const sealOf = (tenantId: Id, { id, personId, hash, expiresAt }: Link, key: Buffer): Buffer =>
  createHmac("sha256", key).update([tenantId, id, personId, hash, expiresAt.toISOString()].join(" ")).digest();

interface KnownLink extends Link {
  readonly approvalId: Id;
  readonly userId: Id;
}

/** What a link stands for, while it is good; the row is locked for whoever is about to use it up. */
export async function linkIn(context: ReadContext, token: string, lock = false): Promise<KnownLink | undefined> {
  const [tenantId = "", id = "", seal = ""] = token.split(".");
  if (tenantId !== context.tenantId || !isId(id)) return undefined;
  const key = await keyOf(context);
  const link = await context.db.maybe<KnownLink>(sql`
    select l.id, l.approval_id, l.person_id, l.hash, l.expires_at, m.user_id from office.approval_link l
    join identity.member m on m.tenant_id = l.tenant_id and m.person_id = l.person_id and m.disabled_at is null
    where l.tenant_id = ${context.tenantId} and l.id = ${id} and l.used_at is null and l.expires_at > ${context.now}
    ${lock ? sql`for update of l` : sql``}`);
  if (!key || !link) return undefined;
  const [ours, given] = [sealOf(context.tenantId, link, key), Buffer.from(seal, "base64url")];
  return given.length === ours.length && timingSafeEqual(given, ours) ? link : undefined;
}

export const useUp = (context: WriteContext, linkId: Id): Promise<number> =>
  context.db.run(sql`
    update office.approval_link set used_at = ${context.now}
    where tenant_id = ${context.tenantId} and id = ${linkId} and used_at is null`);

export const linkDoor: LinkDoor = {
  async look(token, context) {
    const link = await linkIn(context, token);
    const row = link && (await approvalById(context, link.approvalId));
    if (!row || row.state !== "open" || row.hash !== link.hash) return undefined;
    const amount = amountOf(row);
    const who = row.requestedBy && (await nameOf(context, row.requestedBy));
    return {
      title: row.title,
      facts: [...(who ? [["Asked by", who] as const] : []), ...(amount ? [["Amount", amount.toString()] as const] : []), ...shownOf(row)],
      buttons: [
        { value: "approve", title: "Approve" },
        { value: "decline", title: "Decline" },
      ],
      asks: "Why (needed when you decline)",
      userId: link.userId,
      operation: "office.approval.decideByLink",
    };
  },
};

/** The plain fields of what is asked for; what they refer to is looked up in the app. */
function shownOf(row: ApprovalRow): [string, string][] {
  const fields = { ...row.asksInput, ...(row.snapshot as object | null) };
  return Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" && !isId(value) && value.length <= 500 ? [[wordsOf(name), value]] : [],
  );
}

export async function nameOf(context: ReadContext, personId: Id): Promise<string> {
  const { name } = await context.db.row<{ name: string }>(sql`
    select name from directory.party where tenant_id = ${context.tenantId} and id = ${personId}`);
  return name;
}
