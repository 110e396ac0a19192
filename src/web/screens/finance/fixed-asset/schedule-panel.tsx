// The schedule of an asset on its record: its value over time as a picture, and every line, booked and planned; changed from here.
import { SegmentedControl, Select } from "@mantine/core";
import { useState } from "react";
import {
  amountText,
  dayText,
  EmptyState,
  Figure,
  Loaded,
  moneyText,
  type MoneyValue,
  RecordLink,
  RunButton,
  StateBadge,
  useOperation,
} from "../../../kit/index.ts";
import type { RecordPanelProps } from "../../../screen.ts";
import { differenceOf } from "../statement.rules.ts";
import "./schedule.css";
import { byYear, emptyBecause, type ScheduleLine, stepsOf } from "./schedule.rules.ts";
import { words } from "./words.ts";

interface Schedule {
  readonly assetBookId: string;
  readonly assetBook: string;
  readonly books: readonly { readonly id: string; readonly name: string }[];
  readonly currency: string;
  readonly method: string;
  readonly lifeMonths: number;
  readonly startDay: string;
  readonly cost: MoneyValue;
  readonly residual: MoneyValue;
  readonly opening: MoneyValue;
  readonly openingUntil: string | null;
  readonly accumulated: MoneyValue;
  readonly bookValue: MoneyValue;
  readonly disposedOn: string | null;
  readonly lines: readonly ScheduleLine[];
  readonly revisions: readonly {
    readonly day: string;
    readonly reason: string;
    readonly by: string;
    readonly costBefore: MoneyValue;
    readonly costAfter: MoneyValue;
  }[];
}

function Picture({ shown }: { shown: Schedule }) {
  const steps = stepsOf(shown.lines, shown.cost);
  const booked = steps.filter((step) => step.isBooked).length;
  return (
    <figure className="hw-asset-picture">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={words.chart(booked, steps.length - booked)}>
        {steps.map((step) => (
          <rect
            key={step.left}
            data-booked={step.isBooked || undefined}
            x={step.left + step.width * 0.06}
            width={step.width * 0.88}
            y={100 - step.height}
            height={step.height}
          />
        ))}
      </svg>
      <figcaption>
        <span data-key="booked">{words.booked}</span>
        <span data-key="planned">{words.planned}</span>
        <span className="hw-dim">
          {dayText(shown.lines[0]!.untilDay)} – {dayText(shown.lines.at(-1)!.untilDay)}
        </span>
      </figcaption>
    </figure>
  );
}

function Years({ shown }: { shown: Schedule }) {
  return byYear(shown.lines, shown.currency).map((row) => (
    <tr key={row.year}>
      <th scope="row">{row.year}</th>
      <td data-title={words.amount}>{amountText(row.amount.amount)}</td>
      <td data-title={words.after}>{amountText(row.bookValue.amount)}</td>
      <td data-title={words.booked}>{words.of(String(row.booked), String(row.lines))}</td>
    </tr>
  ));
}

function Lines({ lines }: { lines: readonly ScheduleLine[] }) {
  return lines.map((line) => (
    <tr key={`${line.untilDay} ${line.kind} ${line.amount.amount}`} data-state={line.state}>
      <th scope="row">
        {dayText(line.untilDay)}
        {line.kind === "impairment" && <span className="hw-dim hw-small"> {words.impairment}</span>}
      </th>
      <td data-title={words.amount}>{amountText(line.amount.amount)}</td>
      <td data-title={words.after}>{amountText(line.bookValue.amount)}</td>
      <td data-title={words.state}>
        {line.entryId ? (
          <RecordLink register="finance.journalEntry" id={line.entryId} label={line.entry} />
        ) : (
          <StateBadge state={line.state} />
        )}
      </td>
    </tr>
  ));
}

function Table({ shown }: { shown: Schedule }) {
  const [detail, setDetail] = useState(shown.lines.length > 24 ? "year" : "line");
  const titles = [words.until, words.amount, words.after, detail === "year" ? words.booked : words.state];
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={words.shown}
        value={detail}
        onChange={setDetail}
        data={[
          { value: "year", label: words.byYear },
          { value: "line", label: words.byLine },
        ]}
      />
      <div className="hw-scroll" tabIndex={0} role="region" aria-label={words.schedule}>
        <table className="hw-asset-lines" aria-label={words.schedule}>
          <thead>
            <tr>
              {titles.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.openingUntil && (
              <tr>
                <th scope="row">{words.opening(dayText(shown.openingUntil))}</th>
                <td data-title={words.amount}>{amountText(shown.opening.amount)}</td>
                <td data-title={words.after}>{amountText(differenceOf(shown.cost, shown.opening).amount)}</td>
                <td />
              </tr>
            )}
            {detail === "year" ? <Years shown={shown} /> : <Lines lines={shown.lines} />}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Changes({ shown }: { shown: Schedule }) {
  if (shown.revisions.length === 0) return null;
  return (
    <section aria-label={words.revisions} className="hw-asset-changes">
      <h3>{words.revisions}</h3>
      <ul>
        {shown.revisions.map((one) => (
          <li key={`${one.day} ${one.reason} ${one.costAfter.amount}`}>
            <strong>{dayText(one.day)}</strong> {one.reason}{" "}
            <span className="hw-dim">
              {one.costBefore.amount !== one.costAfter.amount && words.changed(moneyText(one.costBefore), moneyText(one.costAfter))}
              {one.by}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Shown({ shown, id }: { shown: Schedule; id: string }) {
  const fields = { fixedAssetId: id, assetBookId: shown.assetBookId };
  return (
    <>
      <div className="hw-figures hw-figures-broad">
        <Figure title={words.cost} value={shown.cost} note={`${words.from(dayText(shown.startDay))} · ${words.life(shown.lifeMonths)}`} />
        <Figure title={words.accumulated} value={shown.accumulated} />
        <Figure title={words.bookValue} value={shown.bookValue} note={words.asBooked} />
      </div>
      {shown.lines.length === 0 ? (
        <EmptyState compact title={words.empty} says={words.emptySays[emptyBecause(shown)]} />
      ) : (
        <>
          <Picture shown={shown} />
          <Table key={shown.assetBookId} shown={shown} />
        </>
      )}
      <Changes shown={shown} />
      {!shown.disposedOn && (
        <div className="hw-asset-actions">
          <RunButton variant="default" operation="finance.fixedAsset.revise" fields={fields} />
          <RunButton variant="default" operation="finance.fixedAsset.dispose" fields={{ fixedAssetId: id }} />
        </div>
      )}
    </>
  );
}

export default function SchedulePanel({ id }: RecordPanelProps) {
  const [assetBookId, setBook] = useState<string>();
  const found = useOperation<Schedule>("finance.fixedAsset.schedule", { fixedAssetId: id, assetBookId }, { keep: true });
  return (
    <Loaded query={found} lines={8}>
      {(shown) => (
        <div className="hw-asset">
          {shown.books.length > 1 && (
            <Select
              label={words.books}
              data={shown.books.map((book) => ({ value: book.id, label: book.name }))}
              value={shown.assetBookId}
              onChange={(book) => setBook(book ?? undefined)}
              allowDeselect={false}
              maw={260}
            />
          )}
          <Shown shown={shown} id={id} />
        </div>
      )}
    </Loaded>
  );
}
