// The ledger of one account: opening, every line with the running balance, closing; from a line to its entry and its document.
import { Input } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useId, useMemo } from "react";
import { type Problem, readOperation } from "../../client.ts";
import {
  amountText,
  AppLink,
  DataTable,
  DayText,
  dayText,
  EmptyState,
  Loaded,
  MoneyText,
  moneyText,
  numberText,
  PageHeader,
  RecordLink,
  recordPath,
  type TableColumn,
  useCatalogue,
  useGo,
} from "../../kit/index.ts";
import { operationOf } from "../../kit/operation.ts";
import { useQueryFields, useSetQueryFields } from "../../kit/query-state.ts";
import { useWithin } from "../../kit/within.ts";
import { words } from "./book-words.ts";
import { ChoiceCell } from "./choice-cell.tsx";
import { type AccountRow, foundIn, useChart } from "./choices.ts";
import type { Choice } from "./entry-lines.rules.ts";
import "./finance.css";
import { type CarriedLine, isCarried, withCarried } from "./ledger.rules.ts";
import { type Amount, differenceOf, isNegative, isNothing, negativeOf } from "./statement.rules.ts";
import {
  ExportMenu,
  KnownControl,
  NarrowControls,
  type Narrowed,
  RangeControls,
  Tools,
  useNarrowed,
  WithoutPay,
} from "./statement-parts.tsx";

interface LedgerRow {
  readonly id: string;
  readonly lineId: string;
  readonly entryId: string;
  readonly number: string;
  readonly day: string;
  readonly text: string;
  readonly reference: string | null;
  readonly debit: Amount | null;
  readonly credit: Amount | null;
  readonly balance: Amount;
  readonly foreign: Amount | null;
  readonly partyId: string | null;
  readonly party: string | null;
  readonly documentSubject: string | null;
  readonly documentId: string | null;
}

interface Ledger {
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly account: string | null;
  readonly opening: Amount | null;
  readonly carried: Amount | null;
  readonly closing: Amount | null;
  readonly withoutPay: boolean;
  readonly rows: readonly Omit<LedgerRow, "id">[];
  readonly next: string | null;
}

const name = "finance.ledger.get";

