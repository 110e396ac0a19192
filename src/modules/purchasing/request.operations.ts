// Purchase requests: what somebody wants bought, decided by a second person within their limit, ordered, billed, paid.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref, Text } from "../../platform/operation/field.ts";
import { anyone, houseOnceAgreed, operation, whoever } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { approvable, decidesAbout, requestApproval, voidApprovals } from "../office/index.ts";

export const buyers = ["purchasing.manager", "finance.accountant", "finance.manager", "office.manager"];

export const supplierUnknown = "There is no such supplier. Add the organisation with the role supplier first.";

const Kind = z.enum(["equipment", "supplies", "service"]);

export const requestRegister = register({
  name: "purchasing.request",
  title: "Purchase requests",
  does: "What people want bought, from the wish to the paid bill.",
  may: [...buyers, whoever("who asked for it", () => true)],
  row: z.object({
    id: Id,
    label: z.string(),
    title: z.string(),
    why: z.string().nullable(),
    kind: Kind,
    supplierId: ref("directory.organisation"),
    supplier: z.string(),
    amount: Money,
    wantedBy: Day,
    requesterId: ref("directory.person"),
    requester: z.string(),
    state: z.enum(["draft", "submitted", "approved", "declined", "withdrawn", "ordered", "closed"]),
    orderedOn: Day.nullable(),
    billId: ref("finance.bill").nullable(),
    assetId: ref("assets.asset").nullable(),
  }),
  label: "label",
  search: ["label", "title", "supplier", "requester"],
  sort: "-label",
  totals: ["amount"],
  sees: (context) => sql`(r.requester_id = ${context.actor.personId} or r.id in (${decidesAbout(context, "purchasing.request")}))`,
  from: (context) => sql`
    select q.id, 'PR-' || lpad(q.number::text, 5, '0') || ' ' || q.title as label, q.title, q.why, q.kind,
      q.supplier_id, s.name as supplier,
      q.amount, q.currency, q.wanted_by, q.requester_id, p.name as requester, q.state, q.ordered_on, q.bill_id, q.asset_id
    from purchasing.request q
    join directory.party s on s.tenant_id = q.tenant_id and s.id = q.supplier_id
    join directory.party p on p.tenant_id = q.tenant_id and p.id = q.requester_id
    where q.tenant_id = ${context.tenantId}`,
});

export interface RequestRow {
  readonly id: RecordId;
  readonly title: string;
  readonly kind: z.output<typeof Kind>;
  readonly supplierId: RecordId;
  readonly amount: bigint;
  readonly currency: string;
  readonly wantedBy: z.output<typeof Day>;
  readonly requesterId: RecordId;
  readonly state: string;
  readonly billId: RecordId | null;
  readonly assetId: RecordId | null;
}

export function requestById(context: ReadContext, id: RecordId, lock = false): Promise<RequestRow | undefined> {
  return context.db.maybe<RequestRow>(sql`
    select id, title, kind, supplier_id, amount, currency, wanted_by, requester_id, state, bill_id, asset_id
    from purchasing.request where tenant_id = ${context.tenantId} and id = ${id} ${lock ? sql`for update` : sql``}`);
}

/** Reads a request with a lock, or refuses. */
export async function mustBe(context: WriteContext, id: RecordId, ...states: readonly string[]): Promise<RequestRow> {
  const found = await requestById(context, id, true);
  if (!found) refuse("notFound");
  if (!states.includes(found.state)) refuse("wrongState", { state: found.state });
  return found;
}

/** The refusals that `mustBe` gives. */
export const stateRefusals = {
  notFound: "There is no such purchase request, or it is not yours to see.",
  wrongState: "The request is {state}; this cannot be done now.",
};

export const setState = (context: WriteContext, id: RecordId, state: string): Promise<number> =>
  context.db.run(sql`update purchasing.request set state = ${state} where tenant_id = ${context.tenantId} and id = ${id}`);

const requester = whoever<{ requestId: RecordId }>(
  "who asked for it",
  async (input, context) => (await requestById(context, input.requestId))?.requesterId === context.actor.personId,
);

