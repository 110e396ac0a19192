// A thing of the house: what its meters counted, how reliable it was, and the work on it.
import { LineChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import { Alert } from "@mantine/core";
import {
  columnsOf,
  DataTable,
  dayText,
  EmptyState,
  Figure,
  InstantText,
  Loaded,
  numberText,
  recordPath,
  type Row,
  RunButton,
  useCatalogue,
  useGo,
  useMay,
  useOperation,
  usePage,
  useToday,
} from "../../kit/index.ts";
import type { RecordPanelProps } from "../../screen.ts";
import "./facilities.css";
import { words } from "./words.ts";

interface Meter extends Row {
  readonly name: string;
  readonly unit: string;
  readonly total: number;
}
interface Standstill extends Row {
  readonly fromAt: string;
  readonly reason: string;
}
interface Reading extends Row {
  readonly total: number;
  readonly readAt: string;
}

function OneMeter({ meter }: { meter: Meter }) {
  const readings = usePage<Reading>("facilities.meterReading", { filter: { meterId: meter.id }, sort: "-readAt", limit: 60 });
  const points = (readings.data?.rows ?? []).toReversed().map((row) => ({ day: dayText(row.readAt.slice(0, 10)), total: row.total }));
  return (
    <div className="hw-meter">
      <div className="hw-meter-head">
        <span className="hw-dim">{meter.name}</span>
        <strong className="hw-number">
          {numberText(meter.total)} {meter.unit}
        </strong>
        <RunButton operation="facilities.meterReading.record" fields={{ meterId: meter.id }}>
          {words.read}
        </RunButton>
      </div>
      {points.length > 1 && (
        <LineChart
          h={120}
          data={points}
          dataKey="day"
          series={[{ name: "total", label: meter.unit, color: "heartwood.6" }]}
          curveType="linear"
        />
      )}
    </div>
  );
}

interface Reliability {
  readonly failures: number;
  readonly betweenFailuresHours: number | null;
  readonly toRepairHours: number | null;
  readonly availability: number;
}

function Reliable({ id }: { id: string }) {
  const today = useToday();
  const from = `${Number(today.slice(0, 4)) - 1}${today.slice(4) === "-02-29" ? "-02-28" : today.slice(4)}`;
  const found = useOperation<{ rows: readonly Reliability[] }>("facilities.reliability.report", { from, until: today, equipmentId: id });
  const [row] = found.data?.rows ?? [];
  if (!row) return null;
  const hours = (value: number | null): string => (value === null ? "–" : numberText(Math.round(value)));
  return (
    <div className="hw-reliable" role="group" aria-label={words.reliability}>
      <Figure title={words.failures} value={String(row.failures)} note={words.reliability} />
      <Figure title={words.between} value={hours(row.betweenFailuresHours)} />
      <Figure title={words.repair} value={hours(row.toRepairHours)} />
      <Figure title={words.available} value={`${(row.availability * 100).toFixed(1)} %`} />
    </div>
  );
}

/** That nobody can use it now stands before everything else. */
function Out({ id }: { id: string }) {
  const [row] = usePage<Standstill>("facilities.downtime", { filter: { assetId: id, state: "out" }, limit: 1 }).data?.rows ?? [];
  if (!row) return null;
  return (
    <Alert
      color="red"
      title={
        <>
          {words.outSince} <InstantText value={row.fromAt} />
        </>
      }
      mb="md"
    >
      {row.reason}
    </Alert>
  );
}

const shown = ["label", "state", "due", "assignee"];

export default function EquipmentPanel({ id }: RecordPanelProps) {
  const catalogue = useCatalogue();
  const go = useGo();
  const mayMeter = useMay("facilities.meter.list");
  const work = usePage<Row>("facilities.workOrder", { filter: { assetId: id }, sort: "-number", limit: 50 });
  const meters = usePage<Meter>("facilities.meter", { filter: { equipmentId: id }, limit: 20 });
  const columns = columnsOf(catalogue.register("facilities.workOrder")!).filter((column) => shown.includes(column.name));
  return (
    <>
      <Out id={id} />
      <Reliable id={id} />
      {mayMeter && (meters.data?.rows ?? []).map((meter) => <OneMeter key={meter.id} meter={meter} />)}
      <Loaded query={work} lines={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState icon="check" title={words.noWork} says={words.noWorkSays} />
          ) : (
            <DataTable label={words.work} rows={rows} columns={columns} onOpen={(row) => go(recordPath("facilities.workOrder", row.id))} />
          )
        }
      </Loaded>
    </>
  );
}
