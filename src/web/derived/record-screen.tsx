// Any record as a screen: what it is and its state, what can be done next, its facts, what belongs to it, what happened to it.
import { useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import type { RegisterEntry } from "../catalogue.ts";
import { registerPath } from "../kit/link.tsx";
import { type Row, useRecord } from "../kit/operation.ts";
import { OutputShown } from "../kit/output.tsx";
import { RecordFacts } from "../kit/record-facts.tsx";
import { LoadingLines, PageHeader, ProblemAlert, Section } from "../kit/page.tsx";
import { useQueryState } from "../kit/query-state.ts";
import { useCatalogue } from "../kit/session.tsx";
import { StateBadge } from "../kit/show.tsx";
import type { RecordPanel } from "../screen.ts";
import { recordPanels, screens } from "../screens.ts";
import { NoEntry } from "../shell/no-entry.tsx";
import { ScreenGate } from "../shell/screen-gate.tsx";
import { text } from "../text.ts";
import { AsOf } from "./list-tools.tsx";
import { RecordActions } from "./record-actions.tsx";
import { Attachments, Comments, Timeline } from "./record-aside.tsx";
import { Standing } from "./record-standing.tsx";
import { RelatedRegisters } from "./related.tsx";

type Shown = Row & { readonly can: readonly string[] };

/** Columns that hold lists or groups: the lines of a document. */
function Nested({ register, record }: { register: RegisterEntry; record: Row }) {
  const schema = useCatalogue().operation(`${register.name}.get`)?.output;
  const nested = register.columns.filter(
    (column) => ["array", "object", "json"].includes(column.kind) && record[column.name] !== null && record[column.name] !== undefined,
  );
  return (
    <>
      {nested.map((column) => (
        <Section key={column.name} title={column.title}>
          <OutputShown schema={schema?.properties?.[column.name] ?? {}} value={record[column.name]} title={column.title} />
        </Section>
      ))}
    </>
  );
}

function usePanels(register: RegisterEntry): readonly RecordPanel[] {
  const catalogue = useCatalogue();
  return recordPanels.filter((panel) => panel.register === register.name && (!panel.needs || catalogue.may(panel.needs)));
}

function Panels({ panels, record }: { panels: readonly RecordPanel[]; record: Row }) {
  return (
    <>
      {panels.map((panel) => (
        <Section key={panel.title} title={panel.title}>
          <Suspense fallback={<LoadingLines lines={4} />}>
            <panel.component id={record.id} record={record} />
          </Suspense>
        </Section>
      ))}
    </>
  );
}

function Body({ register, record }: { register: RegisterEntry; record: Shown }) {
  const about = { subject: register.name, recordId: record.id };
  const panels = usePanels(register);
  return (
    <div className="hw-record">
      <div className="hw-record-main">
        <Section title={text.record.facts}>
          <RecordFacts register={register} record={record} />
        </Section>
        <Panels panels={panels} record={record} />
        <Nested register={register} record={record} />
        <RelatedRegisters key={record.id} register={register} id={record.id} except={panels.flatMap((panel) => panel.shows ?? [])} />
      </div>
      <aside className="hw-record-aside" aria-label={text.record.aside}>
        <Standing recordId={record.id} />
        <Attachments {...about} />
        <Comments key={record.id} {...about} />
        <Timeline {...about} />
      </aside>
    </div>
  );
}

function Derived({ register, id }: { register: RegisterEntry; id: string }) {
  const catalogue = useCatalogue();
  const [asOf, setAsOf] = useQueryState("asOf");
  const found = useRecord(register.name, id, asOf || undefined);
  const module = catalogue.modules.find((one) => register.name.startsWith(`${one.name}.`));
  const crumbs = [
    ...(module ? [{ title: module.title, to: `/m/${module.name}` }] : []),
    { title: register.title, to: registerPath(register.name) },
  ];
  const record = found.data;
  if (found.error) {
    return (
      <>
        <PageHeader title={register.title} crumbs={crumbs} />
        <ProblemAlert problem={found.error} retry={() => void found.refetch()} />
      </>
    );
  }
  if (!record) {
    return (
      <>
        <PageHeader title="…" tabTitle={register.title} crumbs={crumbs} />
        <LoadingLines lines={10} />
      </>
    );
  }
  const label = String(record[register.label] ?? "") || register.title;
  const state = record["state"];
  return (
    <>
      <PageHeader
        title={label}
        crumbs={crumbs}
        beside={
          <>
            {typeof state === "string" && <StateBadge state={state} />}
            {register.dated && <AsOf value={asOf || undefined} onChange={setAsOf} />}
          </>
        }
        actions={!asOf && <RecordActions register={register} id={id} can={record.can ?? []} />}
      />
      <Body register={register} record={record} />
    </>
  );
}

export default function RecordScreen() {
  const { module = "", subject = "", id = "" } = useParams({ strict: false }) as { module?: string; subject?: string; id?: string };
  const name = `${module}.${subject}`;
  const register = useCatalogue().register(name);
  const made = screens.find((screen) => screen.insteadOf?.record === name);
  if (made) {
    return (
      <ScreenGate needs={made.needs}>
        <made.component />
      </ScreenGate>
    );
  }
  if (!register) return <NoEntry needs={`${name}.get`} />;
  return <Derived key={id} register={register} id={id} />;
}
