// A journal entry posted by hand: head, lines, sums that have to be equal, a look at what it would do, then posted.
import { Button, Select, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { DayField } from "../../form/day-field.tsx";
import { amountText, EmptyState, Icon, Loaded, PageHeader, ProblemAlert, type Row, usePage } from "../../kit/index.ts";
import { useBook } from "./book-choice.tsx";
import { type AccountRow, accountChoices, useChart } from "./choices.ts";
import { EntryGrid } from "./entry-grid.tsx";
import { entryKeys } from "./entry-keys.ts";
import { amountOf } from "./entry-lines.rules.ts";
import { EntryPreview } from "./entry-preview.tsx";
import { EntryTemplates } from "./entry-template.tsx";
import "./finance.css";
import { type EntryHand, useEntry } from "./use-entry.ts";
import { words } from "./book-words.ts";

interface JournalRow extends Row {
  readonly code: string;
  readonly name: string;
}

function Head({ entry }: { entry: EntryHand }) {
  const { draft, change, tried, placed } = entry;
  const journals = usePage<JournalRow>("finance.journal", { limit: 200, sort: "code" });
  const known = (journals.data?.rows ?? []).map(({ code, name }) => ({ value: code, label: `${code} ${name}` }));
  const choices = known.length > 0 ? known : [{ value: draft.journal, label: draft.journal }];
  return (
    <div className="hw-entry-head">
      <DayField
        label={words.day}
        required
        data-col="day"
        value={draft.day}
        onChange={(day) => day !== draft.day && change(() => ({ day }))}
        error={placed.head.day ?? (tried && !draft.day ? words.entry.dayNeeded : undefined)}
      />
      <Select
        label={words.entry.journal}
        data={choices}
        value={draft.journal}
        allowDeselect={false}
        onChange={(journal) => journal && change(() => ({ journal }))}
        error={placed.head.journal}
      />
      <TextInput
        label={words.text}
        required
        className="hw-entry-text"
        data-col="head-text"
        maxLength={200}
        value={draft.text}
        onChange={(event) => {
          const said = event.currentTarget.value;
          change(() => ({ text: said }));
        }}
        error={placed.head.text ?? (tried && draft.text.trim() === "" ? words.entry.textNeeded : undefined)}
      />
      <TextInput
        label={
          <>
            {words.reference} <span className="hw-optional">{words.entry.optional}</span>
          </>
        }
        data-col="reference"
        maxLength={60}
        value={draft.reference}
        onChange={(event) => {
          const said = event.currentTarget.value;
          change(() => ({ reference: said }));
        }}
        error={placed.head.reference}
      />
    </div>
  );
}

/** Whether debit and credit are equal, in words; colour only underlines it. */
function Difference({ entry }: { entry: EntryHand }) {
  const { difference, debit } = entry.sums;
  const amount = `${amountText(amountOf(difference < 0n ? -difference : difference, entry.currency))} ${entry.currency}`;
  const isEqual = difference === 0n;
  if (isEqual && debit === 0n) return <div className="hw-entry-difference" aria-live="polite" />;
  return (
    <div className="hw-entry-difference" data-equal={isEqual || undefined} aria-live="polite">
      <Icon name={isEqual ? "check" : "alert"} size={16} />
      <span className="hw-number">
        {isEqual ? words.entry.balanced : difference > 0n ? words.entry.creditMissing(amount) : words.entry.debitMissing(amount)}
      </span>
      {!isEqual && (
        <Button variant="default" onClick={entry.balanceLast} aria-keyshortcuts="Alt+=">
          {words.entry.balanceLast}
        </Button>
      )}
    </div>
  );
}

function Foot({ entry }: { entry: EntryHand }) {
  const { running, send, clear } = entry;
  return (
    <div className="hw-form-foot hw-entry-foot">
      <Difference entry={entry} />
      <Button variant="subtle" color="gray" size="sm" onClick={clear} title={words.entry.kept}>
        {words.entry.clear}
      </Button>
      <Button variant="default" size="sm" data-preview disabled={running.pending} onClick={() => void send(true)}>
        {words.entry.preview}
      </Button>
      <Button size="sm" loading={running.pending} onClick={() => void send(false)} aria-keyshortcuts="Control+Enter">
        {words.entry.post}
      </Button>
    </div>
  );
}

function EntryForm({ accounts }: { accounts: readonly AccountRow[] }) {
  const currency = accounts[0]?.balance.currency ?? "EUR";
  const entry = useEntry(currency);
  const choices = useMemo(() => accountChoices(accounts), [accounts]);
  const filled = entry.draft.lines.filter((line) => line.account).length;
  return (
    <div className="hw-entry" onKeyDown={entryKeys({ onBalance: entry.balanceLast, onPost: () => void entry.send(false) })}>
      <EntryTemplates entry={entry} accounts={accounts} />
      <Head entry={entry} />
      <EntryGrid entry={entry} accounts={choices} />
      <p className="hw-dim hw-small hw-entry-keys">{words.entry.keys}</p>
      {entry.tried && filled < 2 && <p className="hw-late">{words.entry.linesNeeded}</p>}
      {entry.running.problem && entry.placed.isLoose && <ProblemAlert problem={entry.running.problem} />}
      {entry.preview && <EntryPreview number={entry.preview.number} lines={entry.draft.lines} currency={currency} accounts={accounts} />}
      <Foot entry={entry} />
    </div>
  );
}

export default function JournalEntry() {
  const chart = useChart();
  const book = useBook();
  return (
    <>
      <PageHeader title={words.entry.title} does={words.entry.does} crumbs={[{ title: words.finance, to: "/m/finance" }]} />
      <Loaded query={chart} lines={10}>
        {(accounts) =>
          accounts.length === 0 ? (
            <EmptyState icon="finance" title={words.entry.noChart} says={words.entry.noChartSays} />
          ) : (
            <EntryForm key={book?.id} accounts={accounts} />
          )
        }
      </Loaded>
    </>
  );
}
