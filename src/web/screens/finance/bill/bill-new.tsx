// A new bill, and a bill that is corrected: the same editor.
import type { ReactNode } from "react";
import { EmptyState, Loaded, PageHeader, type MoneyValue, type Row, usePage, useRecord, useToday } from "../../../kit/index.ts";
import { useQueryFields } from "../../../kit/query-state.ts";
import { Books, BooksOfAccount, useBook } from "../book-choice.tsx";
import { words as books } from "../book-words.ts";
import { type AccountRow, useChart } from "../choices.ts";
import type { BillDraft } from "./bill-draft.rules.ts";
import { withTail } from "./bill-draft.rules.ts";
import { BillEditor } from "./bill-editor.tsx";
import { emptyBill } from "./use-bill.ts";
import { words } from "./words.ts";

interface BillRow extends Row {
  readonly supplierId: string;
  readonly supplierNumber: string;
  readonly day: string;
  readonly dueDay: string;
  readonly text: string | null;
  readonly total: MoneyValue;
  readonly fileId: string | null;
  readonly paymentReference: string | null;
  readonly discountDay: string | null;
  readonly discountPercent: string | null;
  readonly pricesIncludeTax: boolean;
  readonly currency: string;
  readonly rate: string | null;
}

interface LineRow extends Row {
  readonly description: string;
  readonly net: MoneyValue;
  readonly gross: MoneyValue | null;
  readonly taxCode: string;
  readonly accountId: string;
  readonly account: string;
  readonly unitId: string | null;
  readonly serviceFrom: string | null;
  readonly serviceUntil: string | null;
}

const crumbs = [
  { title: words.finance, to: "/m/finance" },
  { title: words.bills, to: "/r/finance/bill" },
];

const currencyOf = (accounts: readonly AccountRow[]): string => accounts[0]!.balance.currency;

const draftOf = (bill: BillRow, lines: readonly LineRow[]): BillDraft => ({
  supplierId: bill.supplierId,
  supplierNumber: bill.supplierNumber,
  day: bill.day,
  dueDay: bill.dueDay,
  total: bill.total.amount,
  text: bill.text ?? "",
  fileId: bill.fileId,
  paymentReference: bill.paymentReference ?? "",
  discountDay: bill.discountDay,
  discountPercent: bill.discountPercent ?? "",
  pricesIncludeTax: bill.pricesIncludeTax,
  currency: bill.currency,
  rate: bill.rate ?? "",
  lines: withTail(
    lines.map((line, index) => ({
      key: index + 1,
      id: String(line["id"]),
      description: line.description,
      account: { id: line.accountId, label: line.account },
      tax: { id: line.taxCode, label: line.taxCode },
      unit: line.unitId ? { id: line.unitId, label: "" } : null,
      net: (line.gross ?? line.net).amount,
      serviceFrom: line.serviceFrom,
      serviceUntil: line.serviceUntil,
    })),
  ),
});

/** The accounts of the books, where there are any. */
function WithChart({ children }: { children: (accounts: readonly AccountRow[]) => ReactNode }) {
  const chart = useChart();
  return (
    <Loaded query={chart} lines={10}>
      {(accounts) =>
        accounts.length > 0 ? children(accounts) : <EmptyState icon="finance" title={books.entry.noChart} says={books.entry.noChartSays} />
      }
    </Loaded>
  );
}

function ChangePage({ billId, first }: { billId: string; first: BillDraft }) {
  return (
    <>
      <PageHeader title={words.changeTitle} does={words.changeDoes} crumbs={crumbs} />
      <WithChart>
        {(accounts) => <BillEditor first={first} billId={billId} bookCurrency={currencyOf(accounts)} accounts={accounts} />}
      </WithChart>
    </>
  );
}

function Change({ billId }: { billId: string }) {
  const bill = useRecord("finance.bill", billId);
  const lines = usePage<LineRow>("finance.billLine", { filter: { billId }, sort: "position", limit: 500 });
  return (
    <Loaded query={bill} lines={8}>
      {(found) => (
        <Loaded query={lines} lines={8}>
          {({ rows }) => (
            <BooksOfAccount accountId={rows[0]!.accountId}>
              <ChangePage billId={billId} first={draftOf(found as unknown as BillRow, rows)} />
            </BooksOfAccount>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

function NewPage() {
  const today = useToday();
  const book = useBook();
  const { supplierId, fileId } = useQueryFields();
  const first = { ...emptyBill(today), supplierId: supplierId ?? null, fileId: fileId ?? null };
  return (
    <>
      <PageHeader title={words.title} does={words.does} crumbs={crumbs} />
      <WithChart>
        {(accounts) => <BillEditor key={book?.id} first={first} bookCurrency={currencyOf(accounts)} accounts={accounts} />}
      </WithChart>
    </>
  );
}

export default function BillNew() {
  const { billId } = useQueryFields();
  if (billId) return <Change key={billId} billId={billId} />;
  return (
    <Books>
      <NewPage />
    </Books>
  );
}
