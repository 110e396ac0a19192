// Writing a policy: what waits, when, and who agrees; before it is saved one sees which of last month's wishes would have waited.
import { Button, Group, Select, TextInput } from "@mantine/core";
import { useState } from "react";

import { DayField } from "../../../form/day-field.tsx";
import {
  DataTable,
  InstantText,
  PageHeader,
  ProblemAlert,
  recordPath,
  useCatalogue,
  useGo,
  useOperation,
  usePage,
  useQueryState,
  useRun,
  useToday,
  type Row,
} from "../../../kit/index.ts";
import { blankCondition, blankStep, fieldsOf, type PolicyDraft, sentConditions, sentSteps } from "./policy-draft.ts";
import { ConditionLine, StepPart } from "./policy-parts.tsx";
import { words } from "./words.ts";
import "./approval.css";

const said = words.policy;

interface PartProps {
  readonly draft: PolicyDraft;
  readonly set: (part: Partial<PolicyDraft>) => void;
}

/** What can wait: every write this person's catalogue knows. */
function What({ draft, set }: PartProps) {
  const catalogue = useCatalogue();
  const writes = catalogue.operations
    .filter((one) => one.kind === "write" && !one.name.startsWith("office.approval."))
    .map(({ name, title }) => ({ value: name, label: `${title} (${name})` }));
  const known = writes.some((one) => one.value === draft.operation) || !draft.operation;
  return (
    <section className="hw-policy-part">
      <div className="hw-policy-row" data-top>
        <TextInput
          label={said.name}
          description={said.nameHint}
          required
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Select
          label={said.operation}
          description={said.operationHint}
          required
          searchable
          limit={60}
          data={known ? writes : [...writes, { value: draft.operation, label: draft.operation }]}
          value={draft.operation || null}
          onChange={(operation) => set({ operation: operation ?? "", conditions: [] })}
        />
        <DayField label={said.from} required value={draft.from} onChange={(from) => set({ from: from ?? draft.from })} />
      </div>
    </section>
  );
}

function useFields(name: string) {
  const catalogue = useCatalogue();
  const operation = catalogue.operation(name);
  return fieldsOf(operation, operation?.on ? catalogue.operation(`${operation.on}.get`)?.output : undefined);
}

function When({ draft, set }: PartProps) {
  const fields = useFields(draft.operation);
  return (
    <section className="hw-policy-part" aria-label={said.when}>
      <h2>{said.when}</h2>
      <p className="hw-small hw-dim">{said.whenAll}</p>
      {draft.conditions.map((condition, index) => (
        <ConditionLine
          key={index}
          {...{ condition, fields }}
          onChange={(next) => set({ conditions: draft.conditions.map((one, place) => (place === index ? next : one)) })}
          onRemove={() => set({ conditions: draft.conditions.filter((_, place) => place !== index) })}
        />
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        disabled={!draft.operation}
        onClick={() => set({ conditions: [...draft.conditions, blankCondition] })}
      >
        {said.addCondition}
      </Button>
    </section>
  );
}

interface ActivityRow extends Row {
  readonly activity: string;
}

function Who({ draft, set }: PartProps) {
  const fields = useFields(draft.operation);
  const page = usePage<ActivityRow>("office.responsibility", { limit: 200 });
  const activities = [...new Set((page.data?.rows ?? []).map((row) => row.activity))].toSorted().map((value) => ({ value, label: value }));
  return (
    <section className="hw-policy-part" aria-label={said.who}>
      <h2>{said.who}</h2>
      <p className="hw-small hw-dim">{said.whoSays}</p>
      {draft.steps.map((step, index) => (
        <StepPart
          key={index}
          {...{ step, fields, activities }}
          number={index + 1}
          onChange={(next) => set({ steps: draft.steps.map((one, place) => (place === index ? next : one)) })}
          onRemove={draft.steps.length > 1 ? () => set({ steps: draft.steps.filter((_, place) => place !== index) }) : undefined}
        />
      ))}
      <Button mt="sm" variant="subtle" size="compact-sm" onClick={() => set({ steps: [...draft.steps, blankStep] })}>
        {said.addStep}
      </Button>
    </section>
  );
}

interface Tried {
  readonly looked: number;
  readonly waited: number;
  readonly more: boolean;
  readonly rows: readonly (Row & { readonly at: string; readonly by: string; readonly amount: string | null; readonly why: string })[];
}

function TryOut({ draft }: { draft: PolicyDraft }) {
  const asked = { operation: draft.operation, conditions: sentConditions(draft.conditions) };
  const [wanted, setWanted] = useState<string>();
  const now = JSON.stringify(asked);
  const tried = useOperation<Tried>("office.approvalPolicy.try", asked, { enabled: wanted === now });
  const found = wanted === now ? tried.data : undefined;
  return (
    <section className="hw-policy-part" aria-label={said.tryTitle}>
      <Group justify="space-between">
        <div>
          <h2>{said.tryTitle}</h2>
          <p className="hw-small hw-dim">{said.trySays}</p>
        </div>
        <Button variant="default" disabled={!draft.operation} loading={wanted === now && tried.isFetching} onClick={() => setWanted(now)}>
          {said.tryNow}
        </Button>
      </Group>
      <div aria-live="polite">
        <ProblemAlert problem={wanted === now ? (tried.error ?? undefined) : undefined} />
        {found && (
          <>
            <p>
              <strong>{found.looked === 0 ? said.triedNone : said.tried(found.waited, found.looked)}</strong> {found.more && said.triedMore}
            </p>
            {found.rows.length > 0 && (
              <DataTable
                label={said.tryTitle}
                rows={found.rows}
                columns={[
                  { name: "at", title: said.day, cell: (row) => <InstantText value={row.at} /> },
                  { name: "by", title: said.by, cell: (row) => row.by },
                  { name: "amount", title: said.amount, right: true, cell: (row) => row.amount ?? "" },
                  { name: "why", title: said.why, cell: (row) => row.why },
                ]}
              />
            )}
          </>
        )}
      </div>
    </section>
  );
}

export default function PolicyEditor() {
  const today = useToday();
  const [operation] = useQueryState("operation");
  const [draft, setDraft] = useState<PolicyDraft>({ name: "", operation, from: today, conditions: [], steps: [blankStep] });
  const set = (part: Partial<PolicyDraft>): void => setDraft((now) => ({ ...now, ...part }));
  const saving = useRun<{ id: string }>("office.approvalPolicy.create", said.saved);
  const go = useGo();
  const save = async (): Promise<void> => {
    const { name, operation: of, from, conditions, steps } = draft;
    const done = await saving.run({ name, operation: of, from, conditions: sentConditions(conditions), steps: sentSteps(steps) });
    if (done) go(recordPath("office.approvalPolicy", done.id));
  };
  return (
    <>
      <PageHeader
        title={said.create}
        tabTitle={said.create}
        does={said.does}
        crumbs={[{ title: said.title, to: "/r/office/approvalPolicy" }]}
      />
      <div className="hw-policy">
        <What {...{ draft, set }} />
        <When {...{ draft, set }} />
        <Who {...{ draft, set }} />
        <TryOut draft={draft} />
        <ProblemAlert problem={saving.problem} />
        <Group justify="flex-end">
          <Button onClick={() => void save()} loading={saving.pending} disabled={!draft.name.trim() || !draft.operation}>
            {said.save}
          </Button>
        </Group>
      </div>
    </>
  );
}
