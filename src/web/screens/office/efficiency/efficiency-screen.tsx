// How work fares: the page for Monday morning. Every figure leads to the items behind it.
import { Button, SegmentedControl } from "@mantine/core";
import { addDays, type Day } from "../../../../kernel/day.ts";
import { DayField } from "../../../form/day-field.tsx";
import {
  AppLink,
  EmptyState,
  Loaded,
  PageHeader,
  reportPath,
  Section,
  useOperation,
  useQueryState,
  useToday,
  useCalled,
} from "../../../kit/index.ts";
import type { Shown } from "./efficiency.ts";
import { Changes, Costs, Items, WhereItWaits } from "./parts.tsx";
import { Trend } from "./trend.tsx";
import { efficiencyWords as words } from "./words.ts";
import "./efficiency.css";

function Body({ shown, by, name, onChoose }: { shown: Shown; by: string; name: string; onChoose: (name: string) => void }) {
  const called = useCalled();
  const { from, until, rows, costs } = shown;
  if (rows.length === 0) return <EmptyState title={words.none} says={words.noneSays} />;
  return (
    <>
      <Changes rows={rows} chosen={name} onChoose={onChoose} />
      {name && <Items title={words.slowest(called(name))} asked={{ state: "finished", from, until, by, name }} />}
      <Costs costs={costs} />
    </>
  );
}

export default function EfficiencyScreen() {
  const today = useToday() as Day;
  const [by, setBy] = useQueryState("by", "process");
  const [from, setFrom] = useQueryState("from", addDays(today, -27));
  const [until, setUntil] = useQueryState("until", today);
  const [name, setName] = useQueryState("name", "");
  const found = useOperation<Shown>("office.efficiency.show", { by, from, until }, { keep: true });
  return (
    <div className="hw-efficiency">
      <PageHeader title={words.title} does={words.does} />
      <div className="hw-efficiency-choice">
        <SegmentedControl
          aria-label={words.by}
          value={by}
          onChange={(value) => {
            setBy(value);
            setName("");
          }}
          data={Object.entries(words.groupings).map(([value, label]) => ({ value, label }))}
        />
        <DayField label={words.from} value={from} onChange={(value) => value && setFrom(value)} />
        <DayField label={words.until} value={until} onChange={(value) => value && setUntil(value)} />
        {name && (
          <Button variant="subtle" onClick={() => setName("")}>
            {words.clear}
          </Button>
        )}
      </div>
      <Loaded query={found} lines={8}>
        {(shown) => <Body shown={shown} by={by} name={name} onChoose={setName} />}
      </Loaded>
      <Trend by={by} name={name} until={until} />
      <WhereItWaits />
      <Items title={words.oldestItems} asked={{ state: "open" }} />
      <Section title={words.log} actions={<AppLink to={reportPath("office.eventLog.list", { from, until })}>{words.logOpen}</AppLink>}>
        <p className="hw-does">{words.logSays}</p>
      </Section>
    </div>
  );
}
