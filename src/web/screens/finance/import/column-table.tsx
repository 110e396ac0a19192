// Which columns a kind of table may have, and an empty one to fill in.
import { Badge, Button } from "@mantine/core";
import { DataTable, Icon, Loaded, Section, type TableColumn, useOperation } from "../../../kit/index.ts";
import type { Kind, KindColumns } from "./kinds.ts";
import { words } from "./words.ts";

type Shown = KindColumns["columns"][number] & { readonly id: string };

const columns: readonly TableColumn<Shown>[] = [
  { name: "name", title: words.column, main: true, width: 200, cell: ({ name }) => <code>{name}</code> },
  { name: "holds", title: words.holds, width: 120, cell: ({ holds }) => words.holding[holds] },
  {
    name: "needed",
    title: words.needed,
    width: 110,
    cell: ({ isNeeded }) =>
      isNeeded && (
        <Badge variant="light" size="sm">
          {words.needed}
        </Badge>
      ),
  },
  { name: "also", title: words.also, width: 320, cell: ({ also }) => also.join(", ") },
];

const csvOf = (names: readonly string[]): string => `data:text/csv;charset=utf-8,${encodeURIComponent(`${names.join(",")}\r\n`)}`;

export function ColumnTable({ kind }: { kind: Kind }) {
  const found = useOperation<{ kinds: readonly KindColumns[] }>("finance.import.columns");
  return (
    <Loaded query={found}>
      {({ kinds }) => {
        const known = kinds.find((one) => one.kind === kind)?.columns ?? [];
        const empty = (
          <Button
            component="a"
            href={csvOf(known.map(({ name }) => name))}
            download={`${kind}.csv`}
            variant="default"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
          >
            {words.template}
          </Button>
        );
        return (
          <Section title={words.columns} actions={empty}>
            <p className="hw-dim hw-bring-says">{words.columnsSay}</p>
            <DataTable label={words.columns} rows={known.map((one): Shown => ({ ...one, id: one.name }))} columns={columns} />
          </Section>
        );
      }}
    </Loaded>
  );
}
