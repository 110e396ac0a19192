// One claim as its owner sees it: what is on it, where it stands, and the one thing to do next.
import { ActionIcon, Button } from "@mantine/core";
import {
  DayText,
  Icon,
  Loaded,
  moneyText,
  MoneyText,
  type MoneyValue,
  ProblemAlert,
  RecordLink,
  type Row,
  StateBadge,
  usePage,
  useRun,
} from "../../../kit/index.ts";
import { words } from "./words.ts";

export interface ClaimRow extends Row {
  readonly label: string;
  readonly state: "draft" | "submitted" | "rejected" | "approved" | "paid";
  readonly total: MoneyValue;
  readonly open: MoneyValue;
  readonly lines: number;
  readonly approver: string | null;
  readonly rejectReason: string | null;
}

interface LineRow extends Row {
  readonly description: string;
  readonly expenseCategory: string;
  readonly day: string;
  readonly amount: MoneyValue;
  readonly paid: MoneyValue | null;
  readonly workedOut: string | null;
  readonly fileId: string | null;
  readonly kind: "receipt" | "mileage" | "perDiem";
}

function standing(claim: ClaimRow): string {
  if (claim.state === "submitted") return claim.approver ? words.waits(claim.approver) : words.waitsForSomeone;
  if (claim.state === "rejected") return words.rejected(claim.rejectReason ?? "");
  if (claim.state === "approved") return words.toCome;
  return claim.state === "paid" ? words.paid : words.draft;
}

function Line({ line, isOpen }: { line: LineRow; isOpen: boolean }) {
  const remove = useRun("finance.expenseLine.remove");
  const detail = [line.expenseCategory, line.paid && moneyText(line.paid), line.workedOut].filter(Boolean).join(" · ");
  return (
    <li>
      <span className="hw-anywhere">
        {line.description}
        <span className="hw-dim hw-small">
          <DayText value={line.day} /> · {detail}
          {line.kind === "receipt" && !line.fileId && ` · ${words.noReceipt}`}
        </span>
      </span>
      <MoneyText value={line.amount} />
      {isOpen && (
        <ActionIcon aria-label={words.remove(line.description)} onClick={() => void remove.run({ expenseLineId: line.id })}>
          <Icon name="close" size={14} />
        </ActionIcon>
      )}
    </li>
  );
}

function Lines({ claim, isOpen }: { claim: ClaimRow; isOpen: boolean }) {
  const found = usePage<LineRow>("finance.expenseLine", { filter: { expenseClaimId: claim.id }, sort: "day", limit: 200 });
  return (
    <Loaded query={found} lines={2}>
      {({ rows }) => (
        <ul className="hw-claim-lines" aria-label={words.onClaim}>
          {rows.map((line) => (
            <Line key={line.id} line={line} isOpen={isOpen} />
          ))}
        </ul>
      )}
    </Loaded>
  );
}

export function ClaimCard({ claim }: { claim: ClaimRow }) {
  const send = useRun("finance.expenseClaim.submit", words.sent);
  const isOpen = claim.state === "draft" || claim.state === "rejected";
  return (
    <article className="hw-claim" aria-label={claim.label} data-state={claim.state}>
      <header>
        <h3 className="hw-anywhere">
          <RecordLink register="finance.expenseClaim" id={claim.id} label={claim.label} />
        </h3>
        <MoneyText value={claim.total} />
      </header>
      <div className="hw-claim-standing">
        <StateBadge state={claim.state} /> <span className="hw-anywhere">{standing(claim)}</span>
        <span className="hw-dim">{words.entered(claim.lines)}</span>
      </div>
      {isOpen && claim.lines > 0 && <Lines claim={claim} isOpen={isOpen} />}
      {send.problem && <ProblemAlert problem={send.problem} />}
      {isOpen && claim.lines > 0 && (
        <Button fullWidth onClick={() => void send.run({ expenseClaimId: claim.id })}>
          {words.send}
        </Button>
      )}
    </article>
  );
}
