// The inbox of decisions: the list on the left, on the right what would change and who agrees; all of it by keyboard.
import { Button, Checkbox, Group, SegmentedControl, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useCallback, useEffect, useRef, useState } from "react";
import {
  EmptyState,
  InstantText,
  Loaded,
  MoneyText,
  PageHeader,
  ProblemAlert,
  StateBadge,
  usePage,
  useQueryState,
  useRun,
} from "../../../kit/index.ts";
import type { ApprovalRow } from "./approval.ts";
import { Pane } from "./pane.tsx";
import { words } from "./words.ts";
import "./approval.css";

const said = words.inbox;

const tabs = {
  mine: { title: said.mine, filter: { state: "open", mine: "true" }, sort: "requestedAt" },
  own: { title: said.own, filter: { own: "true" }, sort: "-requestedAt" },
  open: { title: said.open, filter: { state: "open" }, sort: "requestedAt" },
  decided: { title: said.decided, filter: { state: "!open" }, sort: "-requestedAt" },
} as const;
type Tab = keyof typeof tabs;

interface LineProps {
  readonly row: ApprovalRow;
  readonly here: boolean;
  readonly marked: boolean;
  readonly markable: boolean;
  readonly onOpen: () => void;
  readonly onMark: () => void;
}

function Line({ row, here, marked, markable, onOpen, onMark }: LineProps) {
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (here) element.current?.scrollIntoView({ block: "nearest" });
  }, [here]);
  return (
    <li ref={element} className="hw-approval-line" data-here={here || undefined}>
      {markable && <Checkbox size="xs" checked={marked} onChange={onMark} aria-label={said.mark(row.title)} />}
      <button type="button" onClick={onOpen} aria-current={here || undefined}>
        <span className="hw-approval-line-head">
          <strong className="hw-anywhere">{row.title}</strong>
          {row.amount && (
            <span className="hw-number hw-nowrap">
              <MoneyText value={row.amount} />
            </span>
          )}
        </span>
        <span className="hw-small hw-dim">
          {row.requestedBy && said.askedBy(row.requestedBy)} · <InstantText value={row.requestedAt} ago />
          {row.waitsFor && !row.mine && ` · ${said.waitsFor(row.waitsFor)}`}
          {row.step && !row.step.endsWith("of 1") && ` · ${said.step(row.step)}`}
        </span>
        {row.state !== "open" && <StateBadge state={row.state} />}
      </button>
    </li>
  );
}

interface Results {
  readonly results: readonly { approvalId: string; state: string; says: string; code: string | null }[];
}

