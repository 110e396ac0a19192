// Saying on the map who answers for a kind of work, does it, is asked or is told: a person or a seat, everywhere or at one place.
import { Button, Modal, NativeSelect, SegmentedControl } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { DayField } from "../../form/day-field.tsx";
import { RecordPicker } from "../../form/record-picker.tsx";
import { ProblemAlert, useRun, useToday } from "../../kit/index.ts";
import { type Part, parts } from "./responsibility.ts";
import { mapWords as words } from "./words.ts";

type ScopeKind = "everywhere" | "entity" | "unit" | "place";
type HolderKind = "person" | "position";

export interface HolderDraft {
  readonly scopeKind: ScopeKind;
  readonly scopeId: string | null;
  readonly holderKind: HolderKind;
  readonly holderId: string | null;
  readonly from: string | null;
}

interface Draft extends HolderDraft {
  readonly part: Part;
}

export const everywhereFrom = (from: string): HolderDraft => ({
  scopeKind: "everywhere",
  scopeId: null,
  holderKind: "person",
  holderId: null,
  from,
});

const scopeRegisters = { entity: "directory.legalEntity", unit: "directory.unit", place: "directory.place" } as const;
const holderRegisters = { person: "directory.person", position: "directory.position" } as const;

interface FieldsProps {
  readonly draft: HolderDraft;
  readonly change: (some: Partial<HolderDraft>) => void;
  readonly tried: boolean;
}

export function Where({ draft, change, tried }: FieldsProps) {
  const { scopeKind } = draft;
  return (
    <>
      <NativeSelect
        label={words.scope}
        data={(["everywhere", "entity", "unit", "place"] as const).map((value) => ({ value, label: words.scopeKinds[value] }))}
        value={scopeKind}
        onChange={(event) => change({ scopeKind: event.currentTarget.value as ScopeKind, scopeId: null })}
      />
      {scopeKind !== "everywhere" && (
        <RecordPicker
          key={scopeKind}
          register={scopeRegisters[scopeKind]}
          label={words.scopeKinds[scopeKind]}
          required
          error={tried && !draft.scopeId && words.chooseOne}
          value={draft.scopeId}
          onChange={(scopeId) => change({ scopeId })}
        />
      )}
    </>
  );
}

export function Who({ draft, change, tried }: FieldsProps) {
  const { holderKind } = draft;
  return (
    <div className="hw-assign-who">
      <SegmentedControl
        size="xs"
        aria-label={words.holder}
        data={[
          { value: "person", label: words.onePerson },
          { value: "position", label: words.oneSeat },
        ]}
        value={holderKind}
        onChange={(value) => change({ holderKind: value as HolderKind, holderId: null })}
      />
      <RecordPicker
        key={holderKind}
        register={holderRegisters[holderKind]}
        label={holderKind === "person" ? words.onePerson : words.oneSeat}
        description={holderKind === "position" ? words.seatHint : undefined}
        required
        data-autofocus
        error={tried && !draft.holderId && words.chooseOne}
        value={draft.holderId}
        onChange={(holderId) => change({ holderId })}
      />
    </div>
  );
}

/** What the operations want to know of a holder; undefined while something is missing. */
export function holderInput(draft: HolderDraft): Readonly<Record<string, unknown>> | undefined {
  const { scopeKind, scopeId, holderKind, holderId, from } = draft;
  if (!holderId || !from || (scopeKind !== "everywhere" && !scopeId)) return undefined;
  return {
    scopeKind,
    ...(scopeId ? { scopeId } : {}),
    [holderKind === "person" ? "personId" : "positionId"]: holderId,
    from,
  };
}

interface AssignProps {
  readonly activity: string;
  readonly title: string;
  readonly part: Part;
  readonly onClose: () => void;
}

function AssignForm({ activity, part, onClose }: Omit<AssignProps, "title">) {
  const today = useToday();
  const [draft, setDraft] = useState<Draft>({ part, ...everywhereFrom(today) });
  const [tried, setTried] = useState(false);
  const assign = useRun("office.responsibility.assign", words.assigned);
  const change = (some: Partial<Draft>): void => setDraft((now) => ({ ...now, ...some }));
  const send = async (): Promise<void> => {
    setTried(true);
    const input = holderInput(draft);
    if (input && (await assign.run({ activity, part: draft.part, ...input })) !== undefined) onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };
  return (
    <form onSubmit={submit} noValidate className="hw-assign">
      <NativeSelect
        label={words.part}
        data={parts.map((value) => ({ value, label: words.parts[value] }))}
        value={draft.part}
        onChange={(event) => change({ part: event.currentTarget.value as Part })}
      />
      <Who draft={draft} change={change} tried={tried} />
      <Where draft={draft} change={change} tried={tried} />
      <DayField
        label={words.from}
        required
        error={tried && !draft.from && words.chooseOne}
        value={draft.from}
        onChange={(from) => change({ from })}
      />
      <ProblemAlert problem={assign.problem} />
      <div className="hw-would-foot">
        <Button type="submit" loading={assign.pending}>
          {words.assignNow}
        </Button>
        <Button variant="default" onClick={onClose}>
          {words.cancel}
        </Button>
      </div>
    </form>
  );
}

export function AssignHolder({ activity, title, part, onClose }: AssignProps) {
  return (
    <Modal opened onClose={onClose} title={title} closeOnClickOutside={false}>
      <AssignForm activity={activity} part={part} onClose={onClose} />
    </Modal>
  );
}
