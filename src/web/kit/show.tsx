// How a value is shown, by its kind: amounts right-aligned with their currency, days by the locale, states as badges with words.
import { Badge, Code } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { filePath } from "../client.ts";
import { text } from "../text.ts";
import { agoText, amountText, dayText, instantText, isMoney, type MoneyValue, numberText, stateText } from "./format.ts";
import { RecordLink } from "./link.tsx";
import { useCatalogueIfAny } from "./session.tsx";

const dash = <span className="hw-dim">—</span>;

/** An amount with its currency, in tabular figures; a negative amount keeps its sign. */
export function MoneyText({ value }: { value: MoneyValue | null | undefined }) {
  if (!value) return dash;
  return (
    <span className="hw-money" data-negative={value.amount.startsWith("-") || undefined}>
      {amountText(value.amount)} <span className="hw-currency">{value.currency}</span>
    </span>
  );
}

export function DayText({ value }: { value: string | null | undefined }) {
  return value ? (
    <time dateTime={value} className="hw-nowrap">
      {dayText(value)}
    </time>
  ) : (
    dash
  );
}

/** An instant; `ago` says how long ago, with the exact time on hover. */
export function InstantText({ value, ago }: { value: string | null | undefined; ago?: boolean }) {
  if (!value) return dash;
  return (
    <time dateTime={value} title={instantText(value)} className="hw-nowrap">
      {ago ? agoText(value) : instantText(value)}
    </time>
  );
}

const words = (said: string): RegExp => new RegExp(`^(${said.trim().split(/ +/).join("|").replaceAll("_", " ?")})$`, "i");
const good = words(
  "active approved done paid posted complete completed accepted held holds in_force effective current hired signed ok passed available " +
    "matched delivered received resolved settled allocated attested confirmed",
);
const bad = words("rejected declined failed overdue late broken blocked lost breached terminated critical expired missing stolen disputed");
const waiting = words(
  "draft pending waiting planned proposed reserved scheduled offered calculated partly_paid partial on_hold paused due unread future " +
    "waiting_for_requester waiting_for_other",
);
const live = words("open in_progress under_way running requested submitted in_review sent new unwinding in_use");

/** The tone of a state's word. The word itself is always shown: colour is never the only sign. */
export function toneOf(state: string): "good" | "bad" | "waiting" | "live" | "plain" {
  const word = stateText(state);
  if (bad.test(word)) return "bad";
  if (waiting.test(word)) return "waiting";
  if (live.test(word)) return "live";
  return good.test(word) ? "good" : "plain";
}

const colourOf = { good: "green", bad: "red", waiting: "yellow", live: "blue", plain: "gray" } as const;
const signOf = { good: "●", bad: "▲", waiting: "◐", live: "◆", plain: "○" } as const;

export function StateBadge({ state }: { state: string | null | undefined }) {
  if (!state) return dash;
  const tone = toneOf(state);
  return (
    <Badge
      className="hw-state"
      variant="light"
      color={colourOf[tone]}
      data-tone={tone}
      leftSection={<span aria-hidden>{signOf[tone]}</span>}
    >
      {stateText(state)}
    </Badge>
  );
}

/** A long text in at most three lines, with a way to read the rest. */
export function LongTextShown({ value, lines = 3 }: { value: string; lines?: number }) {
  const [open, setOpen] = useState(false);
  const long = value.length > 240 || value.split("\n").length > lines;
  return (
    <span>
      <span className={long && !open ? "hw-clamp" : "hw-pre"}>{value}</span>
      {long && (
        <button type="button" className="hw-textbutton" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? text.showLess : text.showMore}
        </button>
      )}
    </span>
  );
}

/** A few words as a line; lines of a text as a text. */
function WordsShown({ words, oneLine }: { words: readonly string[]; oneLine: boolean | undefined }) {
  const said = words.join(", ");
  if (oneLine || said.length <= 240) return said === "" ? dash : <span className="hw-anywhere">{said}</span>;
  return <LongTextShown value={words.join("\n")} />;
}

interface ValueTextProps {
  readonly kind: string;
  readonly value: unknown;
  /** The register a `ref` points at. */
  readonly refTo?: string | null;
  /** The name of the record a `ref` points at, when the row brings it along. */
  readonly label?: ReactNode;
  /** In a table a text is cut to one line. */
  readonly oneLine?: boolean;
}

const nothing = (value: unknown): boolean => value === null || value === undefined || value === "";

const byKind: Readonly<Record<string, (props: ValueTextProps) => ReactNode>> = {
  money: ({ value }) => (isMoney(value) ? <MoneyText value={value} /> : String(value)),
  day: ({ value }) => <DayText value={String(value)} />,
  instant: ({ value }) => <InstantText value={String(value)} />,
  boolean: ({ value }) => (value ? text.yes : <span className="hw-dim">{text.no}</span>),
  integer: ({ value }) => <span className="hw-number">{numberText(value as number)}</span>,
  number: ({ value }) => <span className="hw-number">{numberText(value as number)}</span>,
  decimal: ({ value }) => <span className="hw-number">{numberText(String(value))}</span>,
  enum: ({ value }) => stateText(String(value)),
  file: ({ value }) => <a href={filePath(String(value))}>{text.openFile}</a>,
  ref: ({ value, refTo, label }) => (refTo ? <RecordLink register={refTo} id={String(value)} label={label} /> : String(value)),
  longText: ({ value, oneLine }) => (oneLine ? String(value) : <LongTextShown value={String(value)} />),
};

/** Any value by its kind, as the catalogue names kinds. */
export function ValueText(props: ValueTextProps) {
  const { kind, value } = props;
  if (nothing(value)) return dash;
  const shown = byKind[kind];
  if (shown) return <>{shown(props)}</>;
  if (isMoney(value)) return <MoneyText value={value} />;
  if (Array.isArray(value) && value.every((one) => typeof one !== "object"))
    return <WordsShown words={value.map(String)} oneLine={props.oneLine} />;
  if (typeof value === "object") return <Code block={!props.oneLine}>{JSON.stringify(value, null, props.oneLine ? undefined : 2)}</Code>;
  if (typeof value === "boolean") return <>{value ? text.yes : text.no}</>;
  return <TextShown said={String(value)} />;
}

/** A text as it is; the name of a kind of work, a process or a register, which people know by its title, as that. */
function TextShown({ said }: { said: string }) {
  const catalogue = useCatalogueIfAny();
  const title = catalogue?.titles[said] ?? catalogue?.register(said)?.title;
  return <span className="hw-anywhere">{(said.includes(".") && title) || said}</span>;
}

/** Whether values of the kind stand at the right edge of their column. */
export const isRightAligned = (kind: string): boolean => kind === "money" || kind === "integer" || kind === "number" || kind === "decimal";
