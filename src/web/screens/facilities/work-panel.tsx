// A work order in the hand of whoever does it: the checklist with targets for a thumb in a glove, and the time it took.
import { Button, NumberInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { FileField } from "../../form/file-field.tsx";
import { EmptyState, Loaded, ProblemAlert, type Row, usePage, useRun } from "../../kit/index.ts";
import type { RecordPanelProps } from "../../screen.ts";
import "./facilities.css";
import { words } from "./words.ts";

interface Item extends Row {
  readonly title: string;
  readonly kind: "yesNo" | "number" | "text" | "photo";
  readonly state: "waits" | "fine" | "notFine";
  readonly answerYes: boolean | null;
  readonly answerNumber: number | null;
  readonly answerText: string | null;
  readonly photo: string | null;
  readonly unit: string | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly isRequired: boolean;
}

type Say = (answer: Readonly<Record<string, unknown>>) => void;

function YesNo({ item, say, still }: { item: Item; say: Say; still: boolean }) {
  return (
    <div className="hw-check-two" role="group" aria-label={item.title}>
      {([true, false] as const).map((yes) => (
        <Button
          key={String(yes)}
          size="md"
          variant={item.answerYes === yes ? "filled" : "default"}
          color={yes ? undefined : "red"}
          aria-pressed={item.answerYes === yes}
          disabled={still}
          onClick={() => say({ yes })}
        >
          {yes ? words.yes : words.no}
        </Button>
      ))}
    </div>
  );
}

function Measured({ item, say, still }: { item: Item; say: Say; still: boolean }) {
  const [value, setValue] = useState<string | number>(item.answerNumber ?? "");
  return (
    <div className="hw-check-line">
      <NumberInput
        size="md"
        aria-label={item.title}
        value={value}
        suffix={item.unit ? ` ${item.unit}` : ""}
        inputMode="decimal"
        hideControls
        disabled={still}
        onChange={setValue}
      />
      <Button
        size="md"
        variant="default"
        disabled={still || value === "" || value === item.answerNumber}
        onClick={() => say({ number: Number(value) })}
      >
        {words.save}
      </Button>
    </div>
  );
}

function Written({ item, say, still }: { item: Item; say: Say; still: boolean }) {
  const [value, setValue] = useState(item.answerText ?? "");
  return (
    <div className="hw-check-line">
      <Textarea
        size="md"
        aria-label={item.title}
        autosize
        minRows={1}
        value={value}
        disabled={still}
        onChange={(event) => setValue(event.target.value)}
      />
      <Button
        size="md"
        variant="default"
        disabled={still || value.trim() === "" || value === item.answerText}
        onClick={() => say({ text: value })}
      >
        {words.save}
      </Button>
    </div>
  );
}

function Bounds({ item }: { item: Item }) {
  const unit = item.unit ? ` ${item.unit}` : "";
  const bounds = item.minimum !== null || item.maximum !== null;
  return (
    <span className="hw-dim">
      {bounds && words.within(item.minimum?.toString() ?? "", item.maximum === null ? "" : `${item.maximum}${unit}`)}
      {!item.isRequired && ` ${words.optional}`}
    </span>
  );
}

function Asked({ item, still }: { item: Item; still: boolean }) {
  const answer = useRun("facilities.checklistItem.answer", words.answered);
  const say: Say = (wish) => void answer.run({ checklistItemId: item.id, ...wish });
  return (
    <li data-state={item.state}>
      <div className="hw-check-title">
        <span>{item.title}</span>
        <Bounds item={item} />
        {item.state === "notFine" && <strong className="hw-check-bad">{words.notFine}</strong>}
      </div>
      {item.kind === "yesNo" && <YesNo item={item} say={say} still={still} />}
      {item.kind === "number" && <Measured item={item} say={say} still={still} />}
      {item.kind === "text" && <Written item={item} say={say} still={still} />}
      {item.kind === "photo" && (
        <FileField label={words.photo} aria-label={item.title} value={item.photo} onChange={(fileId) => fileId && say({ fileId })} />
      )}
      {answer.problem && <ProblemAlert problem={answer.problem} />}
    </li>
  );
}

function Time({ id }: { id: string }) {
  const record = useRun("facilities.labour.record", words.recorded);
  return (
    <div className="hw-check-time" role="group" aria-label={words.hours}>
      <span className="hw-dim">{words.hours}</span>
      {[15, 30, 60].map((minutes) => (
        <Button
          key={minutes}
          size="md"
          variant="default"
          loading={record.pending}
          onClick={() => void record.run({ workOrderId: id, minutes })}
        >
          {words.minutes(minutes)}
        </Button>
      ))}
      {record.problem && <ProblemAlert problem={record.problem} />}
    </div>
  );
}

export default function WorkPanel({ id, record }: RecordPanelProps) {
  const items = usePage<Item>("facilities.checklistItem", { filter: { workOrderId: id }, sort: "place", limit: 200 });
  const can = (record["can"] ?? []) as readonly string[];
  const still = !["assigned", "inProgress", "onHold"].includes(String(record["state"]));
  return (
    <Loaded query={items} lines={4}>
      {({ rows }) => (
        <>
          {rows.length === 0 ? (
            <EmptyState icon="check" title={words.noChecklist} says={words.noChecklistSays} />
          ) : (
            <>
              <p className="hw-dim hw-check-count">
                {words.left(
                  rows.filter((row) => row.state === "waits" && row.isRequired).length,
                  rows.filter((row) => row.isRequired).length,
                )}
              </p>
              <ul className="hw-check">
                {rows.map((item) => (
                  <Asked key={item.id} item={item} still={still} />
                ))}
              </ul>
            </>
          )}
          {can.includes("facilities.labour.record") && <Time id={id} />}
        </>
      )}
    </Loaded>
  );
}
