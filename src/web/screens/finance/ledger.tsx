// The ledger of one account: opening, every line with the running balance, closing; from a line to its entry and its document.
import { Input } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useId, useMemo } from "react";
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
import { type Amount, differenceOf, isNothing } from "./statement.rules.ts";
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
  const rows = useMemo(() => pages?.flatMap((page) => page.rows.map((row): LedgerRow => ({ ...row, id: row.lineId }))), [pages]);
  return { ...query, rows, first: query.data?.pages[0] };
}

const amount = (value: Amount | null): string => (value ? amountText(value.amount) : "");

function DocumentLink({ row }: { row: LedgerRow }) {
  const register = useCatalogue().register(row.documentSubject ?? "");
  if (!register || !row.documentId) return <span>{row.reference}</span>;
  return <RecordLink register={register.name} id={row.documentId} label={row.reference ?? register.title} />;
}

const accountPath = (row: LedgerRow, control: AccountRow["control"]): string =>
  `/finance/${control === "payable" ? "supplier" : "customer"}-account?partyId=${row.partyId}`;

function columnsFor(control: AccountRow["control"], hasForeign: boolean): readonly TableColumn<LedgerRow>[] {
  const isEmpty = (column: keyof LedgerRow) => (row: LedgerRow) => row[column] === null;
  return [
    { name: "day", title: words.day, width: 122, main: true, cell: (row) => <DayText value={row.day} /> },
    {
      name: "number",
      title: words.number,
      width: 150,
      cell: (row) => <RecordLink register="finance.journalEntry" id={row.entryId} label={row.number} />,
    },
    { name: "text", title: words.text, width: 170, cell: (row) => <span title={row.text}>{row.text}</span> },
    { name: "reference", title: words.document, width: 142, isEmpty: isEmpty("reference"), cell: (row) => <DocumentLink row={row} /> },
    {
      name: "party",
      title: words.party,
      width: 170,
      isEmpty: isEmpty("party"),
      cell: (row) => (row.partyId && control ? <AppLink to={accountPath(row, control)}>{row.party}</AppLink> : row.party),
    },
    { name: "debit", title: words.debit, width: 112, right: true, isEmpty: isEmpty("debit"), cell: (row) => amount(row.debit) },
    { name: "credit", title: words.credit, width: 112, right: true, isEmpty: isEmpty("credit"), cell: (row) => amount(row.credit) },
    { name: "balance", title: words.balance, width: 124, right: true, cell: (row) => amount(row.balance) },
    ...(hasForeign
      ? [
          {
            name: "foreign",
            title: words.partyAccount.foreign,
            width: 124,
            right: true,
            isEmpty: isEmpty("foreign"),
            cell: (row: LedgerRow) => row.foreign && moneyText(row.foreign),
          },
        ]
      : []),
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
  const { rows, first, hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const columns = useMemo(() => columnsFor(account.control, rows?.some((row) => row.foreign !== null) ?? false), [account.control, rows]);
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
            {rows && rows.length > 0 ? (
              <>
                <DataTable
                  label={words.ledger.lines}
                  rows={rows}
                  columns={columns}
                  onOpen={(row) => go(recordPath("finance.journalEntry", row.entryId))}
                  onEnd={more}
                  fill
                />
                <p className="hw-listfoot">
                  {words.ledger.shown(numberText(rows.length), hasNextPage)} {words.amountsIn(shown.currency)}.
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
