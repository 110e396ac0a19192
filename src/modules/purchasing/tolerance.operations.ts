// By how much a bill may differ from its order before someone has to look at it: for all suppliers, and for one.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { DecimalText, Id, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import type { MatchPolicy } from "./order.store.ts";

const roles = ["finance.manager", "purchasing.manager"];

/** The supplier's own settings, else those for all, else the order alone without any tolerance. */
export async function settingsFor(context: ReadContext, supplierId: RecordId): Promise<{ readonly policy: MatchPolicy }> {
  const found = await context.db.maybe<{ policy: MatchPolicy }>(sql`
    select policy from purchasing.tolerance
    where tenant_id = ${context.tenantId} and (supplier_id = ${supplierId} or supplier_id is null)
    order by supplier_id nulls last limit 1`);
  return found ?? { policy: "twoWay" };
}

export const toleranceRegister = register({
  name: "purchasing.tolerance",
  title: "Tolerances of bills",
  does: "By how much bills may differ from their orders, for all suppliers and for single ones.",
  may: ["finance.accountant", "finance.manager", "purchasing.manager"],
  row: z.object({
    id: Id,
    label: z.string(),
    supplierId: ref("directory.supplier").nullable(),
    supplier: z.string().nullable(),
    policy: z.enum(["none", "twoWay", "threeWay"]),
    quantityPercent: DecimalText,
    quantityAbsolute: DecimalText.nullable(),
    pricePercent: DecimalText,
    priceAbsolute: DecimalText.nullable(),
  }),
  label: "label",
  search: ["label"],
  sort: "label",
  from: (context) => sql`
    select t.id, coalesce(y.name, 'All suppliers') as label, t.supplier_id, y.name as supplier, t.policy,
      trim_scale(t.quantity_percent)::text as quantity_percent, trim_scale(t.quantity_absolute)::text as quantity_absolute,
      trim_scale(t.price_percent)::text as price_percent, trim_scale(t.price_absolute)::text as price_absolute
    from purchasing.tolerance t
    left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = t.supplier_id
    where t.tenant_id = ${context.tenantId}`,
});

const Percent = DecimalText.regex(/^(100|\d{1,2}(\.\d{1,4})?)$/, "is a percentage from 0 to 100").meta({ "x-kind": "decimal" });
const Size = DecimalText.regex(/^\d{1,12}(\.\d{1,6})?$/, "is not below zero").meta({ "x-kind": "decimal" });

const setTolerance = operation({
  name: "purchasing.tolerance.set",
  title: "Set tolerances",
  does: "Sets by how much the bills of one supplier, or of all, may differ from their orders; they stay within percentage and size.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    supplierId: ref("directory.supplier").optional().describe("Without it: for all suppliers that have no tolerances of their own."),
    policy: z.enum(["none", "twoWay", "threeWay"]).default("twoWay").describe("What bills of new orders are compared with."),
    quantityPercent: Percent.default("0").describe("Of the quantity ordered."),
    quantityAbsolute: Size.optional().describe("No more than so many, whatever the percentage."),
    pricePercent: Percent.default("0").describe("Of the price ordered."),
    priceAbsolute: Size.optional().describe("No more than so much on one line, whatever the percentage."),
  }),
  output: z.object({ id: Id }),
  refuses: { supplierMissing: "There is no such supplier." },
  emits: ["purchasing.tolerance.set"],
  async run(input, context) {
    const { supplierId = null } = input;
    if (supplierId) {
      const known = await context.db.maybe(sql`
        select id from directory.party where tenant_id = ${context.tenantId} and id = ${supplierId}`);
      if (!known) refuse("supplierMissing", {}, ["supplierId"]);
    }
    const { id } = await context.db.row<{ id: RecordId }>(sql`
      insert into purchasing.tolerance
        (tenant_id, id, supplier_id, policy, quantity_percent, quantity_absolute, price_percent, price_absolute)
      values (${context.tenantId}, ${context.newId()}, ${supplierId}, ${input.policy}, ${input.quantityPercent},
        ${input.quantityAbsolute ?? null}, ${input.pricePercent}, ${input.priceAbsolute ?? null})
      on conflict on constraint tolerance_once do update set policy = excluded.policy, quantity_percent = excluded.quantity_percent,
        quantity_absolute = excluded.quantity_absolute, price_percent = excluded.price_percent, price_absolute = excluded.price_absolute
      returning id`);
    context.emit("purchasing.tolerance.set", { supplierId });
    return { id };
  },
});

export const toleranceOperations = [setTolerance];
