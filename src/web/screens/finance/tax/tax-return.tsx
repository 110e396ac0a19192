// The tax return: boxes and codes of its days, the documents behind each figure, and filing it.
import { Alert, Button, SegmentedControl } from "@mantine/core";
import type { Day } from "../../../../kernel/day.ts";
import {
  AppLink,
  EmptyState,
  Figure,
  instantText,
  Loaded,
  PageHeader,
  registerPath,
  reportPath,
  RunButton,
  Section,
  useOperation,
  usePage,
  useToday,
} from "../../../kit/index.ts";
import { useQueryFields, useSetQueryFields } from "../../../kit/query-state.ts";
import "../finance.css";
import { type Amount, moneyOf } from "../statement.rules.ts";
import { AmountShown } from "../statement-table.tsx";
import { type Chosen, ReturnLinesSection } from "./return-lines.tsx";
import "./tax.css";
import { lastDayOf, type Span, spanOf, spans } from "./tax-return.rules.ts";
import { spanText } from "../month-text.ts";
import { words } from "./words.ts";

interface ReturnRow {
  readonly taxCodeId: string;
  readonly code: string;
  readonly name: string;
  readonly side: "output" | "input";
  readonly percent: string;
  readonly base: Amount;
  readonly tax: Amount;
  readonly documents: number;
  readonly late: number;
}

interface TaxReturn {
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly state: "open" | "filed";
  readonly boxes: readonly { readonly box: string; readonly amount: Amount }[];
  readonly rows: readonly ReturnRow[];
  readonly output: Amount;
  readonly input: Amount;
  readonly payable: Amount;
}

type FiledRow = {
  readonly id: string;
  readonly fromDay: string;
  readonly untilDay: string;
  readonly filedBy: string;
  readonly filedAt: string;
};

const name = "finance.taxReturn.get";

/** The returns to look at: the one that comes next, and those that were filed. */
function Returns({ from, to }: { from: string; to: string }) {
  const change = useSetQueryFields();
  const filed = usePage<FiledRow>("finance.filedReturn", { sort: "-fromDay", limit: 6 });
  const span = spanOf(from as Day, to as Day);
  const isFiled = filed.data?.rows.some((row) => row.fromDay === from && row.untilDay === to) ?? false;
  return (
    <div className="hw-tool-line hw-tax-tools">
      {!isFiled && (
        <div className="hw-tax-span">
          <span className="hw-tax-label" id="tax-span">
            {words.span}
          </span>
          <SegmentedControl
            aria-labelledby="tax-span"
            value={span}
            onChange={(chosen) => change({ from, to: lastDayOf(from as Day, chosen as Span), box: undefined, code: undefined })}
            data={(Object.keys(spans) as Span[]).map((value) => ({ value, label: words[value] }))}
          />
        </div>
      )}
      <nav aria-label={words.filedBefore} className="hw-tax-returns">
        <AppLink to="?" aria-current={isFiled ? undefined : "page"}>
          {words.next}
        </AppLink>
        {filed.data?.rows.map((row) => (
          <AppLink
            key={row.id}
            to={`?from=${row.fromDay}&to=${row.untilDay}`}
            aria-current={row.fromDay === from && row.untilDay === to ? "page" : undefined}
            title={words.filedOn(instantText(row.filedAt), row.filedBy)}
          >
            {spanText(row.fromDay, row.untilDay)}
          </AppLink>
        ))}
      </nav>
    </div>
  );
}

