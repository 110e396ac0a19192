// What the person wants to hear, on which channel, and at what hour.
import { Button, Checkbox, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useOperation, useRun } from "../kit/operation.ts";
import { Loaded, ProblemAlert, Section } from "../kit/page.tsx";
import { noticeWords as words } from "./notice-words.ts";

type Mail = keyof typeof words.mail;

interface Kind {
  readonly kind: string;
  readonly title: string;
  readonly says: string;
  readonly app: boolean;
  readonly mail: Mail;
  readonly always: boolean;
}

interface Rhythm {
  readonly zone: string;
  readonly digestAt: string;
  readonly digestWeekday: number;
  readonly quietFrom: string | null;
  readonly quietUntil: string | null;
}

const mails = Object.entries(words.mail).map(([value, label]) => ({ value, label }));

function KindRow({ kind }: { kind: Kind }) {
  const choose = useRun("platform.noticePreference.choose");
  const set = (change: Partial<Kind>): void => void choose.run({ kind: kind.kind, app: kind.app, mail: kind.mail, ...change });
  return (
    <li className="hw-work">
      <div className="hw-work-words">
        <span>{kind.title}</span>
        <span className="hw-dim hw-small">{kind.always ? `${kind.says} ${words.always}` : kind.says}</span>
        <ProblemAlert problem={choose.problem} />
      </div>
      <Switch
        label={words.app}
        aria-label={`${kind.title}: ${words.app}`}
        checked={kind.app}
        disabled={kind.always}
        onChange={(event) => set({ app: event.currentTarget.checked })}
      />
      <NativeSelect
        aria-label={`${kind.title}: ${words.byMail}`}
        data={mails}
        value={kind.mail}
        disabled={kind.always}
        onChange={(event) => set({ mail: event.currentTarget.value as Mail })}
      />
    </li>
  );
}

function Hours({ rhythm }: { rhythm: Rhythm }) {
  const [draft, setDraft] = useState(rhythm);
  const [quiet, setQuiet] = useState(rhythm.quietFrom !== null);
  const save = useRun("platform.noticeRhythm.set", words.saved);
  const change = (some: Partial<Rhythm>): void => setDraft((now) => ({ ...now, ...some }));
  const { quietFrom, quietUntil, ...rest } = draft;
  const hours = quiet ? { quietFrom: quietFrom ?? "19:00", quietUntil: quietUntil ?? "07:00" } : {};
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save.run({ ...rest, ...hours });
      }}
    >
      <div className="hw-account-hours">
        <TextInput label={words.zone} value={draft.zone} onChange={(event) => change({ zone: event.currentTarget.value })} />
        <TextInput
          type="time"
          label={words.digestAt}
          value={draft.digestAt}
          onChange={(event) => change({ digestAt: event.currentTarget.value })}
        />
        <NativeSelect
          label={words.weekday}
          data={words.weekdays.map((label, index) => ({ value: String(index + 1), label }))}
          value={String(draft.digestWeekday)}
          onChange={(event) => change({ digestWeekday: Number(event.currentTarget.value) })}
        />
      </div>
      <Checkbox mt="sm" label={words.quiet} checked={quiet} onChange={(event) => setQuiet(event.currentTarget.checked)} />
      {quiet && (
        <div className="hw-account-hours">
          <TextInput
            type="time"
            label={words.quietFrom}
            value={quietFrom ?? "19:00"}
            onChange={(event) => change({ quietFrom: event.currentTarget.value })}
          />
          <TextInput
            type="time"
            label={words.quietUntil}
            value={quietUntil ?? "07:00"}
            onChange={(event) => change({ quietUntil: event.currentTarget.value })}
          />
        </div>
      )}
      <ProblemAlert problem={save.problem} />
      <Button type="submit" mt="sm" variant="default" loading={save.pending}>
        {words.save}
      </Button>
    </form>
  );
}

export function Notices() {
  const found = useOperation<{ kinds: readonly Kind[]; rhythm: Rhythm }>("platform.noticePreference.show", {});
  return (
    <Section title={words.title}>
      <Loaded query={found} lines={8}>
        {({ kinds, rhythm }) => (
          <>
            <ul className="hw-works">
              {kinds.map((kind) => (
                <KindRow key={kind.kind} kind={kind} />
              ))}
            </ul>
            <Hours rhythm={rhythm} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
