// The heat map: every cell of the matrix with the risks that stand in it, before controls, now, or after treatment.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { identifier, sql } from "../../platform/database/sql.ts";
import { Day, Id, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { findMatrix, RiskCategory } from "./matrix.operations.ts";
import { heatMapOf, usualMatrix } from "./risk.rules.ts";
import { risksOn, stages } from "./risk.store.ts";

const Named = z.object({ number: z.number().int(), name: z.string() });

interface PlacedRisk {
  readonly id: RecordId;
  readonly code: string;
  readonly title: string;
  readonly likelihood: number | null;
  readonly impact: number | null;
  readonly aboveAppetite: boolean;
  readonly state: "open" | "accepted";
}

const isScored = (risk: PlacedRisk): risk is PlacedRisk & { likelihood: number; impact: number } =>
  risk.likelihood !== null && risk.impact !== null;

const named = (names: readonly string[]) => names.map((name, index) => ({ number: index + 1, name }));

export const riskHeatMap = operation({
  name: "governance.risk.heatMap",
  title: "Heat map of risks",
  does: "Shows each cell of the risk matrix with its band and the open risks that stand in it, at one stage.",
  kind: "read",
  may: ["governance.manager", "platform.auditor"],
  input: z.strictObject({
    stage: z.enum(stages).default("current"),
    riskMatrixId: ref("governance.riskMatrix").optional().describe("The matrix in use when left out."),
    category: RiskCategory.optional(),
    unitId: ref("directory.unit").optional(),
    asOf: Day.optional(),
  }),
  output: z.object({
    stage: z.enum(stages),
    matrix: z.object({
      id: Id.nullable(),
      name: z.string(),
      likelihoods: z.array(Named),
      impacts: z.array(Named),
      bands: z.array(Named),
    }),
    cells: z.array(
      z.object({
        likelihood: z.number().int(),
        impact: z.number().int(),
        band: z.number().int(),
        bandName: z.string(),
        risks: z.array(
          z.object({ id: Id, code: z.string(), title: z.string(), aboveAppetite: z.boolean(), state: z.enum(["open", "accepted"]) }),
        ),
      }),
    ),
    /** Open risks on this matrix that nobody has judged at this stage. */
    unscored: z.array(z.object({ id: Id, code: z.string(), title: z.string() })),
  }),
  refuses: { notFound: "There is no such matrix." },
  example: { stage: "current" },
  async run(input, context) {
    const found = await findMatrix(context, input.riskMatrixId);
    if (!found && input.riskMatrixId) refuse("notFound");
    const matrix = found ?? { ...usualMatrix, id: null, name: "Five by five" };
    const risks = await context.db.rows<PlacedRisk>(sql`
      select k.id, k.code, k.title, k.state, k.above_appetite, k.${identifier(`${input.stage}_likelihood`)} as likelihood,
        k.${identifier(`${input.stage}_impact`)} as impact
      from (${risksOn(context, input.asOf ?? context.today)}) k
      where k.matrix_id = ${matrix.id}::uuid and k.state <> 'closed'
        and (${input.category ?? null}::text is null or k.category = ${input.category ?? null}::text)
        and (${input.unitId ?? null}::uuid is null or k.unit_id = ${input.unitId ?? null}::uuid)
      order by k.code`);
    const cells = heatMapOf(matrix, risks.filter(isScored));
    return {
      stage: input.stage,
      matrix: {
        id: matrix.id,
        name: matrix.name,
        likelihoods: named(matrix.likelihoods),
        impacts: named(matrix.impacts),
        bands: named(matrix.bands),
      },
      cells: cells.map((cell) => ({
        ...cell,
        bandName: matrix.bands[cell.band - 1]!,
        risks: cell.risks.map(({ id, code, title, aboveAppetite, state }) => ({ id, code, title, aboveAppetite, state })),
      })),
      unscored: risks.filter((risk) => !isScored(risk)).map(({ id, code, title }) => ({ id, code, title })),
    };
  },
});