function Boxes({ shown, chosen, onChoose }: { shown: TaxReturn; chosen: Chosen | undefined; onChoose: (chosen: Chosen) => void }) {
  if (shown.boxes.length === 0) {
    return (
      <Section title={words.boxes}>
        <p className="hw-dim hw-tax-none">
          {words.noBoxes} <AppLink to={registerPath("finance.taxCode")}>{words.boxesHow}</AppLink>
        </p>
      </Section>
    );
  }
  return (
    <Section title={words.boxes}>
      <div className="hw-statement">
        <table className="hw-statement-table" data-columns={1} aria-label={words.boxes}>
          <thead>
            <tr>
              <th scope="col">{words.box}</th>
              <th scope="col" data-right>
                {words.amount}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.boxes.map(({ box, amount }) => (
              <tr key={box} data-chosen={chosen?.box === box || undefined}>
                <th scope="row">
                  <button type="button" className="hw-tax-choose" onClick={() => onChoose({ box, title: words.chosenBox(box) })}>
                    {box}
                  </button>
                </th>
                <td data-title={words.amount}>
                  <AmountShown amount={amount} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Codes({ shown, chosen, onChoose }: { shown: TaxReturn; chosen: Chosen | undefined; onChoose: (chosen: Chosen) => void }) {
  return (
    <Section title={words.codes}>
      <div className="hw-statement">
        <table className="hw-statement-table" data-columns={3} aria-label={words.codes}>
          <thead>
            <tr>
              <th scope="col">{words.code}</th>
              {[words.documents, words.base, words.tax].map((title) => (
                <th key={title} scope="col" data-right>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          {(["output", "input"] as const).map((side) => (
            <tbody key={side}>
              <tr data-group>
                <th scope="rowgroup" colSpan={4}>
                  {words.side[side]}
                </th>
              </tr>
              {shown.rows
                .filter((row) => row.side === side)
                .map((row, index) => (
                  <CodeRow
                    key={`${row.taxCodeId} ${row.percent} ${index}`}
                    row={row}
                    isChosen={chosen?.taxCodeId === row.taxCodeId && chosen.side === side}
                    onChoose={onChoose}
                  />
                ))}
              <tr data-total>
                <th scope="row" colSpan={3}>
                  {words[side]}
                </th>
                <td data-title={words.tax}>
                  <AmountShown amount={shown[side]} />
                </td>
              </tr>
            </tbody>
          ))}
        </table>
      </div>
    </Section>
  );
}

function CodeRow({ row, isChosen, onChoose }: { row: ReturnRow; isChosen: boolean; onChoose: (chosen: Chosen) => void }) {
  const { taxCodeId, side } = row;
  const title = words.chosenCode(row.code, words.side[side] ?? side);
  return (
    <tr data-chosen={isChosen || undefined}>
      <th scope="row">
        <button type="button" className="hw-tax-choose" onClick={() => onChoose({ taxCodeId, side, title })}>
          {row.name} {row.percent} %
        </button>
        {row.late > 0 && <span className="hw-dim hw-tax-late">{words.late(row.late)}</span>}
      </th>
      <td data-title={words.documents}>{row.documents}</td>
      <td data-title={words.base}>
        <AmountShown amount={row.base} />
      </td>
      <td data-title={words.tax}>
        <AmountShown amount={row.tax} />
      </td>
    </tr>
  );
}

/** What is chosen stands in the address, so that "back" works. */
function useChosen(shown: TaxReturn): [Chosen | undefined, (chosen: Chosen | undefined) => void] {
  const { box, code, side } = useQueryFields();
  const change = useSetQueryFields();
  const row = shown.rows.find((one) => one.taxCodeId === code && one.side === side);
  const chosen = box
    ? { box, title: words.chosenBox(box) }
    : row && { taxCodeId: row.taxCodeId, side: row.side, title: words.chosenCode(row.code, words.side[row.side] ?? row.side) };
  return [chosen, (next) => change({ box: next?.box, code: next?.taxCodeId, side: next?.side })];
}

function Shown({ shown }: { shown: TaxReturn }) {
  const [chosen, choose] = useChosen(shown);
  const comesBack = moneyOf(shown.payable).minor < 0n;
  return (
    <>
      {shown.state === "filed" && (
        <Alert color="gray" variant="light" className="hw-tax-filed">
          {words.filedSays}
        </Alert>
      )}
      <div className="hw-figures hw-figures-broad">
        <Figure title={words.output} value={shown.output} />
        <Figure title={words.input} value={shown.input} />
        <Figure
          title={comesBack ? words.refund : words.payable}
          value={comesBack ? { ...shown.payable, amount: shown.payable.amount.replace("-", "") } : shown.payable}
          note={shown.state === "filed" ? words.filed : words.open}
        />
      </div>
      {shown.rows.length === 0 ? (
        <EmptyState icon="finance" title={words.empty} says={words.emptySays} />
      ) : (
        <div className="hw-tax-columns">
          <Boxes shown={shown} chosen={chosen} onChoose={choose} />
          <Codes shown={shown} chosen={chosen} onChoose={choose} />
        </div>
      )}
      {chosen ? (
        <ReturnLinesSection from={shown.from} to={shown.to} chosen={chosen} onClose={() => choose(undefined)} />
      ) : (
        shown.rows.length > 0 && <p className="hw-dim">{words.drillHint}</p>
      )}
    </>
  );
}

export default function TaxReturnScreen() {
  const today = useToday();
  const { from, to, bookId } = useQueryFields();
  const found = useOperation<TaxReturn>(name, { from, to }, { keep: true });
  const shown = found.data;
  const mayFile = shown?.state === "open" && shown.to < today;
  return (
    <>
      <PageHeader
        title={words.title}
        does={words.does}
        crumbs={[{ title: words.finance, to: "/m/finance" }]}
        beside={shown && spanText(shown.from, shown.to)}
        actions={
          <>
            <Button
              component={AppLink}
              variant="default"
              to={reportPath("finance.ecSalesList.get", { from: shown?.from, to: shown?.to, bookId })}
            >
              {words.ecSales}
            </Button>
            {mayFile && (
              <RunButton operation="finance.taxReturn.file" fields={{ to: shown.to }}>
                {words.file}
              </RunButton>
            )}
          </>
        }
      />
      {shown && <Returns from={shown.from} to={shown.to} />}
      <div className="hw-report" aria-live="polite" aria-busy={found.isFetching}>
        <Loaded query={found} lines={12}>
          {(data) => <Shown shown={data} />}
        </Loaded>
      </div>
    </>
  );
}
