// Writing a policy or changing one: what waits, when, and who agrees; before it is saved one sees whom it would ask and what would have
// waited.
import { Button, Group, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { DayField } from "../../../form/day-field.tsx";
import {
  Loaded,
  PageHeader,
  ProblemAlert,
  recordPath,
  RunButton,
  useCatalogue,
  useGo,
  useOperation,
  usePage,
  useQueryState,
  useRun,
  useToday,
  type Row,
} from "../../../kit/index.ts";
import {
  blankCondition,
  blankStep,
  draftOf,
  fieldsOf,
  type KeptPolicy,
  type PolicyDraft,
  sentConditions,
  sentSteps,
} from "./policy-draft.ts";
import { ConditionLine, StepPart } from "./policy-parts.tsx";
import { TryOut, WhoWould } from "./policy-try.tsx";
import { words } from "./words.ts";
import "./approval.css";

const said = words.policy;

interface PartProps {
  readonly draft: PolicyDraft;
  readonly set: (part: Partial<PolicyDraft>) => void;
}

/** What can wait: every write this person's catalogue knows. */
function What({ draft, set, isFixed }: PartProps & { readonly isFixed: boolean }) {
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
          disabled={isFixed}
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

const blank = (operation: string, from: string): PolicyDraft => ({ name: "", operation, from, conditions: [], steps: [blankStep] });

/** Saving what is drawn up: a new policy, or another wording of one from a day on. */
function useSave(policyId: string, draft: PolicyDraft) {
  const creating = useRun<{ id: string }>("office.approvalPolicy.create", said.saved);
  const changing = useRun<{ id: string }>("office.approvalPolicy.change", said.saved);
  const go = useGo();
  const saving = policyId ? changing : creating;
  const save = async (): Promise<void> => {
    const { name, operation, from } = draft;
    const rest = { name, from, conditions: sentConditions(draft.conditions), steps: sentSteps(draft.steps) };
    const done = await saving.run(policyId ? { approvalPolicyId: policyId, ...rest } : { operation, ...rest });
    if (done) go(recordPath("office.approvalPolicy", done.id));
  };
  return { save, saving };
}

function Editor({ policyId, begun }: { policyId: string; begun: PolicyDraft }) {
  const [draft, setDraft] = useState(begun);
  const set = (part: Partial<PolicyDraft>): void => setDraft((now) => ({ ...now, ...part }));
  const { save, saving } = useSave(policyId, draft);
  return (
    <div className="hw-policy">
      <What {...{ draft, set }} isFixed={policyId !== ""} />
      <When {...{ draft, set }} />
      <Who {...{ draft, set }} />
      <WhoWould draft={draft} />
      <TryOut draft={draft} />
      <ProblemAlert problem={saving.problem} />
      <Group justify="flex-end">
        <Button onClick={() => void save()} loading={saving.pending} disabled={!draft.name.trim() || !draft.operation}>
          {said.save}
        </Button>
      </Group>
    </div>
  );
}

export default function PolicyEditor() {
  const today = useToday();
  const [operation] = useQueryState("operation");
  const [policyId] = useQueryState("approvalPolicyId");
  const kept = useOperation<KeptPolicy>("office.approvalPolicy.get", { id: policyId }, { enabled: policyId !== "" });
  const title = policyId ? said.change : said.create;
  return (
    <>
      <PageHeader
        title={kept.data ? kept.data.name : title}
        tabTitle={title}
        does={policyId ? said.changeSays : said.does}
        crumbs={[{ title: said.title, to: "/r/office/approvalPolicy" }]}
        actions={
          policyId && (
            <RunButton operation="office.approvalPolicy.retire" fields={{ approvalPolicyId: policyId, lastDay: today }} variant="default" />
          )
        }
      />
      {policyId ? (
        <Loaded query={kept} lines={12}>
          {(policy) => <Editor key={policy.id} policyId={policyId} begun={draftOf(policy, today)} />}
        </Loaded>
      ) : (
        <Editor policyId="" begun={blank(operation, today)} />
      )}
    </>
  );
}
