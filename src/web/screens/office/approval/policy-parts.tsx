// The two halves of a policy: when it applies, and who then agrees, step by step.
import { ActionIcon, Button, Group, NativeSelect, NumberInput, Select, TextInput } from "@mantine/core";
import { kindOf } from "../../../catalogue.ts";
import { DayField } from "../../../form/day-field.tsx";
import { MoneyField } from "../../../form/money-field.tsx";
import { RecordPicker } from "../../../form/record-picker.tsx";
import { Icon, useCatalogue } from "../../../kit/index.ts";
import {
  blankApprover,
  comparisonsFor,
  type DraftApprover,
  type DraftCondition,
  type DraftStep,
  type FieldChoice,
  usesOf,
} from "./policy-draft.ts";
import { words } from "./words.ts";

const said = words.policy;

function Remove({ what, onClick }: { what: string; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={said.remove(what)} onClick={onClick} mb={4}>
      <Icon name="close" />
    </ActionIcon>
  );
}

interface ConditionProps {
  readonly condition: DraftCondition;
  readonly fields: readonly FieldChoice[];
  readonly onChange: (condition: DraftCondition) => void;
  readonly onRemove: () => void;
}

function ConditionValue({ condition, fields, onChange }: Omit<ConditionProps, "onRemove">) {
  const schema = fields.find((one) => one.value === condition.field)?.schema;
  const kind = schema ? kindOf(schema) : condition.amount ? "money" : "text";
  if (["given", "missing", "firstTime"].includes(condition.is)) return null;
  const set = (value: string | null): void => onChange({ ...condition, value: value ?? "", amount: null });
  if (kind === "money")
    return <MoneyField label={said.value} value={condition.amount} onChange={(amount) => onChange({ ...condition, amount })} />;
  if (kind === "day") return <DayField label={said.value} value={condition.value || null} onChange={set} />;
  if (kind === "ref" && schema?.["x-ref"]) {
    return <RecordPicker register={schema["x-ref"]} label={said.value} value={condition.value} onChange={set} />;
  }
  const options = kind === "boolean" ? ["true", "false"] : schema?.enum?.map(String);
  if (options && condition.is !== "oneOf") return <Select label={said.value} data={options} value={condition.value} onChange={set} />;
  const hint = condition.is === "oneOf" ? said.severalHint : undefined;
  return <TextInput label={said.value} placeholder={hint} value={condition.value} onChange={(event) => set(event.currentTarget.value)} />;
}

export function ConditionLine({ condition, fields, onChange, onRemove }: ConditionProps) {
  const schema = fields.find((one) => one.value === condition.field)?.schema;
  // A policy about what this person may not do themself keeps its words, although its fields are not known here.
  const isKnown = schema !== undefined || !condition.field;
  const allowed = isKnown ? comparisonsFor(schema) : [condition.is];
  const choose = (field: string | null): void => {
    const next = comparisonsFor(fields.find((one) => one.value === field)?.schema);
    onChange({ field: field ?? "", is: next.includes(condition.is) ? condition.is : next[0]!, value: "", amount: null });
  };
  return (
    <div className="hw-policy-row">
      <Select
        label={said.field}
        searchable
        data={[
          ...fields.map(({ value, label }) => ({ value, label })),
          ...(isKnown ? [] : [{ value: condition.field, label: condition.field }]),
        ]}
        value={condition.field || null}
        onChange={choose}
      />
      <NativeSelect
        label={said.is}
        data={allowed.map((value) => ({ value, label: said.comparisons[value] ?? value }))}
        value={condition.is}
        onChange={(event) => onChange({ ...condition, is: event.currentTarget.value })}
      />
      <ConditionValue {...{ condition, fields, onChange }} />
      <Remove what={fields.find((one) => one.value === condition.field)?.label ?? said.addCondition} onClick={onRemove} />
    </div>
  );
}

interface ApproverProps {
  readonly approver: DraftApprover;
  readonly fields: readonly FieldChoice[];
  readonly activities: readonly { value: string; label: string }[];
  readonly onChange: (approver: DraftApprover) => void;
  readonly onRemove: (() => void) | undefined;
}

