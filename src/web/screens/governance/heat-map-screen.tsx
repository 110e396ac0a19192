// The risk heat map: the matrix at one stage with the edge of the appetite, and the risks behind each cell.
import { SegmentedControl, Select } from "@mantine/core";
import { present } from "../../catalogue.ts";
import { useSetQueryFields } from "../../kit/query-state.ts";
import { AsOf, ExportMenu } from "../../derived/list-tools.tsx";
import { RecordPicker } from "../../form/record-picker.tsx";
import {
  EmptyState,
  Loaded,
  numberText,
  PageHeader,
  RunButton,
  stateText,
  useCatalogue,
  useOperation,
  usePage,
  useQueryState,
  useToday,
} from "../../kit/index.ts";
import { type AppetiteRow, appetiteOn, type HeatMap, ownAppetites, toneOfBand } from "./heat-map.ts";
import "./heat-map.css";
import { MatrixTable } from "./matrix-table.tsx";
import { RiskList, Unscored } from "./risk-list.tsx";
import { words } from "./words.ts";

const stages = (["inherent", "current", "residual"] as const).map((value) => ({ value, label: words.stages[value] }));

function useAsked() {
  const [stage] = useQueryState("stage", "current");
  const change = useSetQueryFields();
  const [category, setCategory] = useQueryState("category");
  const [unitId, setUnitId] = useQueryState("unitId");
  const [asOf, setAsOf] = useQueryState("asOf");
  const [cell, setCell] = useQueryState("cell");
  return { stage, change, category, setCategory, unitId, setUnitId, asOf, setAsOf, cell, setCell };
}

type Asked = ReturnType<typeof useAsked>;

function Tools({ asked }: { asked: Asked }) {
  const operation = useCatalogue().operation("governance.risk.heatMap");
  const categories = present(operation?.input.properties?.["category"] ?? {}).enum ?? [];
  return (
    <div className="hw-toolbar">
      <SegmentedControl
        size="xs"
        data={stages}
        value={asked.stage}
        onChange={(stage) => asked.change({ stage, cell: undefined })}
        aria-label={words.stage}
        className="hw-heat-stage"
      />
      <Select
        size="xs"
        aria-label={words.category}
        placeholder={words.everyCategory}
        clearable
        data={categories.map((value) => ({ value: String(value), label: stateText(String(value)) }))}
        value={asked.category || null}
        onChange={(value) => asked.setCategory(value ?? undefined)}
      />
      <RecordPicker
        register="directory.unit"
        size="xs"
        aria-label={words.unit}
        placeholder={words.unit}
        value={asked.unitId || null}
        onChange={(id) => asked.setUnitId(id ?? undefined)}
      />
    </div>
  );
}

interface LegendProps {
  readonly map: HeatMap;
  readonly appetite: AppetiteRow | undefined;
  readonly own: readonly AppetiteRow[];
}

/** The bands with how many risks stand in each, and the appetite in words. */
function Legend({ map, appetite, own }: LegendProps) {
  const { bands } = map.matrix;
  const countOf = (band: number): number =>
    map.cells.filter((cell) => cell.band === band).reduce((sum, cell) => sum + cell.risks.length, 0);
  return (
    <div className="hw-heat-legend">
      <ul aria-label={words.bands}>
        {bands.toReversed().map((band) => (
          <li key={band.number}>
            <span className="hw-heat-key" data-tone={toneOfBand(band.number, bands.length)} aria-hidden />
            {band.name} <span className="hw-number hw-dim">{numberText(countOf(band.number))}</span>
          </li>
        ))}
      </ul>
      <p className="hw-dim hw-small">
        {appetite ? `${words.appetite(appetite.bandName)}. ${words.appetiteLine}` : words.noAppetite}
        {own.map((row) => ` ${words.appetiteFor(stateText(row.category ?? ""), row.bandName)}.`)}
      </p>
    </div>
  );
}

function MapShown({ map, asked }: { map: HeatMap; asked: Asked }) {
  const today = useToday();
  const there = useCatalogue().may("governance.riskAppetite.list");
  const found = usePage<AppetiteRow & { readonly [column: string]: unknown }>(
    "governance.riskAppetite",
    { limit: 200 },
    { enabled: there },
  );
  const rows = found.data?.rows ?? [];
  const on = asked.asOf || today;
  const appetite = appetiteOn(rows, map.matrix.id, asked.category, on);
  const own = asked.category ? [] : ownAppetites(rows, map.matrix.id, on);
  const count = map.cells.reduce((sum, cell) => sum + cell.risks.length, 0);
  if (count + map.unscored.length === 0) {
    return (
      <EmptyState icon="governance" title={words.none} says={words.noneSays} action={<RunButton operation="governance.risk.create" />} />
    );
  }
  return (
    <div className="hw-heat-page">
      <div>
        <MatrixTable
          map={map}
          appetite={appetite?.band}
          chosen={asked.cell}
          onChoose={asked.setCell}
          stage={words.stages[asked.stage as keyof typeof words.stages] ?? asked.stage}
        />
        <Legend map={map} appetite={appetite} own={own} />
      </div>
      <div>
        <RiskList map={map} chosen={asked.cell} appetite={appetite?.band} onClear={() => asked.setCell(undefined)} />
        <Unscored map={map} />
      </div>
    </div>
  );
}

export default function HeatMapScreen() {
  const asked = useAsked();
  const catalogue = useCatalogue();
  const register = catalogue.register("governance.risk");
  const list = catalogue.operation("governance.risk.list");
  const input = {
    stage: asked.stage,
    category: asked.category || undefined,
    unitId: asked.unitId || undefined,
    asOf: asked.asOf || undefined,
  };
  const found = useOperation<HeatMap>("governance.risk.heatMap", input, { keep: true });
  const filter = {
    ...(asked.category ? { category: asked.category } : {}),
    ...(asked.unitId ? { unitId: asked.unitId } : {}),
    state: "!closed",
  };
  return (
    <>
      <PageHeader
        title={words.title}
        does={words.does}
        crumbs={[{ title: catalogue.modules.find((one) => one.name === "governance")?.title ?? "", to: "/m/governance" }]}
        beside={<AsOf value={asked.asOf || undefined} onChange={asked.setAsOf} />}
        actions={
          <>
            {register && list && <ExportMenu register={register} list={list} asked={{ filter, asOf: asked.asOf || undefined }} />}
            <RunButton operation="governance.risk.create" />
          </>
        }
      />
      <Tools asked={asked} />
      <Loaded query={found} lines={10}>
        {(map) => <MapShown map={map} asked={asked} />}
      </Loaded>
    </>
  );
}
