// Setting up a schedule: what and who, how often in plain choices, and beside it the next five times while one chooses.
import { Button, Chip, Group, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { DayField } from "../../../form/day-field.tsx";
import { RecordPicker } from "../../../form/record-picker.tsx";
import { Loaded, PageHeader, ProblemAlert, recordPath, useGo, useOperation, useRun, useToday } from "../../../kit/index.ts";
import { type Coming, ComingTimes } from "./coming.tsx";
import { type Monthly, placeInMonth, type Rhythm, ruleOf, type Unit, weekdayOfDay, weekdays } from "./rhythm.rules.ts";
import "./schedule.css";
import { words } from "./words.ts";

function useDraft() {
  const today = useToday();
  const [draft, setDraft] = useState({
    title: "",
    says: "",
    kind: "task",
    personId: null as string | null,
    activity: "",
    firstDay: today,
    clock: "",
    unit: "MONTHLY" as Unit,
    every: 1,
    days: [] as string[],
    monthly: "sameDate" as Monthly,
    ownRule: undefined as string | undefined,
    leadDays: 7,
    shift: "none",
    anchor: "fixed",
    missed: "once",
  });
  const set = (changes: Partial<typeof draft>): void => setDraft((now) => ({ ...now, ...changes }));
  /** A choice of the rhythm replaces a rule that was written by hand. */
  const setRhythm = (changes: Partial<Rhythm>): void => set({ ...changes, days: [...(changes.days ?? draft.days)], ownRule: undefined });
  const rule = draft.ownRule ?? ruleOf(draft, draft.firstDay);
  const timing = {
    firstDay: draft.firstDay,
    ...(/^\d\d:\d\d$/.test(draft.clock) && { clock: draft.clock }),
    rule,
    anchor: draft.anchor,
    leadDays: draft.leadDays,
    shift: draft.shift,
  };
  const wish = {
    ...timing,
    title: draft.title,
    kind: draft.kind,
    missed: draft.missed,
    ...(draft.says !== "" && { says: draft.says }),
    ...(draft.personId && { personId: draft.personId }),
    ...(draft.activity !== "" && { activity: draft.activity }),
  };
  return { draft, set, setRhythm, rule, timing, wish };
}

type Draft = ReturnType<typeof useDraft>;

const choices = (of: Readonly<Record<string, string>>) => Object.entries(of).map(([value, label]) => ({ value, label }));

function WhatAndWho({ form: { draft, set } }: { form: Draft }) {
  return (
    <>
      <TextInput label={words.what} required maxLength={200} value={draft.title} onChange={(event) => set({ title: event.target.value })} />
      <Textarea label={words.says} autosize minRows={2} value={draft.says} onChange={(event) => set({ says: event.target.value })} />
      <div className="hw-schedule-row">
        <RecordPicker
          register="directory.person"
          label={words.person}
          value={draft.personId}
          onChange={(personId) => set({ personId, ...(personId && { activity: "" }) })}
        />
        <TextInput
          label={words.activity}
          description={words.activityHint}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={draft.activity}
          onChange={(event) => set({ activity: event.target.value.trim(), personId: null })}
        />
        <Select
          label={words.kind}
          data={choices(words.kinds)}
          value={draft.kind}
          allowDeselect={false}
          onChange={(kind) => set({ kind: kind ?? "task" })}
        />
      </div>
    </>
  );
}

function Days({ form: { draft, setRhythm } }: { form: Draft }) {
  return (
    <Chip.Group multiple value={draft.days} onChange={(days) => setRhythm({ days })}>
      <Group gap={6} role="group" aria-label={words.on}>
        {weekdays.map((day) => (
          <Chip key={day} value={day} size="sm" aria-label={words.dayNames[day]}>
            {words.days[day]}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

function HowOften({ form }: { form: Draft }) {
  const { draft, set, setRhythm, rule } = form;
  const weekday = words.dayNames[weekdayOfDay(draft.firstDay)];
  const monthly = {
    sameDate: words.sameDate,
    sameWeekday: words.sameWeekday(words.counts[placeInMonth(draft.firstDay)]!, weekday),
    lastDay: words.lastDay,
  };
  return (
    <>
      <div className="hw-schedule-row">
        <NumberInput
          label={words.every}
          min={1}
          max={400}
          value={draft.every}
          onChange={(every) => setRhythm({ every: Number(every) || 1 })}
        />
        <Select
          label=" "
          aria-label={words.every}
          data={choices(words.units)}
          value={draft.unit}
          allowDeselect={false}
          onChange={(unit) => setRhythm({ unit: unit as Unit })}
        />
        <DayField label={words.from} value={draft.firstDay} onChange={(day) => day && set({ firstDay: day })} />
        <TextInput
          label={words.clock}
          placeholder={words.clockHint}
          type="time"
          value={draft.clock}
          onChange={(event) => set({ clock: event.target.value })}
        />
      </div>
      {draft.unit === "WEEKLY" && <Days form={form} />}
      {draft.unit === "MONTHLY" && (
        <Select
          label={words.monthly}
          data={choices(monthly)}
          value={draft.monthly}
          allowDeselect={false}
          onChange={(value) => setRhythm({ monthly: value as Monthly })}
        />
      )}
      <TextInput
        label={words.rule}
        description={words.ruleHint}
        inputWrapperOrder={["label", "input", "description", "error"]}
        value={rule}
        onChange={(event) => set({ ownRule: event.target.value })}
      />
    </>
  );
}

function Finer({ form: { draft, set } }: { form: Draft }) {
  const choice = (name: "shift" | "anchor" | "missed", label: string, data: Readonly<Record<string, string>>) => (
    <Select
      label={label}
      data={choices(data)}
      value={draft[name]}
      allowDeselect={false}
      onChange={(value) => value && set({ [name]: value })}
    />
  );
  return (
    <div className="hw-schedule-row">
      <NumberInput
        label={words.lead}
        description={words.leadHint}
        inputWrapperOrder={["label", "input", "description", "error"]}
        min={0}
        max={365}
        value={draft.leadDays}
        onChange={(days) => set({ leadDays: Number(days) || 0 })}
      />
      {choice("shift", words.shift, words.shifts)}
      {choice("anchor", words.anchor, words.anchors)}
      {choice("missed", words.missed, words.missedWays)}
    </div>
  );
}

function Ahead({ form }: { form: Draft }) {
  const seen = useOperation<{ words: string; times: readonly Coming[] }>("office.schedule.preview", form.timing, { keep: true });
  return (
    <section className="hw-schedule-ahead" aria-live="polite">
      <h2>{words.nextTimes}</h2>
      <Loaded query={seen} lines={5}>
        {(found) => (
          <>
            <p className="hw-dim hw-coming-words">{found.times.length === 0 ? words.never : found.words}</p>
            <ComingTimes times={found.times} />
          </>
        )}
      </Loaded>
    </section>
  );
}

export default function NewSchedule() {
  const form = useDraft();
  const go = useGo();
  const create = useRun<{ id: string }>("office.schedule.create", words.saved);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const made = await create.run(form.wish);
    if (made) go(recordPath("office.schedule", made.id));
  };
  return (
    <>
      <PageHeader title={words.title} does={words.does} />
      <div className="hw-schedule">
        <form onSubmit={(event) => void save(event)}>
          {create.problem && <ProblemAlert problem={create.problem} />}
          <WhatAndWho form={form} />
          <HowOften form={form} />
          <Finer form={form} />
          <div>
            <Button type="submit" loading={create.pending}>
              {words.save}
            </Button>
          </div>
        </form>
        <Ahead form={form} />
      </div>
    </>
  );
}