const wish = {
  title: Text(120),
  kind: Kind,
  supplierId: ref("directory.supplier"),
  amount: Money,
  wantedBy: Day,
  why: LongText(2000).optional(),
};

export const createRequest = operation({
  name: "purchasing.request.create",
  title: "Ask for a purchase",
  does: "Writes down what should be bought, from whom, for how much and by when.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    ...wish,
    submit: z
      .boolean()
      .optional()
      .meta({ title: "Submit for approval at once", "x-start": true })
      .describe("Otherwise it stays a draft that nobody is asked about."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    noPerson: "Only a person of the directory can ask for a purchase.",
    supplierUnknown,
    amountNotPositive: "The amount must be more than zero.",
  },
  emits: ["purchasing.request.created", "purchasing.request.submitted"],
  async run(input, context) {
    const { personId } = context.actor;
    if (!personId) refuse("noPerson");
    await mustSupply(context, input.supplierId);
    if (input.amount.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
    const { number } = await context.db.row<{ number: number }>(sql`
      insert into purchasing.counter as c (tenant_id, last) values (${context.tenantId}, 1)
      on conflict (tenant_id) do update set last = c.last + 1 returning last as number`);
    const id = context.newId();
    await context.db.run(sql`
      insert into purchasing.request
        (tenant_id, id, number, title, why, kind, supplier_id, amount, currency, wanted_by, requester_id, state)
      values (${context.tenantId}, ${id}, ${number}, ${input.title}, ${input.why ?? null}, ${input.kind}, ${input.supplierId},
        ${input.amount.minor}, ${input.amount.currency}, ${input.wantedBy}, ${personId}, 'draft')`);
    context.emit("purchasing.request.created", { requestId: id });
    if (input.submit) {
      const { submit: _, why: _why, amount, ...rest } = input;
      await sendOn(context, { ...rest, id, amount: amount.minor, currency: amount.currency, requesterId: personId });
    }
    return { id };
  },
});

/** Refuses `supplierUnknown`. */
export async function mustSupply(context: WriteContext, supplierId: RecordId): Promise<void> {
  const supplier = await context.db.maybe(sql`
    select party_id from directory.party_role where tenant_id = ${context.tenantId} and party_id = ${supplierId} and role = 'supplier'
      and from_day <= ${context.today}::date and (until_day is null or until_day >= ${context.today}::date)`);
  if (!supplier) refuse("supplierUnknown", {}, ["supplierId"]);
}

/** Once approved the request may be ordered. Asked for by an approval only, never by hand. */
export const approveRequest = approvable(
  operation({
    name: "purchasing.request.approve",
    title: "Approve a purchase request",
    does: "Releases a request for ordering; the house does it when the approval was given.",
    kind: "write",
    may: [houseOnceAgreed],
    // Never offered on screen: the decision is made on the approval.
    when: () => false,
    input: z.strictObject({ requestId: ref("purchasing.request") }),
    output: z.object({ id: Id }),
    refuses: stateRefusals,
    emits: ["purchasing.request.approved"],
    async run(input, context) {
      await mustBe(context, input.requestId, "submitted");
      await setState(context, input.requestId, "approved");
      context.emit("purchasing.request.approved", { requestId: input.requestId });
      return { id: input.requestId };
    },
  }),
);

export const submitRequest = operation({
  name: "purchasing.request.submit",
  title: "Submit for approval",
  does: "Sends the request to whoever may decide on this amount.",
  kind: "write",
  may: [requester],
  input: z.strictObject({ requestId: ref("purchasing.request") }),
  output: z.object({ id: Id, approvalId: Id }),
  when: (record) => record["state"] === "draft" || record["state"] === "declined",
  refuses: stateRefusals,
  emits: ["purchasing.request.submitted"],
  async run(input, context) {
    const request = await mustBe(context, input.requestId, "draft", "declined");
    return { id: request.id, approvalId: await sendOn(context, request) };
  },
});

/** Asks whoever may decide on this amount. */
async function sendOn(context: WriteContext, request: Omit<RequestRow, "state" | "billId" | "assetId">): Promise<RecordId> {
  const amount = new KernelMoney(request.amount, request.currency);
  const approvalId = await requestApproval(context, {
    title: request.title,
    about: { subject: "purchasing.request", id: request.id },
    activity: "purchasing.approval",
    amount,
    asks: { operation: approveRequest, input: { requestId: request.id } },
    snapshot: { title: request.title, supplierId: request.supplierId, amount, kind: request.kind, wantedBy: request.wantedBy },
  });
  await context.db.run(sql`
    update purchasing.request set state = 'submitted', approval_id = ${approvalId}
    where tenant_id = ${context.tenantId} and id = ${request.id}`);
  context.emit("purchasing.request.submitted", { requestId: request.id, personId: request.requesterId });
  return approvalId;
}

export const changeRequest = operation({
  name: "purchasing.request.change",
  title: "Change the request",
  does: "Changes what is asked for. An approval that was asked for or given no longer counts.",
  kind: "write",
  may: [requester],
  input: z.strictObject({
    requestId: ref("purchasing.request"),
    title: wish.title.optional(),
    supplierId: wish.supplierId.optional(),
    amount: wish.amount.optional(),
    wantedBy: wish.wantedBy.optional(),
    why: wish.why,
  }),
  output: z.object({ id: Id }),
  when: (record) => ["draft", "submitted", "approved", "declined"].includes(String(record["state"])),
  refuses: {
    ...stateRefusals,
    supplierUnknown,
    amountNotPositive: "The amount must be more than zero.",
  },
  emits: ["purchasing.request.changed"],
  async run(input, context) {
    await mustBe(context, input.requestId, "draft", "submitted", "approved", "declined");
    if (input.supplierId) await mustSupply(context, input.supplierId);
    if (input.amount && input.amount.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
    await voidApprovals(context, { subject: "purchasing.request", id: input.requestId }, "The request was changed.");
    await context.db.run(sql`
      update purchasing.request set state = 'draft', approval_id = null,
        title = coalesce(${input.title ?? null}, title), supplier_id = coalesce(${input.supplierId ?? null}::uuid, supplier_id),
        amount = coalesce(${input.amount?.minor ?? null}::bigint, amount), currency = coalesce(${input.amount?.currency ?? null}, currency),
        wanted_by = coalesce(${input.wantedBy ?? null}::date, wanted_by), why = coalesce(${input.why ?? null}, why)
      where tenant_id = ${context.tenantId} and id = ${input.requestId}`);
    context.emit("purchasing.request.changed", { requestId: input.requestId });
    return { id: input.requestId };
  },
});

export const withdrawRequest = operation({
  name: "purchasing.request.withdraw",
  title: "Withdraw the request",
  does: "Takes the wish back before it was ordered.",
  kind: "write",
  may: [requester],
  input: z.strictObject({ requestId: ref("purchasing.request") }),
  output: z.object({ id: Id }),
  when: (record) => ["draft", "submitted", "approved"].includes(String(record["state"])),
  refuses: stateRefusals,
  emits: ["purchasing.request.withdrawn"],
  async run(input, context) {
    await mustBe(context, input.requestId, "draft", "submitted", "approved");
    await voidApprovals(context, { subject: "purchasing.request", id: input.requestId }, "The request was withdrawn.");
    await setState(context, input.requestId, "withdrawn");
    context.emit("purchasing.request.withdrawn", { requestId: input.requestId });
    return { id: input.requestId };
  },
});

export const orderRequest = operation({
  name: "purchasing.request.order",
  title: "Record the order",
  does: "Notes that the supplier was given the order.",
  kind: "write",
  may: buyers,
  input: z.strictObject({ requestId: ref("purchasing.request"), on: Day.optional() }),
  output: z.object({ id: Id }),
  when: (record) => record["state"] === "approved",
  refuses: stateRefusals,
  emits: ["purchasing.request.ordered"],
  async run(input, context) {
    await mustBe(context, input.requestId, "approved");
    await context.db.run(sql`
      update purchasing.request set state = 'ordered', ordered_on = ${input.on ?? context.today}
      where tenant_id = ${context.tenantId} and id = ${input.requestId}`);
    context.emit("purchasing.request.ordered", { requestId: input.requestId });
    return { id: input.requestId };
  },
});
