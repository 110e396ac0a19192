// Settling an item in full although the line has more or less: the fee, the discount or the cent goes to an account.
import { Button, Kbd, Select } from "@mantine/core";
import { useState } from "react";
import { type MoneyValue, moneyText, type Row, usePage } from "../../../kit/index.ts";
import { type Candidate, unsigned } from "./bank.ts";
import type { Matching } from "./use-matching.ts";
import { words } from "./words.ts";

interface AccountRow extends Row {
  readonly code: string;
  readonly account: string;
  readonly type: string;
  readonly control: string | null;
  readonly roles?: string | null;
}

interface SettleWholeProps {
  readonly candidate: Candidate;
  readonly difference: MoneyValue;
  readonly matching: Matching;
}

export function SettleWhole({ candidate, difference, matching }: SettleWholeProps) {
  const accounts = usePage<AccountRow>("finance.account", { filter: { state: "open" }, sort: "code", limit: 1000 }, { keep: true });
  const rows = (accounts.data?.rows ?? []).filter((row) => row.control === null);
  const usual = rows.find((row) => String(row.roles ?? "").includes("bankFee"))?.code ?? null;
  const [chosen, setChosen] = useState<string | null>(null);
  const code = chosen ?? usual;
  return (
    <div className="hw-settlewhole">
      <Select
        size="xs"
        label={words.wholeSays(moneyText(unsigned(difference)))}
        searchable
        data={rows.map((row) => ({ value: row.code, label: row.account }))}
        value={code}
        onChange={setChosen}
        nothingFoundMessage="—"
      />
      <Button
        size="xs"
        variant="default"
        disabled={!code}
        loading={matching.pending}
        data-settle-whole
        onClick={() => code && matching.takeWhole(candidate, code)}
        rightSection={<Kbd size="xs">f</Kbd>}
      >
        {words.whole}
      </Button>
    </div>
  );
}
