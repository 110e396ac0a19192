// Dimensions: what the books are read by besides accounts and cost centres, such as projects or products, and the values of each.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Id, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { bookOf } from "./book.ts";
import { postingRefusals } from "./entry.rules.ts";

export const dimensionRegister = register({
  name: "finance.dimension",
  title: "Dimensions",
  does: "What the books are read by besides accounts and cost centres: projects, products, regions.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    name: z.string(),
    code: z.string(),
    values: z.number().int(),
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "name",
  search: ["code", "name"],
  sort: "name",
  inner: true,
  from: (context) => sql`
    select d.id, d.name, d.code, b.name as books, d.book_id,
      (select count(*)::int from finance.dimension_value v where v.tenant_id = ${context.tenantId} and v.dimension_id = d.id) as values
    from finance.dimension d join finance.book b on b.tenant_id = ${context.tenantId} and b.id = d.book_id
    where d.tenant_id = ${context.tenantId}`,
});

export const dimensionValueRegister = register({
  name: "finance.dimensionValue",
  title: "Values of dimensions",
  does: "The projects, products and whatever else the lines of the books may carry.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    value: z.string(),
    code: z.string(),
    name: z.string(),
    state: z.enum(["open", "retired"]),
    dimensionId: ref("finance.dimension"),
    dimension: z.string(),
    retiredFrom: Day.nullable(),
  }),
  label: "value",
  search: ["code", "name"],
  sort: "value",
  dated: true,
  from: (context, asOf) => sql`
    select v.id, d.name || ': ' || v.code || ' ' || v.name as value, v.code, v.name, v.dimension_id, d.name as dimension, v.retired_from,
      case when v.retired_from <= ${asOf}::date then 'retired' else 'open' end as state
    from finance.dimension_value v join finance.dimension d on d.tenant_id = ${context.tenantId} and d.id = v.dimension_id
    where v.tenant_id = ${context.tenantId}`,
});

export const createDimension = operation({
  name: "finance.dimension.create",
  title: "Add a dimension",
  does: "Adds something to read the books by, such as projects; lines carry at most one value of it.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    code: z.string().regex(/^[a-z][A-Za-z0-9]{0,29}$/, "begins with a small letter and has letters and digits, at most 30"),
    name: Text(60),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({ id: Id }),
  refuses: { booksMissing: postingRefusals.booksMissing, codeTaken: "There is a dimension {code} already." },
  constraints: { dimension_code: "codeTaken" },
  example: { code: "project", name: "Project" },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.dimension (tenant_id, id, book_id, code, name)
      values (${context.tenantId}, ${id}, ${book.id}, ${input.code}, ${input.name})`);
    return { id };
  },
});

export const createDimensionValue = operation({
  name: "finance.dimensionValue.create",
  title: "Add a value",
  does: "Adds a project, a product or another value to a dimension.",
  kind: "write",
  may: ["finance.manager", "finance.accountant"],
  on: "finance.dimension",
  input: z.strictObject({
    dimensionId: ref("finance.dimension"),
    code: z.string().regex(/^[0-9A-Za-z._-]{1,30}$/, "has letters, digits, dots, dashes and underscores, at most 30"),
    name: Text(100),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such dimension.", codeTaken: "This dimension has a value {code} already." },
  constraints: { dimension_value_code: "codeTaken" },
  example: { dimensionId: "01990000-0000-7000-8000-000000000001", code: "P-12", name: "New warehouse" },
  async run(input, context) {
    const { tenantId } = context;
    const known = await context.db.maybe(sql`
      select id from finance.dimension where tenant_id = ${tenantId} and id = ${input.dimensionId}`);
    if (!known) refuse("notFound");
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.dimension_value (tenant_id, id, dimension_id, code, name)
      values (${tenantId}, ${id}, ${input.dimensionId}, ${input.code}, ${input.name})`);
    return { id };
  },
});

export const retireDimensionValue = operation({
  name: "finance.dimensionValue.retire",
  title: "Retire a value",
  does: "Lets no more lines carry a value from a day on; what is posted stays.",
  kind: "write",
  may: ["finance.manager", "finance.accountant"],
  input: z.strictObject({ dimensionValueId: ref("finance.dimensionValue"), from: Day }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such value." },
  when: (record) => record["state"] === "open",
  async run(input, context) {
    const changed = await context.db.run(sql`
      update finance.dimension_value set retired_from = ${input.from}
      where tenant_id = ${context.tenantId} and id = ${input.dimensionValueId}`);
    if (changed === 0) refuse("notFound");
    return { id: input.dimensionValueId };
  },
});
