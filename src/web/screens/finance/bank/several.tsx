// Several lines chosen together, and what is open over exactly their sum.
import { Button, Kbd } from "@mantine/core";
import { MoneyText, moneyText, ProblemAlert, type Row, usePage, useRun, type MoneyValue } from "../../../kit/index.ts";
import { type BankLine, minorOf, moneyLike, unsigned } from "./bank.ts";
import { words } from "./words.ts";

interface ItemRow extends Row {
  readonly reference: string;
  readonly party: string;
  readonly open: MoneyValue;
}

export function Several({ lines, onDone }: { lines: readonly BankLine[]; onDone: () => void }) {
  const run = useRun("finance.bankLine.matchMany");
  const [first] = lines;
  const total = lines.reduce((sum, line) => sum + minorOf(line.amount), 0n);
  const sum = first && moneyLike(total, first.amount);
  const direction = total < 0n ? "payable" : "receivable";
  const filter = { direction, open: sum ? unsigned(sum).amount : "" };
  const items = usePage<ItemRow>("finance.openItem", { filter, sort: "dueDay", limit: 6 }, { enabled: lines.length > 1 });
  if (!sum || lines.length === 0) return null;
  const match = async (item: ItemRow): Promise<void> => {
    const done = await run.run({
      bankLineIds: lines.map((line) => line.id),
      allocations: [{ openItemId: item.id, amount: unsigned(sum) }],
    });
    if (done !== undefined) onDone();
  };
  return (
    <section className="hw-several" aria-live="polite">
      <strong>{words.many(lines.length, moneyText(sum))}</strong>
      <div className="hw-several-items">
        {(items.data?.rows ?? []).map((item, place) => (
          <Button
            key={item.id}
            size="xs"
            variant={place === 0 ? "filled" : "default"}
            loading={run.pending}
            data-match-many={place === 0 || undefined}
            onClick={() => void match(item)}
            rightSection={place === 0 ? <Kbd size="xs">Enter</Kbd> : undefined}
          >
            <span>
              {words.manyDo(item.reference)} · {item.party} · <MoneyText value={item.open} />
            </span>
          </Button>
        ))}
        {lines.length > 1 && items.data?.rows.length === 0 && <span className="hw-dim hw-small">{words.manyNone}</span>}
        <Button size="xs" variant="subtle" onClick={onDone} rightSection={<Kbd size="xs">Esc</Kbd>}>
          {words.manyClear}
        </Button>
      </div>
      <ProblemAlert problem={run.problem} />
    </section>
  );
}
