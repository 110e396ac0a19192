// Books a whole line to an account: charges, interest, rent, a transfer to another bank account.
import { Button, Select } from "@mantine/core";
import { type KeyboardEvent, type Ref, useState } from "react";
import { type Row, usePage } from "../../../kit/index.ts";
import type { BankLine } from "./bank.ts";
import type { Matching } from "./use-matching.ts";
import { words } from "./words.ts";

interface AccountRow extends Row {
  readonly code: string;
  readonly account: string;
  readonly control: string | null;
}

interface ToAccountProps {
  readonly line: BankLine;
  readonly matching: Matching;
  readonly field: Ref<HTMLInputElement>;
  readonly toLines: () => void;
  /** The bank account's own account is never the other side. */
  readonly ownAccountId: string | undefined;
}

export function ToAccount({ line, matching, field, toLines, ownAccountId }: ToAccountProps) {
  const [code, setCode] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const accounts = usePage<AccountRow>("finance.account", { filter: { state: "open" }, sort: "code", limit: 1000 }, { keep: true });
  const choices = (accounts.data?.rows ?? [])
    .filter((row) => row.control === null && row.id !== ownAccountId)
    .map((row) => ({ value: row.code, label: row.account }));
  const book = async (): Promise<void> => {
    if (!code || !(await matching.send({ bankLineId: line.id, accountCode: code }))) return;
    setCode(null);
    toLines();
  };
  /** Enter chooses, Enter again books; Escape goes back to the lines. */
  const keys = (event: KeyboardEvent): void => {
    if (isOpen) return;
    if (event.key === "Enter" && code) void book();
    else if (event.key === "Escape") toLines();
    else return;
    event.preventDefault();
  };
  return (
    <div className="hw-toaccount">
      <Select
        ref={field}
        size="xs"
        label={words.toAccount}
        searchable
        clearable
        data={choices}
        value={code}
        onChange={setCode}
        selectFirstOptionOnChange
        onDropdownOpen={() => setOpen(true)}
        onDropdownClose={() => setOpen(false)}
        onKeyDown={keys}
        nothingFoundMessage="—"
      />
      <Button size="xs" variant="default" disabled={!code} loading={matching.pending} onClick={() => void book()}>
        {words.toAccountDo}
      </Button>
    </div>
  );
}
