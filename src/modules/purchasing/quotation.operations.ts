// Quotations: what suppliers ask for what somebody wants, side by side, and why one was chosen.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as RecordId } from "../../kernel/id.ts";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { CurrencyCode, Day, FileId, Id, LongText, Money, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { voidApprovals } from "../office/index.ts";
import { buyers, mustBe, mustSupply, stateRefusals, supplierUnknown } from "./request.operations.ts";

export const quotationRegister = register({
  name: "purchasing.quotation",
  title: "Quotations",
  does: "What suppliers ask for a request, the dearest and the cheapest side by side, and which was chosen and why.",
  may: buyers,
  row: z.object({
    id: Id,
    label: z.string(),
    requestId: ref("purchasing.request"),
    request: z.string(),
    supplierId: ref("directory.supplier"),
    supplier: z.string(),
    amount: Money,
    above: Money.describe("By how much it is above the cheapest of its request."),
    deliveryDay: Day.nullable(),
    validUntil: Day.nullable(),
    state: z.enum(["open", "lapsed", "chosen", "beaten"]),
    reason: z.string().nullable(),
    chosenBy: z.string().nullable(),
    text: z.string().nullable(),
    fileId: FileId.nullable(),
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["label", "request", "supplier"],
  sort: "label",
  from: (context, asOf) => sql`
    select q.id, r.title || ' from ' || y.name as label, q.request_id, r.title as request, q.supplier_id, y.name as supplier, q.amount,
      q.amount - min(q.amount) over (partition by q.request_id, q.currency) as above, q.delivery_day, q.valid_until,
      case when q.chosen_at is not null then 'chosen'
        when bool_or(q.chosen_at is not null) over (partition by q.request_id) then 'beaten'
        when q.valid_until < ${asOf}::date then 'lapsed' else 'open' end as state,
      q.reason, q.chosen_by_name as chosen_by, q.text, q.file_id, q.currency
    from purchasing.quotation q
    join purchasing.request r on r.tenant_id = ${context.tenantId} and r.id = q.request_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = q.supplier_id
    where q.tenant_id = ${context.tenantId}`,
});

const quotable = ["draft", "submitted", "approved", "declined"];

const recordQuotation = operation({
  name: "purchasing.request.quote",
  title: "Record a quotation",
  does: "Writes down what a supplier asks for what is wanted, to be compared with others.",
  kind: "write",
  may: buyers,
  input: z.strictObject({
    requestId: ref("purchasing.request"),
    supplierId: ref("directory.supplier"),
    amount: Money.describe("Without tax, for all that is wanted."),
    validUntil: Day.optional(),
    deliveryDay: Day.optional(),
    text: LongText(2000).optional(),
    fileId: FileId.optional().describe("The supplier's paper."),
  }),
  output: z.object({ id: Id, quotationId: ref("purchasing.quotation") }),
  when: (record) => quotable.includes(String(record["state"])),
  refuses: { ...stateRefusals, supplierUnknown, amountNotPositive: "The amount must be more than zero." },
  emits: ["purchasing.quotation.recorded"],
  async run(input, context) {
    await mustBe(context, input.requestId, ...quotable);
    await mustSupply(context, input.supplierId);
    if (input.amount.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
    if (input.fileId) await context.readFile(input.fileId);
    const id = context.newId();
    await context.db.run(sql`
      insert into purchasing.quotation
        (tenant_id, id, request_id, supplier_id, amount, currency, valid_until, delivery_day, text, file_id, by_name, at)
      values (${context.tenantId}, ${id}, ${input.requestId}, ${input.supplierId}, ${input.amount.minor}, ${input.amount.currency},
        ${input.validUntil ?? null}, ${input.deliveryDay ?? null}, ${input.text ?? null}, ${input.fileId ?? null}, ${context.actor.name},
        ${context.now})`);
    context.emit("purchasing.quotation.recorded", { requestId: input.requestId, quotationId: id });
    return { id: input.requestId, quotationId: id };
  },
});

interface QuotationRow {
  readonly id: RecordId;
  readonly requestId: RecordId;
  readonly supplierId: RecordId;
  readonly amount: bigint;
  readonly currency: string;
  readonly validUntil: KernelDay | null;
}

const chooseQuotation = operation({
  name: "purchasing.quotation.choose",
  title: "Choose this quotation",
  does: "Takes supplier and amount of the quotation into its request, and keeps why. A request that changes by it is approved anew.",
  kind: "write",
  may: buyers,
  input: z.strictObject({ quotationId: ref("purchasing.quotation"), reason: LongText(500).min(5, "says why this one, in a few words") }),
  output: z.object({ id: Id, requestId: ref("purchasing.request"), approvalVoid: z.boolean() }),
  when: (record) => record["state"] === "open" || record["state"] === "beaten",
  refuses: {
    ...stateRefusals,
    quotationUnknown: "There is no such quotation.",
    lapsed: "The quotation was valid until {day}. Ask the supplier again.",
  },
  emits: ["purchasing.quotation.chosen", "purchasing.request.changed"],
  async run(input, context) {
    const { tenantId } = context;
    const quotation = await context.db.maybe<QuotationRow>(sql`
      select id, request_id, supplier_id, amount, currency, valid_until from purchasing.quotation
      where tenant_id = ${tenantId} and id = ${input.quotationId}`);
    if (!quotation) refuse("quotationUnknown", {}, ["quotationId"]);
    const request = await mustBe(context, quotation.requestId, ...quotable);
    if (quotation.validUntil && quotation.validUntil < context.today) refuse("lapsed", { day: quotation.validUntil });
    await context.db.run(sql`
      update purchasing.quotation set chosen_at = null, chosen_by_name = null, reason = null
      where tenant_id = ${tenantId} and request_id = ${request.id} and chosen_at is not null`);
    await context.db.run(sql`
      update purchasing.quotation set chosen_at = ${context.now}, chosen_by_name = ${context.actor.name}, reason = ${input.reason}
      where tenant_id = ${tenantId} and id = ${quotation.id}`);
    const amount = new KernelMoney(quotation.amount, quotation.currency);
    const isSame =
      request.supplierId === quotation.supplierId &&
      request.currency === quotation.currency &&
      amount.equals(new KernelMoney(request.amount, request.currency));
    if (!isSame) {
      await voidApprovals(context, { subject: "purchasing.request", id: request.id }, "A quotation was chosen.");
      await context.db.run(sql`
        update purchasing.request set state = 'draft', approval_id = null, supplier_id = ${quotation.supplierId},
          amount = ${quotation.amount}, currency = ${quotation.currency}
        where tenant_id = ${tenantId} and id = ${request.id}`);
      context.emit("purchasing.request.changed", { requestId: request.id });
    }
    context.emit("purchasing.quotation.chosen", { quotationId: quotation.id, requestId: request.id });
    return { id: quotation.id, requestId: request.id, approvalVoid: !isSame && request.state !== "draft" };
  },
});

export const quotationOperations = [recordQuotation, chooseQuotation];
