// Bank reconciliation: the bank's lines on the left, what the chosen one may be on the right, the proof above, all by keyboard.
import { Button, FileButton, Kbd, Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type DragEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import {
  EmptyState,
  Icon,
  Loaded,
  PageHeader,
  RunButton,
  type Row,
  useMay,
  useOperation,
  usePage,
  useQueryState,
} from "../../../kit/index.ts";
import { Balances } from "./balances.tsx";
import { isLikely, type Reconciliation as Told } from "./bank.ts";
import { ImportPanel } from "./import-panel.tsx";
import { LineDetail } from "./line-detail.tsx";
import { LineList } from "./line-list.tsx";
import { MatchAll } from "./match-all.tsx";
import "./reconciliation.css";
import { type Importing, useImport } from "./use-import.ts";
import { type Lines, useLines } from "./use-lines.ts";
import { type Matching, useMatching } from "./use-matching.ts";
import { words } from "./words.ts";

interface AccountRow extends Row {
  readonly code: string;
  readonly name: string;
  readonly currency: string;
  readonly balanceCurrency: string;
}

const typing = "input, textarea, select, [contenteditable]";

/** Whether a key pressed there is meant for this screen: in it, or nowhere in particular. */
const isHere = (target: HTMLElement): boolean => target.matches("body, main") || target.closest(".hw-reconciliation") !== null;

/** Keys for a hundred lines: arrows choose, Enter takes the best, a digit that candidate, u takes back, / searches. */
function useKeys(lines: Lines, matching: Matching, search: React.RefObject<HTMLInputElement | null>): void {
  const press = useEffectEvent((event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || !isHere(target) || target.matches(typing)) return;
    const candidates = matching.asked.data?.candidates ?? [];
    const isButton = target.closest("button, a, summary") !== null;
    const best = candidates[0] && isLikely(candidates[0]) ? 0 : undefined;
    const nth = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : event.key === "Enter" && !isButton ? best : undefined;
    if (event.key === "ArrowDown") lines.step(1);
    else if (event.key === "ArrowUp") lines.step(-1);
    else if (event.key === "PageDown") lines.step(10);
    else if (event.key === "PageUp") lines.step(-10);
    else if (event.key === "/") search.current?.focus();
    else if (event.key === "u") void matching.undo();
    else if (nth !== undefined && candidates[nth] && lines.chosen?.state === "unmatched") void matching.take(candidates[nth]);
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

function useDrop(importing: Importing, may: boolean) {
  const [over, setOver] = useState(false);
  const hasFile = (event: DragEvent): boolean => may && event.dataTransfer.types.includes("Files");
  return {
    over,
    onDragOver: (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(false);
      void importing.read(event.dataTransfer.files[0]);
    },
  };
}

function ImportButton({ importing, isMain }: { importing: Importing; isMain?: boolean }) {
  return (
    <FileButton onChange={(file) => void importing.read(file ?? undefined)}>
      {(props) => (
        <Button {...props} size={isMain ? "sm" : "xs"} leftSection={<Icon name="upload" size={14} />} loading={importing.busy}>
          {words.importFile}
        </Button>
      )}
    </FileButton>
  );
}

function Keys() {
  const keys = [
    ["↑ ↓", words.keyMove],
    ["Enter", words.keyTake],
    ["1–9", words.keyPick],
    ["u", words.keyUndo],
    ["/", words.keySearch],
  ];
  return (
    <p className="hw-keys hw-dim hw-small" aria-label={words.keys}>
      {keys.map(([key, says]) => (
        <span key={key}>
          <Kbd size="xs">{key}</Kbd> {says}
        </span>
      ))}
    </p>
  );
}

interface AccountProps {
  readonly bankAccountId: string;
  readonly accounts: readonly AccountRow[];
  readonly onAccount: (id: string) => void;
}

function Account({ bankAccountId, accounts, onAccount }: AccountProps) {
  const told = useOperation<Told>("finance.bankReconciliation.get", { bankAccountId }, { keep: true });
  const importing = useImport(bankAccountId);
  const mayImport = useMay("finance.bankStatement.import");
  const lines = useLines(bankAccountId);
  const account = accounts.find((one) => one.id === bankAccountId);
  const isForeign = account !== undefined && account.currency !== account.balanceCurrency;
  const matching = useMatching(lines.chosen, lines, isForeign);
  const [list, search] = [useRef<HTMLDivElement>(null), useRef<HTMLInputElement>(null)];
  const isNarrow = useMediaQuery("(max-width: 56em)", undefined, { getInitialValueInEffect: false });
  const { over, ...drop } = useDrop(importing, mayImport);
  useKeys(lines, matching, search);
  const first = lines.rows?.[0]?.id;
  const { choose, place } = lines;
  useEffect(() => {
    if (first && place < 0 && !isNarrow) choose(first);
  }, [choose, first, isNarrow, place]);
  const isReady = Boolean(first);
  useEffect(() => {
    if (isReady && document.activeElement?.matches("body, main")) list.current?.focus({ preventScroll: true });
  }, [isReady]);
  const open = told.data?.open ?? 0;
  const isFirst = told.data?.statementBalance === null && open === 0;
  const button = mayImport ? <ImportButton importing={importing} /> : undefined;
  /** On a phone the chosen line has the screen to itself. */
  const isAlone = isNarrow && Boolean(lines.chosen);
  return (
    <div className="hw-reconciliation" data-over={over || undefined} {...drop}>
      <PageHeader
        title={words.reconciliation}
        does={words.reconciliationDoes}
        actions={
          <>
            <AccountChoice bankAccountId={bankAccountId} accounts={accounts} onAccount={onAccount} />
            {!isForeign && <MatchAll bankAccountId={bankAccountId} open={open} />}
            {button}
          </>
        }
      />
      {over && (
        <div className="hw-dropover">
          {words.dropHere}
          <small>{words.dropSays}</small>
        </div>
      )}
      {!isAlone && (
        <>
          <ImportPanel importing={importing} />
          <Loaded query={told} lines={3}>
            {(balances) => <Balances told={balances} />}
          </Loaded>
        </>
      )}
      <div className="hw-reconciliation-panes" data-first={isFirst || undefined}>
        {!isAlone && <LineList lines={lines} list={list} search={search} isFirst={isFirst} onImport={button} />}
        {(isAlone || !isNarrow) && !isFirst && (
          <LineDetail line={lines.chosen} matching={matching} onBack={isNarrow ? () => choose(undefined) : undefined} />
        )}
      </div>
      {!isNarrow && isReady && <Keys />}
    </div>
  );
}

function AccountChoice({ bankAccountId, accounts, onAccount }: AccountProps) {
  if (accounts.length < 2) return null;
  return (
    <Select
      size="xs"
      aria-label={words.bankAccount}
      allowDeselect={false}
      data={accounts.map((account) => ({
        value: account.id,
        label: account.currency === account.balanceCurrency ? account.name : `${account.name} (${account.currency})`,
      }))}
      value={bankAccountId}
      onChange={(id) => id && onAccount(id)}
    />
  );
}

export default function Reconciliation() {
  const accounts = usePage<AccountRow>("finance.bankAccount", { filter: { state: "open" }, sort: "code", limit: 200 });
  const [asked, setAsked] = useQueryState("account");
  return (
    <Loaded query={accounts} lines={10}>
      {({ rows }) => {
        const chosen = rows.find((row) => row.id === asked) ?? rows[0];
        if (chosen) return <Account key={chosen.id} bankAccountId={chosen.id} accounts={rows} onAccount={setAsked} />;
        return (
          <>
            <PageHeader title={words.reconciliation} does={words.reconciliationDoes} />
            <EmptyState
              icon="finance"
              title={words.noAccount}
              says={words.noAccountSays}
              action={<RunButton operation="finance.bankAccount.create" />}
            />
          </>
        );
      }}
    </Loaded>
  );
}
