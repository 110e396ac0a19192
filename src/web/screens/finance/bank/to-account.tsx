// Books a whole line to an account: charges, interest, rent, a transfer to another bank account.
import { Button, Select } from "@mantine/core";
import { type KeyboardEvent, type Ref, useState } from "react";
import { type Row, usePage } from "../../../kit/index.ts";
import type { Matching } from "./use-matching.ts";
import { words } from "./words.ts";

interface AccountRow extends Row {
  readonly code: string;
  readonly account: string;
  readonly control: string | null;
}

export interface AccountChoice {
  readonly value: string;
  readonly label: string;
}

/** The accounts a line may be booked to; the bank account's own is never the other side. */
export function useAccountChoices(ownAccountId: string | undefined): readonly AccountChoice[] {
  const accounts = usePage<AccountRow>("finance.account", { filter: { state: "open" }, sort: "code", limit: 1000 }, { keep: true });
  return (accounts.data?.rows ?? [])
    .filter((row) => row.control === null && row.id !== ownAccountId)
    .map((row) => ({ value: row.code, label: row.account }));
}

interface ToAccountProps {
  readonly matching: Matching;
  readonly field: Ref<HTMLInputElement>;
  readonly toLines: () => void;
  /** Asked for with the screen, so that whoever types at once finds them there. */
  readonly choices: readonly AccountChoice[];
}

export function ToAccount({ matching, field, toLines, choices }: ToAccountProps) {
  const [code, setCode] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  /** The keys are the list's again before the answer is there, so that whoever goes on at once is not still in this field. */
  const book = (): void => {
    if (!code) return;
    setCode(null);
    toLines();
    matching.send({ accountCode: code });
  };
  /** Enter chooses, Enter again books; Escape goes back to the lines. */
  const keys = (event: KeyboardEvent): void => {
    if (isOpen) return;
    if (event.key === "Enter" && code) book();
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
      <Button size="xs" variant="default" disabled={!code} loading={matching.pending} onClick={() => book()}>
        {words.toAccountDo}
      </Button>
    </div>
  );
}
