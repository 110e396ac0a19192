// The organisation chart as of a day: seats under the seats they report to, vacant ones plain to see; worked by mouse or arrows.
import { ActionIcon, Button, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import { AsOf, ExportMenu } from "../../derived/list-tools.tsx";
import {
  EmptyState,
  Icon,
  Loaded,
  numberText,
  PageHeader,
  RunButton,
  useCatalogue,
  useMe,
  useOperation,
  useQueryState,
} from "../../kit/index.ts";
import "./org-chart.css";
import { groupBy } from "../group.ts";
import { type ChartState, SeatBranch } from "./seat-branch.tsx";
import { coloursOf, type OrgChart, type SeatTree, treeOf, unitsInOrder } from "./seat-tree.ts";
import { useChart } from "./use-chart.ts";
import { words } from "./words.ts";

interface FinderProps {
  readonly typed: string;
  readonly onType: (said: string) => void;
  readonly found: readonly string[];
  readonly reveal: (id: string, focus?: boolean) => void;
}

/** Searching, and stepping through what was found. */
function Finder({ typed, onType, found, reveal }: FinderProps) {
  const [at, setAt] = useState(0);
  useEffect(() => setAt(0), [found]);
  const step = (by: number): void => {
    if (found.length === 0) return;
    const next = (at + by + found.length) % found.length;
    setAt(next);
    reveal(found[next]!, false);
  };
  return (
    <div className="hw-finder">
      <TextInput
        size="xs"
        aria-label={words.search}
        placeholder={words.search}
        leftSection={<Icon name="search" size={14} />}
        value={typed}
        onChange={(event) => onType(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && step(event.shiftKey ? -1 : 1)}
      />
      <span role="status" className="hw-small hw-dim">
        {typed && (found.length > 0 ? words.found(at + 1, found.length) : words.notFound)}
      </span>
      {found.length > 1 && (
        <>
          <ActionIcon size={28} variant="default" aria-label={words.previous} onClick={() => step(-1)}>
            <Icon name="up" size={14} />
          </ActionIcon>
          <ActionIcon size={28} variant="default" aria-label={words.next} onClick={() => step(1)}>
            <Icon name="down" size={14} />
          </ActionIcon>
        </>
      )}
    </div>
  );
}

/** The units with their colours and counts; pressing one finds its seats. */
function Units({ chart, colours, onFind }: { chart: OrgChart; colours: ReadonlyMap<string, number>; onFind: (unit: string) => void }) {
  const byUnit = groupBy(chart.nodes, (node) => node.unitId);
  return (
    <ul className="hw-units" aria-label={words.units}>
      {unitsInOrder(chart.units).map((unit) => {
        const seats = byUnit.get(unit.unitId) ?? [];
        const vacant = seats.filter((seat) => seat.personId === null).length;
        return (
          seats.length > 0 && (
            <li key={unit.unitId}>
              <Tooltip label={words.unit(unit.name, seats.length, vacant)}>
                <button type="button" className="hw-unit" data-unit={colours.get(unit.unitId)} onClick={() => onFind(unit.name)}>
                  <span className="hw-unit-mark" aria-hidden />
                  {unit.name} <span className="hw-dim hw-number">{numberText(seats.length)}</span>
                  {vacant > 0 && <span className="hw-unit-vacant">{words.vacantCount(vacant)}</span>}
                </button>
              </Tooltip>
            </li>
          )
        );
      })}
    </ul>
  );
}

function Chart({ chart, tree }: { chart: OrgChart; tree: SeatTree }) {
  const me = useMe();
  const [asked, setAsked] = useQueryState("q");
  const [typed, setTyped] = useState(asked);
  const [settled] = useDebouncedValue(typed, 200);
  useEffect(() => setAsked(settled || undefined), [settled, setAsked]);
  const view = useChart(tree, settled);
  const colours = useMemo(() => coloursOf(unitsInOrder(chart.units)), [chart.units]);
  const mine = chart.nodes.find((node) => node.personId !== null && node.personId === me.personId);
  const { open, here, found, toggle, goTo } = view;
  const state = useMemo<ChartState>(
    () => ({ open, here, found: new Set(found), colours, toggle, goTo }),
    [open, here, found, colours, toggle, goTo],
  );
  return (
    <>
      <Units chart={chart} colours={colours} onFind={setTyped} />
      <div className="hw-toolbar">
        <Finder typed={typed} onType={setTyped} found={found} reveal={view.reveal} />
        <span className="hw-toolbar-gap" />
        {mine && (
          <Button variant="default" onClick={() => view.reveal(mine.positionId)}>
            {words.me}
          </Button>
        )}
        <Button variant="default" onClick={view.openAll}>
          {words.expand}
        </Button>
        <Button variant="default" onClick={view.closeAll}>
          {words.collapse}
        </Button>
      </div>
      <div className="hw-orgchart">
        <ul role="tree" aria-label={words.chart} ref={view.box} onKeyDown={view.onKeyDown}>
          {tree.roots.map((root, index) => (
            <SeatBranch key={root.seat.positionId} branch={root} state={state} place={index + 1} of={tree.roots.length} />
          ))}
        </ul>
      </div>
      <p className="hw-listfoot">{words.keys}</p>
    </>
  );
}

function Counts({ chart }: { chart: OrgChart | undefined }) {
  if (!chart) return null;
  const vacant = chart.nodes.filter((node) => node.personId === null).length;
  return (
    <span className="hw-dim hw-number">
      {numberText(chart.nodes.length)} {words.seats.toLowerCase()} · {words.vacantCount(vacant)}
    </span>
  );
}

export default function OrgChartScreen() {
  const [asOf, setAsOf] = useQueryState("asOf");
  const catalogue = useCatalogue();
  const register = catalogue.register("directory.position");
  const list = catalogue.operation("directory.position.list");
  const found = useOperation<OrgChart>("directory.orgChart.get", { asOf: asOf || undefined }, { keep: true });
  const tree = useMemo(() => treeOf(found.data?.nodes ?? []), [found.data]);
  return (
    <>
      <PageHeader
        title={words.chart}
        does={words.chartDoes}
        crumbs={[{ title: catalogue.modules.find((one) => one.name === "directory")?.title ?? "", to: "/m/directory" }]}
        beside={
          <>
            <Counts chart={found.data} />
            <AsOf value={asOf || undefined} onChange={setAsOf} />
          </>
        }
        actions={register && list && <ExportMenu register={register} list={list} asked={{ asOf: asOf || undefined }} />}
      />
      <Loaded query={found} lines={10}>
        {(chart) =>
          chart.nodes.length === 0 ? (
            <EmptyState
              icon="people"
              title={words.none}
              says={words.noneSays}
              action={<RunButton operation="directory.position.create" />}
            />
          ) : (
            <Chart chart={chart} tree={tree} />
          )
        }
      </Loaded>
    </>
  );
}
