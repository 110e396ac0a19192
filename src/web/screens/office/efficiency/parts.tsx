// The parts of the page on how work fares: what changed, where work waits, the items behind a figure, and what it costs.
import { columnsOfTable } from "./table.tsx";
import { EmptyState, InstantText, Loaded, MoneyText, RecordLink, RunButton, Section, useOperation, useCalled } from "../../../kit/index.ts";
import { changePercent, type Compared, type Item, type Shown, slowestFirst, type Waiting } from "./efficiency.ts";
import { efficiencyWords as words } from "./words.ts";

function Change({ row }: { row: Compared }) {
  const percent = changePercent(row);
  if (percent === null) return <span className="hw-dim">–</span>;
  if (percent === 0) return <span className="hw-dim">{words.same}</span>;
  return percent > 0 ? <span className="hw-late">{words.slowerBy(percent)}</span> : <span>{words.fasterBy(-percent)}</span>;
}

interface ChangesProps {
  readonly rows: readonly Compared[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

export function Changes({ rows, chosen, onChoose }: ChangesProps) {
  const called = useCalled();
  const columns = columnsOfTable<Compared>([
    [words.finished, (row) => row.finished],
    [words.lead, (row) => words.hours(row.leadHours)],
    [words.slower, (row) => <Change row={row} />],
    [words.half, (row) => words.hours(row.leadHalf)],
    [words.most, (row) => words.hours(row.leadMost)],
    [words.wait, (row) => words.hours(row.waitHours)],
    [words.cycle, (row) => words.hours(row.cycleHours)],
    [words.onTime, (row) => words.percent(row.onTimePercent)],
    [words.right, (row) => words.percent(row.rightFirstPercent)],
    [words.automatic, (row) => words.percent(row.automationPercent)],
  ]);
  return (
    <Section title={words.slower}>
      <p className="hw-does">{words.slowerSays}</p>
      {columns.table(
        words.slower,
        slowestFirst(rows),
        (row) => row.name,
        (row) => (
          <button type="button" className="hw-textbutton" aria-pressed={row.name === chosen} onClick={() => onChoose(row.name)}>
            {called(row.name)}
          </button>
        ),
      )}
    </Section>
  );
}

export function WhereItWaits() {
  const called = useCalled();
  const found = useOperation<{ rows: readonly Waiting[] }>("office.efficiency.waiting", {});
  const columns = columnsOfTable<Waiting>([
    [words.open, (row) => row.open],
    [words.late, (row) => (row.late > 0 ? <span className="hw-late">{row.late}</span> : "0")],
    [words.age, (row) => words.days(row.ageDays * 24)],
    [words.oldest, (row) => words.days(row.oldestDays * 24)],
  ]);
  return (
    <Section title={words.waiting}>
      <Loaded query={found} lines={5}>
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState compact title={words.waitingNone} />
          ) : (
            columns.table(
              words.waiting,
              rows,
              (row) => `${row.source} ${row.process} ${row.activity}`,
              (row) => (
                <>
                  {called(row.activity)} <span className="hw-dim">{called(row.process)}</span>
                </>
              ),
            )
          )
        }
      </Loaded>
    </Section>
  );
}

interface ItemsProps {
  readonly title: string;
  readonly asked: Readonly<Record<string, unknown>>;
}

export function Items({ title, asked }: ItemsProps) {
  const called = useCalled();
  const found = useOperation<{ rows: readonly Item[] }>("office.efficiency.items", { ...asked, limit: 15 });
  const columns = columnsOfTable<Item>([
    [words.since, (row) => <InstantText value={row.arrivedAt} />],
    [words.lead, (row) => <span className={row.late ? "hw-late" : undefined}>{words.days(row.hours)}</span>],
  ]);
  return (
    <Section title={title}>
      <Loaded query={found} lines={5}>
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState compact title={words.waitingNone} />
          ) : (
            columns.table(
              title,
              rows,
              (row) => row.id,
              (row) => (
                <>
                  <RecordLink register={row.subject} id={row.recordId} label={row.title} />{" "}
                  <span className="hw-dim">{called(row.activity)}</span>
                </>
              ),
            )
          )
        }
      </Loaded>
    </Section>
  );
}

export function Costs({ costs }: Pick<Shown, "costs">) {
  const called = useCalled();
  const columns = columnsOfTable<Shown["costs"][number]>([
    [words.finished, (row) => row.rated],
    [words.cost, (row) => <MoneyText value={row.cost} />],
    [words.costEach, (row) => <MoneyText value={row.costEach} />],
  ]);
  return (
    <Section title={words.cost} actions={<RunButton operation="office.effort.set" variant="default" />}>
      {costs.length === 0 ? (
        <EmptyState compact title={words.costNone} />
      ) : (
        columns.table(
          words.cost,
          costs,
          (row) => `${row.process} ${row.cost.currency}`,
          (row) => (
            <>
              {called(row.process)} <span className="hw-dim hw-small">{words.costSays(row.assumed, row.rated, row.unrated)}</span>
            </>
          ),
        )
      )}
    </Section>
  );
}
