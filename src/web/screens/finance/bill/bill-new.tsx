// A new bill, and a bill that is corrected: the same editor.
import { EmptyState, Loaded, PageHeader, type MoneyValue, type Row, usePage, useRecord, useToday } from "../../../kit/index.ts";
import { useQueryFields } from "../../../kit/query-state.ts";
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

function Change({ billId, accounts }: { billId: string; accounts: readonly AccountRow[] }) {
  const bill = useRecord("finance.bill", billId);
  const lines = usePage<LineRow>("finance.billLine", { filter: { billId }, sort: "position", limit: 500 });
  return (
    <Loaded query={bill} lines={8}>
      {(found) => (
        <Loaded query={lines} lines={8}>
          {({ rows }) => (
            <BillEditor
              key={billId}
              first={draftOf(found as unknown as BillRow, rows)}
              billId={billId}
              bookCurrency={currencyOf(accounts)}
              accounts={accounts}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

export default function BillNew() {
  const chart = useChart();
  const today = useToday();
  const { billId, supplierId, fileId } = useQueryFields();
  return (
    <>
      <PageHeader title={billId ? words.changeTitle : words.title} does={billId ? words.changeDoes : words.does} crumbs={crumbs} />
      <Loaded query={chart} lines={10}>
        {(accounts) => {
          if (accounts.length === 0) return <EmptyState icon="finance" title={books.entry.noChart} says={books.entry.noChartSays} />;
          if (billId) return <Change billId={billId} accounts={accounts} />;
          const first = { ...emptyBill(today), supplierId: supplierId ?? null, fileId: fileId ?? null };
          return <BillEditor first={first} bookCurrency={currencyOf(accounts)} accounts={accounts} />;
        }}
      </Loaded>
    </>
  );
}
