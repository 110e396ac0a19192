// The matrix that risks are judged on, and the appetite: the highest band the company lives with.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { faultOf, type Matrix, usualAppetite, usualMatrix } from "./risk.rules.ts";

export const RiskCategory = z.enum(["strategic", "financial", "operational", "people", "technology", "legal", "safety", "reputation"]);

export interface StoredMatrix extends Matrix {
  readonly id: RecordId;
  readonly name: string;
}

export const matrixRegister = register({
  name: "governance.riskMatrix",
  title: "Risk matrices",
  does: "The scales of likelihood and impact that risks are judged on. New risks stand on the one chosen last.",
  may: [anyone],
  row: z.object({
    id: Id,
    name: z.string(),
    state: z.enum(["inUse", "earlier"]),
    likelihoods: z.array(z.string()),
    impacts: z.array(z.string()),
    bands: z.array(z.string()),
    grid: z.array(z.number().int()),
  }),
  label: "name",
  inner: true,
  from: (context) => sql`
    select id, name, likelihoods, impacts, bands, grid,
      case when chosen_at = max(chosen_at) over () then 'inUse' else 'earlier' end as state
    from governance.risk_matrix where tenant_id = ${context.tenantId}`,
});

/** The matrix with this identifier, or the one in use; undefined when the company has none yet. */
export const findMatrix = (context: ReadContext, id?: RecordId): Promise<StoredMatrix | undefined> =>
  context.db.maybe<StoredMatrix>(sql`
    select id, name, likelihoods, impacts, bands, grid from governance.risk_matrix
    where tenant_id = ${context.tenantId} and (${id ?? null}::uuid is null or id = ${id ?? null}::uuid) order by chosen_at desc limit 1`);

/** The matrix in use. A company that has not chosen one begins with the usual five by five and lives with risks up to medium. */
export async function matrixInUse(context: WriteContext): Promise<StoredMatrix> {
  const found = await findMatrix(context);
  if (found) return found;
  const matrix = { ...usualMatrix, id: context.newId(), name: "Five by five" };
  await insertMatrix(context, matrix);
  await context.db.run(sql`
    insert into governance.risk_appetite (tenant_id, id, matrix_id, category, band, from_day)
    values (${context.tenantId}, ${context.newId()}, ${matrix.id}, null, ${usualAppetite}, ${context.today})`);
  return matrix;
}

const insertMatrix = (context: WriteContext, matrix: StoredMatrix): Promise<number> =>
  context.db.run(sql`
    insert into governance.risk_matrix (tenant_id, id, name, likelihoods, impacts, bands, grid, chosen_at)
    values (${context.tenantId}, ${matrix.id}, ${matrix.name}, ${matrix.likelihoods}::text[], ${matrix.impacts}::text[],
      ${matrix.bands}::text[], ${matrix.grid}::integer[], ${context.now})`);

const Scale = (max: number) => z.array(Text(60)).min(2).max(max);

