// What a journal entry says: its lines in debit and credit with their sums, and the way to the document it books.
import { Button } from "@mantine/core";
import { amountText, AppLink, Loaded, type MoneyValue, RecordLink, recordPath, type Row, useCatalogue, usePage } from "../../kit/index.ts";
import type { RecordPanelProps } from "../../screen.ts";
import { words } from "./book-words.ts";
import "./finance.css";
import { isNothing, sumOf } from "./statement.rules.ts";
import { ledgerPath } from "./statement-parts.tsx";

interface LineRow extends Row {
  readonly day: string;
  readonly accountId: string;
  readonly account: string;
  readonly debit: MoneyValue | null;
  readonly credit: MoneyValue | null;
  readonly text: string;
  readonly partyId: string | null;
  readonly party: string | null;
}

function Document({ record }: { record: RecordPanelProps["record"] }) {
  const { documentSubject: subject, documentId: id } = record as { documentSubject?: string | null; documentId?: string | null };
  const register = useCatalogue().register(subject ?? "");
  if (!register || !id) return null;
  return (
    <p className="hw-posting-document">
      <span className="hw-dim">{words.posting.document}</span> <RecordLink register={register.name} id={id} />
      <Button component={AppLink} to={recordPath(register.name, id)} variant="default">
        {words.posting.seeDocument}
      </Button>
    </p>
  );
}

function Line({ line }: { line: LineRow }) {
  return (
    <tr>
      <th scope="row">
        <AppLink to={ledgerPath(line.account.split(" ")[0] ?? "", `${line.day.slice(0, 7)}-01`, line.day)}>{line.account}</AppLink>
        {line.party && (
          <span className="hw-dim hw-small">
            <RecordLink register="directory.party" id={line.partyId} label={line.party} />
          </span>
        )}
      </th>
      <td data-title={words.text} className="hw-posting-text">
        {line.text}
      </td>
      <td data-title={words.debit} data-empty={!line.debit || undefined}>
        {line.debit && amountText(line.debit.amount)}
      </td>
      <td data-title={words.credit} data-empty={!line.credit || undefined}>
        {line.credit && amountText(line.credit.amount)}
      </td>
    </tr>
  );
}

function Lines({ lines, currency }: { lines: readonly LineRow[]; currency: string }) {
  const sum = (side: "debit" | "credit"): MoneyValue =>
    sumOf(
      lines.flatMap((line) => line[side] ?? []),
      currency,
    );
  const [debit, credit] = [sum("debit"), sum("credit")];
  return (
    <table className="hw-paper-lines hw-posting" aria-label={words.posting.lines}>
      <thead>
        <tr>
          <th scope="col">{words.account}</th>
          <th scope="col" className="hw-posting-text">
            {words.text}
          </th>
          <th scope="col">{words.debit}</th>
          <th scope="col">{words.credit}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </tbody>
      {!isNothing(debit) && (
        <tfoot>
          <tr>
            <th scope="row">
              {words.total} <span className="hw-currency">{currency}</span>
            </th>
            <td className="hw-posting-text" />
            <td data-title={words.debit}>{amountText(debit.amount)}</td>
            <td data-title={words.credit}>{amountText(credit.amount)}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

export default function PostingPanel({ id, record }: RecordPanelProps) {
  const found = usePage<LineRow>("finance.journalLine", { filter: { entryId: id }, sort: "position", limit: 1000 });
  return (
    <div className="hw-paper">
      <Document record={record} />
      <Loaded query={found} lines={4}>
        {({ rows }) => <Lines lines={rows} currency={String(record["currency"] ?? "")} />}
      </Loaded>
    </div>
  );
}