function ApproverLine({ approver, fields, activities, onChange, onRemove }: ApproverProps) {
  const roles = Object.entries(useCatalogue().roles).map(([value, label]) => ({ value, label: `${label} (${value})` }));
  const set = (part: Partial<DraftApprover>): void => onChange({ ...approver, ...part });
  const uses = usesOf(approver.kind);
  const places = fields.filter((one) =>
    ["directory.unit", "directory.place", "directory.legalEntity"].includes(String(one.schema["x-ref"])),
  );
  return (
    <div className="hw-policy-row">
      <NativeSelect
        label={said.approver}
        data={Object.entries(said.kinds).map(([value, label]) => ({ value, label }))}
        value={approver.kind}
        onChange={(event) => set({ kind: event.currentTarget.value })}
      />
      {uses.includes("levels") && (
        <NumberInput
          label={said.levels}
          min={1}
          max={10}
          value={approver.levels}
          onChange={(levels) => set({ levels: Number(levels) || 1 })}
        />
      )}
      {uses.includes("activity") && (
        <Select
          label={said.activity}
          searchable
          data={activities}
          value={approver.activity || null}
          onChange={(activity) => set({ activity: activity ?? "" })}
        />
      )}
      {uses.includes("role") && (
        <Select label={said.role} searchable data={roles} value={approver.role || null} onChange={(role) => set({ role: role ?? "" })} />
      )}
      {uses.includes("positionId") && (
        <RecordPicker
          register="directory.position"
          label={said.kinds["position"]}
          value={approver.positionId}
          onChange={(positionId) => set({ positionId: positionId ?? "" })}
        />
      )}
      {uses.includes("personId") && (
        <RecordPicker
          register="directory.person"
          label={said.kinds["person"]}
          value={approver.personId}
          onChange={(personId) => set({ personId: personId ?? "" })}
        />
      )}
      {uses.includes("at") && places.length > 0 && (
        <Select
          label={said.at}
          clearable
          data={places.map(({ value, label }) => ({ value, label }))}
          value={approver.at || null}
          onChange={(at) => set({ at: at ?? "" })}
        />
      )}
      {onRemove && <Remove what={said.kinds[approver.kind] ?? said.approver} onClick={onRemove} />}
    </div>
  );
}

interface StepProps extends Pick<ApproverProps, "fields" | "activities"> {
  readonly step: DraftStep;
  readonly number: number;
  readonly onChange: (step: DraftStep) => void;
  readonly onRemove: (() => void) | undefined;
}

/** How many may be wanted: one, so many of those named, or of a role's holders, or all. */
function quorumChoices({ approvers }: DraftStep): { value: string; label: string }[] {
  const many = approvers.some((one) => one.kind === "role") ? 5 : approvers.length;
  const between = Array.from({ length: Math.max(0, many - 1) }, (_, index) => index + 2).filter((count) => count < many || many === 5);
  return [
    { value: "all", label: said.all },
    { value: "1", label: said.any },
    ...between.map((count) => ({ value: String(count), label: said.number(count) })),
  ];
}

export function StepPart({ step, number, fields, activities, onChange, onRemove }: StepProps) {
  const set = (part: Partial<DraftStep>): void => onChange({ ...step, ...part });
  const put = (index: number, approver: DraftApprover): void =>
    set({ approvers: step.approvers.map((one, place) => (place === index ? approver : one)) });
  return (
    <div className="hw-policy-step">
      <Group justify="space-between" wrap="nowrap">
        <strong>{said.step(number)}</strong>
        {onRemove && <Remove what={said.step(number)} onClick={onRemove} />}
      </Group>
      {step.approvers.map((approver, index) => (
        <ApproverLine
          key={index}
          {...{ approver, fields, activities }}
          onChange={(next) => put(index, next)}
          onRemove={step.approvers.length > 1 ? () => set({ approvers: step.approvers.filter((_, place) => place !== index) }) : undefined}
        />
      ))}
      <Button variant="subtle" size="compact-sm" onClick={() => set({ approvers: [...step.approvers, blankApprover] })}>
        {said.addApprover}
      </Button>
      <div className="hw-policy-row">
        <TextInput
          label={said.stepTitle}
          placeholder={said.step(number)}
          value={step.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
        <NativeSelect
          label={said.needed}
          data={quorumChoices(step)}
          value={step.quorum === null ? "all" : String(step.quorum)}
          onChange={(event) => set({ quorum: event.currentTarget.value === "all" ? null : Number(event.currentTarget.value) })}
        />
        <NumberInput
          label={said.remind}
          min={1}
          max={90}
          value={step.remindDays}
          onChange={(days) => set({ remindDays: Number(days) || 1 })}
        />
        <NumberInput
          label={said.escalate}
          placeholder={said.never}
          min={1}
          max={365}
          value={step.escalateDays ?? ""}
          onChange={(days) => set({ escalateDays: Number(days) || null })}
        />
      </div>
    </div>
  );
}
