// The documents behind a box or a code of the return.
import { CloseButton, Text } from "@mantine/core";
import { AppLink, DataTable, dayText, Loaded, recordPath, Section, type TableColumn, useOperation } from "../../../kit/index.ts";
import { type Amount } from "../statement.rules.ts";
import { AmountShown } from "../statement-table.tsx";
import { words } from "./words.ts";

interface ReturnLine {
  readonly id: string;
  readonly day: string;
  readonly taxDay: string;
  readonly reference: string;
  readonly party: string | null;
  readonly code: string;
  readonly side: string;
  readonly percent: string;
  readonly base: Amount;
  readonly tax: Amount;
  readonly documentSubject: string;
  readonly documentId: string;
}

interface ReturnLines {
  readonly count: number;
  readonly base: Amount;
  readonly tax: Amount;
  readonly lines: readonly ReturnLine[];
}

/** What was chosen of the return. */
export interface Chosen {
  readonly box?: string;
  readonly taxCodeId?: string;
  readonly side?: string;
  readonly title: string;
}

const columns: readonly TableColumn<ReturnLine>[] = [
  {
    name: "reference",
    title: words.document,
    main: true,
    width: 190,
    cell: (line) => <AppLink to={recordPath(line.documentSubject, line.documentId)}>{line.reference}</AppLink>,
  },
  { name: "day", title: words.day, width: 112, cell: (line) => dayText(line.day) },
  {
    name: "taxDay",
    title: words.counts,
    width: 112,
    isEmpty: (line) => line.taxDay === line.day,
    cell: (line) => (line.taxDay === line.day ? "" : dayText(line.taxDay)),
  },
  { name: "party", title: words.party, width: 210, isEmpty: (line) => line.party === null, cell: (line) => line.party },
  { name: "code", title: words.code, width: 130, cell: (line) => `${line.code} ${line.percent} %` },
  { name: "base", title: words.base, right: true, width: 120, cell: (line) => <AmountShown amount={line.base} /> },
  { name: "tax", title: words.tax, right: true, width: 110, cell: (line) => <AmountShown amount={line.tax} /> },
];

interface LinesProps {
  readonly from: string;
  readonly to: string;
  readonly chosen: Chosen;
  readonly onClose: () => void;
}

export function ReturnLinesSection({ from, to, chosen, onClose }: LinesProps) {
  const { title, ...asked } = chosen;
  const found = useOperation<ReturnLines>("finance.taxReturn.lines", { from, to, ...asked }, { keep: true });
  return (
    <Section
      title={words.lines(title)}
      count={found.data?.count}
      actions={<CloseButton aria-label={words.close} onClick={onClose} size="sm" />}
    >
      <Loaded query={found} lines={6}>
        {(shown) => (
          <>
            <DataTable
              label={words.lines(title)}
              rows={shown.lines}
              columns={columns}
              foot={{ base: <AmountShown amount={shown.base} />, tax: <AmountShown amount={shown.tax} /> }}
            />
            {shown.count > shown.lines.length && (
              <Text size="sm" c="dimmed">
                {words.more(shown.lines.length, shown.count)}
              </Text>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}
