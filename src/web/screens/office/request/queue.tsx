// Working through what came in: the list left, the request right, and keys for all of it.
import { SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useState } from "react";
import {
  AppLink,
  agoText,
  EmptyState,
  Icon,
  instantText,
  Loaded,
  PageHeader,
  StateBadge,
  useOperation,
  usePage,
  useQueryState,
  useRun,
} from "../../../kit/index.ts";
import { writingsFor } from "./compose.tsx";
import "./request.css";
import { RequestActions, RequestHead, RequestPanel } from "./request-panel.tsx";
import type { RequestRow, RequestShown, Writing } from "./requests.ts";
import { words } from "./words.ts";

const filters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mine: { mine: "true", active: "true" },
  unassigned: { unassigned: "true", active: "true", works: "true" },
  all: { active: "true", works: "true" },
  solved: { state: "solved", works: "true" },
};

const keyOf: Readonly<Record<string, Writing>> = { r: "reply", n: "note", a: "ask", s: "solve" };

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable || target.closest("[role=dialog]") !== null);

function Due({ request }: { request: RequestRow }) {
  if (request.paused) return <span>{words.queue.paused}</span>;
  if (!request.dueAt) return <span>{agoText(request.filedAt)}</span>;
  const late = Date.parse(request.dueAt) < Date.now();
  return (
    <span className={late ? "hw-late" : undefined} title={instantText(request.dueAt)}>
      {late ? words.queue.late(instantText(request.dueAt)) : words.queue.due(instantText(request.dueAt))}
    </span>
  );
}

function Line({ request, chosen, view, onChoose }: { request: RequestRow; chosen: boolean; view: string; onChoose: () => void }) {
  return (
    <li>
      <AppLink
        to={`/requests/queue?view=${view}&request=${request.id}`}
        className="hw-request-line"
        aria-current={chosen || undefined}
        data-priority={request.priority}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onChoose();
        }}
      >
        <span className="hw-request-card-head">
          <strong className="hw-anywhere">{request.title}</strong>
          <StateBadge state={request.state} />
        </span>
        <span className="hw-dim hw-small hw-request-line-foot">
          <span>
            {request.number} · {request.requester}
          </span>
          <Due request={request} />
        </span>
      </AppLink>
    </li>
  );
}

function useQueue() {
  const [view, setView] = useQueryState("view", "mine");
  const [chosen, choose] = useQueryState("request");
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 200);
  const filter = filters[view] ?? filters["mine"]!;
  const found = usePage<RequestRow>(
    "office.request",
    { filter, search: search || undefined, sort: "dueAt", limit: 200 },
    { keep: true, every: 60_000 },
  );
  const rows = found.data?.rows ?? [];
  const place = rows.findIndex((row) => row.id === chosen);
  const step = useCallback(
    (by: number) => {
      if (rows.length === 0) return;
      choose(rows[place < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, place + by))]!.id);
    },
    [choose, place, rows],
  );
  return { view, setView, chosen, choose, typed, setTyped, found, rows, step };
}

export default function Queue() {
  const queue = useQueue();
  const { view, setView, chosen, choose, typed, setTyped, found, rows, step } = queue;
  return (
    <div className="hw-request-queue" data-chosen={Boolean(chosen) || undefined}>
      <PageHeader title={words.queue.title} does={words.queue.does} />
      <div className="hw-request-split">
        <div className="hw-request-left">
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={words.queue.title}
            data={Object.entries(words.queue.views).map(([value, label]) => ({ value, label }))}
            value={view}
            onChange={setView}
          />
          <TextInput
            type="search"
            aria-label={words.queue.search}
            placeholder={words.queue.search}
            leftSection={<Icon name="search" size={14} />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Loaded query={found} lines={8}>
            {() =>
              rows.length === 0 ? (
                <EmptyState compact title={words.queue.empty} says={words.queue.emptySays} />
              ) : (
                <ul className="hw-request-lines">
                  {rows.map((request) => (
                    <Line
                      key={request.id}
                      request={request}
                      view={view}
                      chosen={request.id === chosen}
                      onChoose={() => choose(request.id)}
                    />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </div>
        <div className="hw-request-right">
          {chosen ? <Chosen key={chosen} id={chosen} step={step} back={() => choose(undefined)} /> : <NoneChosen step={step} />}
        </div>
      </div>
    </div>
  );
}

function NoneChosen({ step }: { step: (by: number) => void }) {
  useKeys({ j: () => step(1), k: () => step(-1) });
  return <EmptyState icon="list" title={words.queue.choose} says={words.queue.keys} />;
}

function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const does = keys[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    };
    document.addEventListener("keydown", heard);
    return () => document.removeEventListener("keydown", heard);
  }, [keys]);
}

function Chosen({ id, step, back }: { id: string; step: (by: number) => void; back: () => void }) {
  const found = useOperation<RequestShown>("office.request.get", { id });
  const [writing, setWriting] = useState<Writing>("reply");
  const [focus, setFocus] = useState(0);
  const take = useRun("office.request.take");
  const may = found.data ? writingsFor(found.data) : [];
  const write = (one: Writing): void => {
    setWriting(one);
    setFocus((before) => before + 1);
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ...Object.fromEntries(Object.entries(keyOf).flatMap(([key, one]) => (may.includes(one) ? [[key, () => write(one)]] : []))),
    ...(found.data?.can.includes("office.request.take") && { t: () => void take.run({ requestId: id }) }),
  });
  return (
    <Loaded query={found} lines={10}>
      {(request) => (
        <>
          <button type="button" className="hw-textbutton hw-request-back" onClick={back}>
            ← {words.queue.back}
          </button>
          <div className="hw-request-title">
            <h2 className="hw-anywhere">{request.title}</h2>
            <RequestHead request={request} />
            <span className="hw-request-title-actions">
              <RequestActions request={request} />
            </span>
          </div>
          <RequestPanel request={request} writing={writing} onWriting={write} focus={focus} />
        </>
      )}
    </Loaded>
  );
}