interface Asked extends Narrowed {
  readonly accountId: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function useLedger(given: Asked) {
  const catalogue = useCatalogue();
  const asked = useWithin()(name, { ...given });
  const query = useInfiniteQuery<Ledger, Problem, { pages: Ledger[] }, unknown[], string | null>({
    queryKey: ["operation", name, "pages", asked],
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) =>
      readOperation<Ledger>(operationOf(catalogue, name), { ...asked, limit: 200, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    getNextPageParam: (page) => page.next,
    enabled: given.accountId !== undefined,
  });
  const pages = query.data?.pages;
  const lines = useMemo(() => pages?.flatMap((page) => page.rows.map((row): LedgerRow => ({ ...row, id: row.lineId }))), [pages]);
  return { ...query, lines, first: query.data?.pages[0] };
}

type Shown = LedgerRow | CarriedLine;

/** The lines, and where a fiscal year began between them what was carried. */
function shownOf(lines: readonly LedgerRow[] | undefined, first: Ledger | undefined): readonly Shown[] {
  if (!lines) return [];
  return first?.opening && first.carried && !isNothing(first.carried) ? withCarried(lines, first.opening) : lines;
}

const amount = (value: Amount | null): string => (value ? amountText(value.amount) : "");

function DocumentLink({ row }: { row: LedgerRow }) {
  const register = useCatalogue().register(row.documentSubject ?? "");
  if (!register || !row.documentId) return <span>{row.reference}</span>;
  return <RecordLink register={register.name} id={row.documentId} label={row.reference ?? register.title} />;
}

const accountPath = (row: LedgerRow, control: AccountRow["control"]): string =>
  `/finance/${control === "payable" ? "supplier" : "customer"}-account?partyId=${row.partyId}`;

/** What stands in a cell of a line; of what was carried nothing, or what is given for it. */
const of =
  (line: (row: LedgerRow) => ReactNode, carried: (row: CarriedLine) => ReactNode = () => null) =>
  (row: Shown): ReactNode =>
    isCarried(row) ? carried(row) : line(row);

/** What was carried stands on the side that it moved the balance to. */
const sideOf = (side: "debit" | "credit", row: Shown): Amount | null => {
  if (!isCarried(row)) return row[side];
  if (isNegative(row.carried) !== (side === "credit")) return null;
  return side === "credit" ? negativeOf(row.carried) : row.carried;
};

function columnsFor(control: AccountRow["control"], hasForeign: boolean): readonly TableColumn<Shown>[] {
  const isEmpty = (column: "reference" | "party" | "foreign") => (row: Shown) => isCarried(row) || row[column] === null;
  const side = (name: "debit" | "credit"): TableColumn<Shown> => ({
    name,
    title: words[name],
    width: 112,
    right: true,
    isEmpty: (row) => sideOf(name, row) === null,
    cell: (row) => amount(sideOf(name, row)),
  });
  const inForeign: TableColumn<Shown> = {
    name: "foreign",
    title: words.partyAccount.foreign,
    width: 124,
    right: true,
    isEmpty: isEmpty("foreign"),
    cell: of((row) => row.foreign && moneyText(row.foreign)),
  };
  return [
    {
      name: "day",
      title: words.day,
      width: 122,
      main: true,
      cell: of(
        (row) => <DayText value={row.day} />,
        () => words.ledger.newYear,
      ),
    },
    {
      name: "number",
      title: words.number,
      width: 150,
      isEmpty: isCarried,
      cell: of((row) => <RecordLink register="finance.journalEntry" id={row.entryId} label={row.number} />),
    },
    {
      name: "text",
      title: words.text,
      width: 170,
      cell: of(
        (row) => <span title={row.text}>{row.text}</span>,
        () => words.ledger.carriedOver,
      ),
    },
    { name: "reference", title: words.document, width: 142, isEmpty: isEmpty("reference"), cell: of((row) => <DocumentLink row={row} />) },
    {
      name: "party",
      title: words.party,
      width: 170,
      isEmpty: isEmpty("party"),
      cell: of((row) => (row.partyId && control ? <AppLink to={accountPath(row, control)}>{row.party}</AppLink> : row.party)),
    },
    side("debit"),
    side("credit"),
    { name: "balance", title: words.balance, width: 124, right: true, cell: (row) => amount(row.balance) },
    ...(hasForeign ? [inForeign] : []),
  ];
}

const Sum = ({ title, value }: { title: string; value: Amount }) => (
  <div>
    <dt>{title}</dt>
    <dd>
      <MoneyText value={value} />
    </dd>
  </div>
);

function Lines({ account, ...range }: { account: AccountRow } & Omit<Asked, "accountId">) {
  const go = useGo();
  const found = useLedger({ accountId: account.id, ...range });
  const { lines, first, hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const rows = useMemo(() => shownOf(lines, first), [lines, first]);
  const columns = useMemo(() => columnsFor(account.control, lines?.some((row) => row.foreign !== null) ?? false), [account.control, lines]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <>
      <Tools>
        <AccountControl account={account} />
        <RangeControls shown={first ?? {}} />
        <NarrowControls />
        <KnownControl />
      </Tools>
      <Loaded query={{ data: first, error: found.error, refetch: found.refetch }} lines={12}>
        {({ opening, carried, closing, ...shown }) => (
          <>
            {shown.withoutPay && <WithoutPay />}
            {opening && carried && closing && (
              <dl className="hw-ledger-sums">
                <Sum title={words.ledger.opening(dayText(shown.from))} value={opening} />
                <Sum title={words.ledger.change} value={differenceOf(differenceOf(closing, opening), carried)} />
                {!isNothing(carried) && <Sum title={words.ledger.carried} value={carried} />}
                <Sum title={words.ledger.closing(dayText(shown.to))} value={closing} />
              </dl>
            )}
            {lines && lines.length > 0 ? (
              <>
                <DataTable
                  label={words.ledger.lines}
                  rows={rows}
                  columns={columns}
                  onOpen={(row) => !isCarried(row) && go(recordPath("finance.journalEntry", row.entryId))}
                  onEnd={more}
                  fill
                />
                <p className="hw-listfoot">
                  {words.ledger.shown(numberText(lines.length), hasNextPage)} {words.amountsIn(shown.currency)}.
                </p>
              </>
            ) : (
              <EmptyState icon="list" title={words.ledger.empty} says={words.ledger.emptySays} />
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function AccountControl({ account }: { account: AccountRow | undefined }) {
  const chart = useChart();
  const change = useSetQueryFields();
  const choices = (chart.data ?? []).filter((one) => !one.isGroup).map((one): Choice => ({ id: one.id, label: one.account }));
  const useAccounts = (asked: string | undefined) => foundIn(choices, asked);
  const id = useId();
  return (
    <Input.Wrapper label={words.account} id={id} className="hw-tools-account">
      <ChoiceCell
        id={id}
        label={words.account}
        placeholder={words.entry.find}
        value={account ? { id: account.id, label: account.account } : null}
        onChange={(choice) =>
          choice && change({ account: choice.label.split(" ")[0], accountId: undefined, accountCode: undefined }, { push: true })
        }
        useFound={useAccounts}
      />
    </Input.Wrapper>
  );
}

export default function LedgerScreen() {
  const { account: named, accountId, accountCode, from, to } = useQueryFields();
  const narrowed = useNarrowed();
  const asked = named ?? accountId ?? accountCode;
  const chart = useChart();
  const account = chart.data?.find((one) => one.code === asked || one.id === asked);
  return (
    <div className="hw-listpage hw-ledger">
      <PageHeader
        title={account ? account.account : words.ledger.title}
        tabTitle={account ? `${words.ledger.title} ${account.account}` : words.ledger.title}
        does={words.ledger.does}
        crumbs={[
          { title: words.finance, to: "/m/finance" },
          { title: words.ledger.title, to: "/finance/ledger" },
        ]}
        actions={account && <ExportMenu operation={name} asked={{ accountId: account.id, from, to, ...narrowed }} />}
      />
      <Loaded query={chart} lines={12}>
        {() =>
          account ? (
            <Lines key={account.id} account={account} from={from} to={to} {...narrowed} />
          ) : (
            <>
              <Tools>
                <AccountControl account={undefined} />
              </Tools>
              <EmptyState
                icon="finance"
                title={words.ledger.choose}
                says={asked ? words.ledger.unknownAccount(asked) : words.ledger.chooseSays}
              />
            </>
          )
        }
      </Loaded>
    </div>
  );
}
