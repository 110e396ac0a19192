// "We hired a facility manager": who takes over, which work, and what would change; then all of it in one step.
import { Alert, Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { DayField } from "../../form/day-field.tsx";
import {
  Loaded,
  LoadingLines,
  PageHeader,
  ProblemAlert,
  Section,
  useCatalogue,
  useGo,
  useOperation,
  useRun,
  useToday,
} from "../../kit/index.ts";
import { everywhereFrom, type HolderDraft, holderInput, Where, Who } from "./assign-holder.tsx";
import { HandedOver, type HandOver } from "./hand-over-changes.tsx";
import { WorkPicker } from "./hand-over-work.tsx";
import "./responsibility.css";
import type { ResponsibilityMap } from "./responsibility.ts";
import { handOverWords as words, mapWords } from "./words.ts";

type Input = Readonly<Record<string, unknown>>;

/** What would change, asked by a dry run whenever the wish is complete. */
function useWould(input: Input | undefined) {
  const { preview, problem, pending } = useRun<HandOver>("office.responsibility.handOver");
  const said = input && JSON.stringify(input);
  const [answer, setAnswer] = useState<{ said: string; would: HandOver }>();
  useEffect(() => {
    if (!said) return undefined;
    let wanted = true;
    const timer = setTimeout(() => {
      void preview(JSON.parse(said) as Input).then((would) => wanted && would && setAnswer({ said, would }));
    }, 250);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [preview, said]);
  return { would: answer?.said === said ? answer?.would : undefined, problem: said ? problem : undefined, pending };
}

function Changes({ input, count }: { input: Input | undefined; count: number }) {
  const { would, problem, pending } = useWould(input);
  const go = useGo();
  const done = useRun<HandOver>("office.responsibility.handOver", words.done);
  const confirm = async (): Promise<void> => {
    if (input && (await done.run(input)) !== undefined) go("/office/responsibilities");
  };
  if (!input) return <p className="hw-dim">{words.first}</p>;
  return (
    <div aria-live="polite">
      <ProblemAlert problem={done.problem ?? problem} />
      {!would && !problem && pending && <LoadingLines lines={4} />}
      {would && <HandedOver would={would} />}
      {would && (
        <div className="hw-would-foot">
          <Button onClick={() => void confirm()} loading={done.pending}>
            {words.confirm(Math.min(count, would.rows.length))}
          </Button>
          <Button variant="default" onClick={() => go("/office/responsibilities")}>
            {mapWords.cancel}
          </Button>
        </div>
      )}
    </div>
  );
}

function Wizard({ map }: { map: ResponsibilityMap }) {
  const today = useToday();
  const [draft, setDraft] = useState<HolderDraft>(everywhereFrom(today));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const change = (some: Partial<HolderDraft>): void => setDraft((now) => ({ ...now, ...some }));
  const holder = holderInput(draft);
  const input = holder && chosen.length > 0 ? { ...holder, activities: chosen } : undefined;
  if (map.rows.length === 0) return <Alert title={mapWords.none}>{mapWords.noneSays}</Alert>;
  return (
    <div className="hw-handover">
      <div>
        <Section title={words.who}>
          <div className="hw-handover-who">
            <Who draft={draft} change={change} tried={false} />
            <DayField label={mapWords.from} required value={draft.from} onChange={(from) => change({ from })} />
            <Where draft={draft} change={change} tried={false} />
          </div>
        </Section>
        <WorkPicker rows={map.rows} chosen={chosen} onChoose={setChosen} />
      </div>
      <Section title={words.changes}>
        <Changes input={input} count={chosen.length} />
      </Section>
    </div>
  );
}

export default function HandOverScreen() {
  // In a large company every kind of work has its own role: that is what a newcomer usually takes over.
  const map = useOperation<ResponsibilityMap>("office.responsibility.map", { size: "large" }, { keep: true });
  const title = useCatalogue().modules.find((one) => one.name === "office")?.title ?? "";
  return (
    <>
      <PageHeader
        title={words.title}
        does={words.does}
        crumbs={[
          { title, to: "/m/office" },
          { title: mapWords.title, to: "/office/responsibilities" },
        ]}
      />
      <Loaded query={map} lines={10}>
        {(found) => <Wizard map={found} />}
      </Loaded>
    </>
  );
}
