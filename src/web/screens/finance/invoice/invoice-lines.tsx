// The lines of an invoice, typed through: Enter goes on, the last line makes another; on a phone each line is a card.
import { ActionIcon } from "@mantine/core";
import { type KeyboardEvent, memo } from "react";
import { type Currency, currencyDecimals } from "../../../../kernel/currency.ts";
import { amountText, Icon, type Row, usePage } from "../../../kit/index.ts";
import { isBlank, type LineDraft, lineAmount, mistakesOf } from "./invoice-draft.ts";
import { SpanFields } from "../line-span.tsx";
import type { InvoiceHand } from "./use-invoice.ts";
import { words } from "./words.ts";

interface TaxCodeRow extends Row {
  readonly code: string;
  readonly name: string;
  readonly percent: string | null;
}

export const useTaxCodes = (): readonly TaxCodeRow[] =>
  usePage<TaxCodeRow>("finance.taxCode", { limit: 200, sort: "code" }).data?.rows ?? [];

interface LineProps extends Pick<InvoiceHand, "changeLine" | "removeLine" | "currency" | "tried"> {
  readonly line: LineDraft;
  readonly number: number;
  readonly codes: readonly TaxCodeRow[];
  readonly refused: Readonly<Record<string, string>>;
}

type Field = "description" | "quantity" | "unitPrice";

function Cell({ field, line, number, currency: _currency, tried, changeLine, refused }: LineProps & { readonly field: Field }) {
  const { [field]: own, serviceUntil: spanWrong } = mistakesOf(line);
  const error = refused[field] ?? (own && (tried || own === "numberUnreadable") ? words[own] : undefined);
  return (
    <td data-title={words[field]} className={field === "description" ? "hw-span-cell" : "hw-invoice-right"}>
      <input
        className="hw-cell"
        data-col={field}
        aria-label={words.cell(words[field], number)}
        aria-invalid={error ? true : undefined}
        title={error}
        inputMode={field === "description" ? undefined : "decimal"}
        autoComplete="off"
        maxLength={field === "description" ? 300 : 24}
        value={line[field]}
        onChange={(event) => changeLine(line.key, { [field]: event.currentTarget.value })}
        onFocus={(event) => field !== "description" && event.currentTarget.select()}
      />
      {error && <span className="hw-invoice-error">{error}</span>}
      {field === "description" && !isBlank(line) && (
        <SpanFields
          span={line}
          number={number}
          onChange={(part) => changeLine(line.key, part)}
          error={refused["serviceUntil"] ?? (tried && spanWrong ? words.spanWrong : undefined)}
        />
      )}
    </td>
  );
}

/** The rate says it, where only one code has it. */
function taxText(code: TaxCodeRow, codes: readonly TaxCodeRow[]): string {
  if (code.percent === null) return code.name;
  const isAlone = codes.filter((other) => other.percent === code.percent).length === 1;
  return isAlone ? `${code.percent} %` : `${code.percent} % · ${code.name}`;
}

const InvoiceLine = memo(function InvoiceLine(props: LineProps) {
  const { line, number, codes, currency, changeLine, removeLine } = props;
  const net = isBlank(line) ? undefined : lineAmount(line.quantity, line.unitPrice, currencyDecimals(currency as Currency));
  const known = codes.some((code) => code.code === line.taxCode);
  return (
    <tr aria-label={words.line(number)} data-blank={isBlank(line) || undefined}>
      <Cell {...props} field="description" />
      <Cell {...props} field="quantity" />
      <Cell {...props} field="unitPrice" />
      <td data-title={words.tax}>
        <select
          className="hw-cell hw-invoice-tax"
          data-col="taxCode"
          aria-label={words.cell(words.tax, number)}
          value={line.taxCode}
          onChange={(event) => changeLine(line.key, { taxCode: event.currentTarget.value })}
        >
          {!known && <option value={line.taxCode}>{line.taxCode}</option>}
          {codes.map((code) => (
            <option key={code.id} value={code.code} title={code.name}>
              {taxText(code, codes)}
            </option>
          ))}
        </select>
      </td>
      <td data-title={words.net} className="hw-invoice-net">
        {net === undefined ? "" : amountText(net)}
      </td>
      <td className="hw-lines-remove">
        {!isBlank(line) && (
          <ActionIcon tabIndex={-1} size={26} aria-label={words.removeLine(number)} onClick={() => removeLine(line.key)}>
            <Icon name="close" size={14} />
          </ActionIcon>
        )}
      </td>
    </tr>
  );
});

/** Enter goes on (back with Shift), the arrows stay in the column. */
function keys(event: KeyboardEvent<HTMLTableElement>): void {
  const cell = event.target as HTMLElement;
  const column = cell.dataset["col"];
  if (!column || event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
  const row = cell.closest("tr");
  if (event.key === "Enter") {
    const cells = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-col]")];
    cells[cells.indexOf(cell) + (event.shiftKey ? -1 : 1)]?.focus();
  } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && column !== "taxCode") {
    const other = event.key === "ArrowUp" ? row?.previousElementSibling : row?.nextElementSibling;
    other?.querySelector<HTMLElement>(`[data-col="${column}"]`)?.focus();
  } else return;
  event.preventDefault();
}

const noRefusal = {};

export function InvoiceLines({
  invoice,
  refused,
}: {
  invoice: InvoiceHand;
  refused: ReadonlyMap<number, Readonly<Record<string, string>>>;
}) {
  const codes = useTaxCodes();
  const { draft, changeLine, removeLine, currency, tried } = invoice;
  return (
    <table className="hw-lines hw-entry-grid hw-invoice-grid" aria-label={words.lines} onKeyDown={keys}>
      <thead>
        <tr>
          <th scope="col" data-col-head="description">
            {words.description}
          </th>
          <th scope="col" data-col-head="quantity" data-right>
            {words.quantity}
          </th>
          <th scope="col" data-col-head="unitPrice" data-right>
            {words.unitPrice}
          </th>
          <th scope="col" data-col-head="tax">
            {words.tax}
          </th>
          <th scope="col" data-col-head="net" data-right>
            {words.net}
          </th>
          <th aria-hidden />
        </tr>
      </thead>
      <tbody>
        {draft.lines.map((line, index) => (
          <InvoiceLine
            key={line.key}
            line={line}
            number={index + 1}
            codes={codes}
            refused={refused.get(line.key) ?? noRefusal}
            {...{ changeLine, removeLine, currency, tried }}
          />
        ))}
      </tbody>
    </table>
  );
}
