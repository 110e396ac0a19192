// The panel beside a statement: how a figure is made, the accounts it gathers, and its lines with all that is known of each.
import { Button, Drawer } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type Problem, readOperation } from "../../../client.ts";
import {
  AppLink,
  DayText,
  EmptyState,
  LoadingLines,
  MoneyText,
  moneyText,
  ProblemAlert,
  RecordLink,
  useCatalogue,
} from "../../../kit/index.ts";
import { operationOf } from "../../../kit/operation.ts";
import { queryText } from "../../../kit/query.ts";
import { useQueryFields, useSetQueryFields } from "../../../kit/query-state.ts";
import { useWithin } from "../../../kit/within.ts";
import type { Amount } from "../statement.rules.ts";
import { type ExplainAsked, explainField } from "./explain-parts.tsx";
import "./reports.css";
import { words } from "./words.ts";

const say = words.explain;
const name = "finance.figure.explain";

interface Line {
  readonly lineId: string | null;
  readonly entryId: string;
  readonly number: string;
  readonly day: string;
  readonly account: string | null;
  readonly text: string;
  readonly reference: string | null;
  readonly amount: Amount;
  readonly foreign: Amount | null;
  readonly party: string | null;
  readonly documentSubject: string | null;
  readonly documentId: string | null;
  readonly says: readonly string[];
  readonly settlements: readonly {
    readonly allocationId: string;
    readonly entryId: string;
    readonly entry: string;
    readonly reference: string;
  }[];
  readonly bank: readonly { readonly bankLineId: string; readonly day: string; readonly counterparty: string | null }[];
}

interface Explanation {
  readonly title: string;
  readonly rule: string;
  readonly from: string | null;
  readonly to: string;
  readonly opening: Amount | null;
  readonly carried: Amount | null;
  readonly change: Amount;
  readonly total: Amount;
  readonly parts: readonly { readonly accountId: string; readonly account: string; readonly amount: Amount }[];
  readonly rows: readonly Line[];
  readonly next: string | null;
}

function readAsked(text: string | undefined): ExplainAsked | undefined {
  if (!text) return undefined;
  try {
    const asked: unknown = JSON.parse(text);
    return typeof asked === "object" && asked !== null ? (asked as ExplainAsked) : undefined;
  } catch {
    return undefined;
  }
}

function useExplanation(given: ExplainAsked) {
  const catalogue = useCatalogue();
  const asked = useWithin()(name, given);
  return useInfiniteQuery<Explanation, Problem, { pages: Explanation[] }, unknown[], string | null>({
    queryKey: ["operation", name, "pages", asked],
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) =>
      readOperation<Explanation>(
        operationOf(catalogue, name),
        { ...asked, limit: 30, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      ),
    getNextPageParam: (page) => page.next,
  });
}

export function ExplainPanel() {
  const { [explainField]: text } = useQueryFields();
  const change = useSetQueryFields();
  const asked = readAsked(text);
  const close = (): void => change({ [explainField]: undefined });
  return (
    <Drawer
      opened={asked !== undefined}
      onClose={close}
      position="right"
      size={520}
      title={say.title}
      closeButtonProps={{ "aria-label": say.close }}
      classNames={{ body: "hw-explain" }}
    >
      {asked && <Asked asked={asked} />}
    </Drawer>
  );
}

function Asked({ asked }: { asked: ExplainAsked }) {
  const found = useExplanation(asked);
  const pages = found.data?.pages ?? [];
  const [first] = pages;
  if (found.error) return <ProblemAlert problem={found.error} retry={() => void found.refetch()} />;
  if (!first) return <LoadingLines lines={10} />;
  const rows = pages.flatMap((page) => page.rows);
  return (
    <>
      <Sums shown={first} />
      <Parts shown={first} asked={asked} />
      <h3 className="hw-explain-heading">{say.lines}</h3>
      {rows.length === 0 && <EmptyState icon="list" title={say.noLines} />}
      <ol className="hw-explain-lines">
        {rows.map((line, index) => (
          <LineShown key={`${line.lineId ?? line.entryId} ${index}`} line={line} />
        ))}
      </ol>
      {found.hasNextPage && (
        <Button variant="default" fullWidth loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {say.more}
        </Button>
      )}
    </>
  );
}

function Sums({ shown }: { shown: Explanation }) {
  const parts: readonly (readonly [string, Amount | null])[] = [
    [say.opening, shown.opening],
    [say.carried, shown.carried],
    [say.change, shown.opening || shown.carried ? shown.change : null],
    [say.total, shown.total],
  ];
  return (
    <section className="hw-explain-sums">
      <h2>{shown.title}</h2>
      <dl>
        {parts.map(
          ([title, amount]) =>
            amount && (
              <div key={title}>
                <dt>{title}</dt>
                <dd>
                  <MoneyText value={amount} />
                </dd>
              </div>
            ),
        )}
      </dl>
      <p className="hw-dim hw-small">{shown.rule}</p>
    </section>
  );
}

function Parts({ shown, asked }: { shown: Explanation; asked: ExplainAsked }) {
  const change = useSetQueryFields();
  const { bookId } = useQueryFields();
  const { report, accountId } = asked;
  const isLedger = accountId !== undefined && shown.parts.length === 0 && shown.from !== null && report !== "directCashFlow";
  const ledger = `/finance/ledger${queryText([
    ["account", accountId],
    ["from", shown.from ?? undefined],
    ["to", shown.to],
    ["bookId", bookId],
    ["asKnownAt", asked["asKnownAt"]],
  ])}`;
  if (isLedger) return <AppLink to={ledger}>{say.ledger}</AppLink>;
  if (shown.parts.length === 0) return null;
  const open = (id: string): void =>
    change({ [explainField]: JSON.stringify({ ...asked, part: undefined, accountId: id }) }, { push: true });
  return (
    <>
      <h3 className="hw-explain-heading">{say.parts}</h3>
      <ul className="hw-explain-parts">
        {shown.parts.map((part) => (
          <li key={part.accountId}>
            <button type="button" onClick={() => open(part.accountId)}>
              <span>{part.account}</span>
              <span className="hw-number">{moneyText(part.amount)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function LineShown({ line }: { line: Line }) {
  const document = useCatalogue().register(line.documentSubject ?? "");
  return (
    <li>
      <div className="hw-explain-line">
        <span>
          <DayText value={line.day} /> · <RecordLink register="finance.journalEntry" id={line.entryId} label={line.number} />
          {document && line.documentId && (
            <>
              {" "}
              · <RecordLink register={document.name} id={line.documentId} label={line.reference ?? document.title} />
            </>
          )}
        </span>
        <strong className="hw-number">{moneyText(line.amount)}</strong>
      </div>
      <p>
        {line.text}
        {line.party && <span className="hw-dim"> · {line.party}</span>}
        {line.foreign && <span className="hw-dim"> · {moneyText(line.foreign)}</span>}
      </p>
      <details>
        <summary>{say.why}</summary>
        <ul>
          {line.says.map((words_) => (
            <li key={words_}>{words_}</li>
          ))}
        </ul>
        {line.settlements.map((one) => (
          <p key={one.allocationId}>
            {say.settledBy} <RecordLink register="finance.journalEntry" id={one.entryId} label={`${one.reference}, ${one.entry}`} />
          </p>
        ))}
        {line.bank.map((one) => (
          <p key={one.bankLineId}>
            {say.bank} <RecordLink register="finance.bankLine" id={one.bankLineId} label={one.counterparty ?? one.day} />
          </p>
        ))}
      </details>
    </li>
  );
}