export const createMatrix = operation({
  name: "governance.riskMatrix.create",
  title: "Choose a risk matrix",
  does: "Sets the scales, bands and cells that new risks are judged on. Risks on an earlier matrix stay on it.",
  kind: "write",
  may: ["governance.manager"],
  input: z.strictObject({
    name: Text(80),
    likelihoods: Scale(7).describe("Lowest first."),
    impacts: Scale(7).describe("Lowest first."),
    bands: Scale(6).describe("Lowest first."),
    grid: z
      .array(z.array(z.number().int().positive()).max(7))
      .max(7)
      .describe("A row for each likelihood with the number of the band for each impact."),
    appetite: z.number().int().min(0).max(6).describe("Number of the highest band the company lives with; 0 for none."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    nameTaken: "There is a matrix called {name} already. Choose another name.",
    gridIncomplete: "The grid needs {likelihoods} rows of {impacts} bands each.",
    bandUnknown: "Bands are counted from 1 to {bands}.",
    gridFalls: "A worse likelihood or impact must not give a better band. Check the grid.",
  },
  emits: ["governance.riskMatrix.chosen"],
  constraints: { risk_matrix_name: "nameTaken" },
  example: {
    name: "Three by three",
    likelihoods: ["Unlikely", "Possible", "Likely"],
    impacts: ["Minor", "Moderate", "Major"],
    bands: ["Low", "Medium", "High"],
    grid: [
      [1, 1, 2],
      [1, 2, 3],
      [2, 3, 3],
    ],
    appetite: 2,
  },
  async run(input, context) {
    const taken = await context.db.maybe(sql`
      select id from governance.risk_matrix where tenant_id = ${context.tenantId} and name = ${input.name}`);
    if (taken) refuse("nameTaken", { name: input.name }, ["name"]);
    const facts = { likelihoods: input.likelihoods.length, impacts: input.impacts.length, bands: input.bands.length };
    if (input.grid.some((row) => row.length !== facts.impacts)) refuse("gridIncomplete", facts, ["grid"]);
    const matrix = { ...input, id: context.newId(), grid: input.grid.flat() };
    const fault = faultOf(matrix);
    if (fault) refuse(fault, facts, ["grid"]);
    if (input.appetite > facts.bands) refuse("bandUnknown", facts, ["appetite"]);
    await insertMatrix(context, matrix);
    await context.db.run(sql`
      insert into governance.risk_appetite (tenant_id, id, matrix_id, category, band, from_day)
      values (${context.tenantId}, ${context.newId()}, ${matrix.id}, null, ${input.appetite}, ${context.today})`);
    context.emit("governance.riskMatrix.chosen", { riskMatrixId: matrix.id });
    return { id: matrix.id };
  },
});

export const appetiteRegister = register({
  name: "governance.riskAppetite",
  title: "Risk appetite",
  does: "The highest band the company lives with, for all risks and for single categories, from which day on.",
  may: ["governance.manager", "platform.auditor"],
  row: z.object({
    id: Id,
    label: z.string(),
    riskMatrixId: ref("governance.riskMatrix"),
    riskMatrix: z.string(),
    category: RiskCategory.nullable(),
    band: z.number().int(),
    bandName: z.string(),
    fromDay: Day,
  }),
  label: "label",
  sort: "-fromDay",
  inner: true,
  from: (context) => sql`
    select a.id, coalesce(a.category, 'all risks') || ': ' || coalesce(m.bands[a.band], 'none') as label, a.matrix_id as risk_matrix_id,
      m.name as risk_matrix, a.category, a.band, coalesce(m.bands[a.band], 'none') as band_name, a.from_day
    from governance.risk_appetite a
    join governance.risk_matrix m on m.tenant_id = a.tenant_id and m.id = a.matrix_id
    where a.tenant_id = ${context.tenantId}`,
});

export const setAppetite = operation({
  name: "governance.riskAppetite.set",
  title: "Set the risk appetite",
  does: "Says up to which band the company lives with risks from a day on: all of them, or those of one category.",
  kind: "write",
  may: ["governance.manager"],
  input: z.strictObject({
    category: RiskCategory.optional().describe("All categories when left out."),
    band: Text(60).describe("Name of the highest band the company lives with, e.g. Medium."),
    from: Day.optional().describe("Today when left out."),
  }),
  output: z.object({ id: Id }),
  refuses: { bandUnknown: "The matrix in use has no band {band}. Bands: {bands}" },
  emits: ["governance.riskAppetite.set"],
  example: { category: "technology", band: "Low" },
  async run(input, context) {
    const matrix = await matrixInUse(context);
    const band = matrix.bands.findIndex((name) => name.toLowerCase() === input.band.toLowerCase()) + 1;
    if (band === 0) refuse("bandUnknown", { band: input.band, bands: matrix.bands.join(", ") }, ["band"]);
    const kept = await context.db.row<{ id: RecordId }>(sql`
      insert into governance.risk_appetite (tenant_id, id, matrix_id, category, band, from_day)
      values (${context.tenantId}, ${context.newId()}, ${matrix.id}, ${input.category ?? null}, ${band}, ${input.from ?? context.today})
      on conflict (tenant_id, matrix_id, coalesce(category, ''), from_day) do update set band = excluded.band returning id`);
    context.emit("governance.riskAppetite.set", { riskAppetiteId: kept.id, category: input.category ?? null, band });
    return { id: kept.id };
  },
});