/** What is marked is decided at once; what cannot be says why. */
function BulkBar({ rows, onDone }: { rows: readonly ApprovalRow[]; onDone: () => void }) {
  const [reason, setReason] = useState("");
  const many = useRun<Results>("office.approval.decideMany");
  const [left, setLeft] = useState<readonly string[]>([]);
  const decide = async (verdict: "approve" | "decline"): Promise<void> => {
    const decisions = rows.map(({ id, hash }) => ({ approvalId: id, verdict, hash }));
    const done = await many.run({ decisions, ...(reason.trim() && { reason: reason.trim() }) });
    if (!done) return;
    const refused = done.results.filter((one) => one.code !== null);
    notifications.show({
      message: words.bulk.result(done.results.length - refused.length, refused.length),
      color: refused.length > 0 ? "yellow" : "green",
    });
    setLeft(refused.map((one) => `${rows.find((row) => row.id === one.approvalId)?.title ?? ""}: ${one.says}`));
    if (refused.length === 0) onDone();
  };
  return (
    <div className="hw-approval-bulk" role="region" aria-label={said.marked(rows.length)}>
      <Group gap={8} wrap="wrap">
        <strong>{said.marked(rows.length)}</strong>
        <TextInput
          size="xs"
          aria-label={words.bulk.reason}
          placeholder={words.bulk.reason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button size="xs" onClick={() => void decide("approve")} loading={many.pending}>
          {words.bulk.approve}
        </Button>
        <Button size="xs" variant="default" onClick={() => void decide("decline")} disabled={many.pending}>
          {words.bulk.decline}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onDone}>
          {said.clear}
        </Button>
      </Group>
      <ProblemAlert problem={many.problem} />
      {left.map((line) => (
        <p key={line} className="hw-small hw-late">
          {line}
        </p>
      ))}
    </div>
  );
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Keys do what the buttons do, but never while something is typed or a dialog is open. */
function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]')) return;
      const does = latest.current[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

function useDeciding(row: ApprovalRow | undefined, onDone: () => void) {
  const deciding = useRun<unknown>("office.approval.decide");
  const [reasons, setReasons] = useState<Readonly<Record<string, string>>>({});
  const reasonBox = useRef<HTMLTextAreaElement>(null);
  const reason = (row && reasons[row.id]) ?? "";
  const decide = async (verdict: "approve" | "decline"): Promise<void> => {
    if (!row) return;
    if (verdict === "decline" && !reason.trim()) {
      reasonBox.current?.focus();
      return;
    }
    const done = await deciding.run({ approvalId: row.id, verdict, hash: row.hash, ...(reason.trim() && { reason: reason.trim() }) });
    if (!done) return;
    notifications.show({ message: (done as { says?: string }).says ?? words.pane.done, color: "green" });
    onDone();
  };
  return { deciding, reason, setReason: (text: string) => row && setReasons((now) => ({ ...now, [row.id]: text })), reasonBox, decide };
}

function Two({ rows, tab }: { rows: readonly ApprovalRow[]; tab: Tab }) {
  const [chosen, setChosen] = useQueryState("wish");
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const at = rows.findIndex((row) => row.id === chosen);
  const row = rows[at];
  const next = useCallback(() => setChosen(rows[at + 1]?.id ?? rows[at - 1]?.id), [at, rows, setChosen]);
  const { deciding, reason, setReason, reasonBox, decide } = useDeciding(row, next);
  const { reset } = deciding;
  useEffect(() => reset(), [chosen, reset]);
  const mark = (id: string): void => setMarked((now) => new Set(now.has(id) ? [...now].filter((one) => one !== id) : [...now, id]));
  useKeys({
    j: () => setChosen(rows[Math.min(at + 1, rows.length - 1)]?.id),
    k: () => setChosen(rows[Math.max(at - 1, 0)]?.id),
    a: () => void (row?.mine && decide("approve")),
    r: () => void (row?.mine && decide("decline")),
    x: () => row?.mine && mark(row.id),
  });
  const chosenRows = rows.filter((one) => marked.has(one.id) && one.mine);
  return (
    <>
      {chosenRows.length > 0 && <BulkBar rows={chosenRows} onDone={() => setMarked(new Set())} />}
      <div className="hw-approval-two" data-open={row ? true : undefined}>
        <ul className="hw-approval-list" aria-label={tabs[tab].title}>
          {rows.map((one) => (
            <Line
              key={one.id}
              row={one}
              here={one.id === chosen}
              marked={marked.has(one.id)}
              markable={one.mine}
              onOpen={() => setChosen(one.id)}
              onMark={() => mark(one.id)}
            />
          ))}
        </ul>
        <div className="hw-approval-side">
          {row ? (
            <>
              <Button className="hw-approval-back" variant="subtle" size="compact-sm" onClick={() => setChosen(undefined)}>
                {said.back}
              </Button>
              <Pane
                key={row.id}
                {...{ row, reason, reasonBox, deciding }}
                onReason={setReason}
                onDecide={(verdict) => void decide(verdict)}
              />
            </>
          ) : (
            <EmptyState compact icon="check" title={said.choose} says={said.keys} />
          )}
        </div>
      </div>
    </>
  );
}

export default function ApprovalInbox() {
  const [wanted, setTab] = useQueryState("tab", "mine");
  const tab: Tab = wanted in tabs ? (wanted as Tab) : "mine";
  const { filter, sort } = tabs[tab];
  const page = usePage<ApprovalRow>("office.approval", { filter, sort, limit: 100 }, { every: 60_000 });
  return (
    <>
      <PageHeader title={said.title} does={said.does} />
      <div className="hw-scroll hw-approval-tabs">
        <SegmentedControl
          aria-label={said.title}
          value={tab}
          onChange={setTab}
          data={Object.entries(tabs).map(([value, { title }]) => ({ value, label: title }))}
        />
      </div>
      <Loaded query={page} lines={8}>
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState
              icon="check"
              title={tab === "mine" ? said.none : said.noneOther}
              says={tab === "mine" ? said.noneSays : undefined}
            />
          ) : (
            <Two key={tab} rows={rows} tab={tab} />
          )
        }
      </Loaded>
    </>
  );
}
