// One line of the bank: everything it tells, what it may be with the reasons, or what it was matched with.
import { Button, Kbd } from "@mantine/core";
import type { Ref } from "react";
import {
  DayText,
  dayText,
  EmptyState,
  Icon,
  Loaded,
  MoneyText,
  moneyText,
  ProblemAlert,
  RecordLink,
  RunButton,
  sentenceText,
  StateBadge,
} from "../../../kit/index.ts";
import { type BankLine, type Candidate, isLikely, isWork, isZero, minorOf, moneyLike, unsigned } from "./bank.ts";
import { SettleWhole } from "./settle-whole.tsx";
import { nameOf } from "./line-list.tsx";
import { type AccountChoice, ToAccount } from "./to-account.tsx";
import type { Matching, Refused } from "./use-matching.ts";
import { words } from "./words.ts";

function Fact({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Told({ line }: { line: BankLine }) {
  const reference = line.reference ?? line.endToEndId;
  return (
    <header className="hw-bankdetail-head">
      <div className="hw-bankdetail-title">
        <h2 className="hw-anywhere">{nameOf(line)}</h2>
        <span className="hw-bankdetail-amount">
          <MoneyText value={line.amount} />
        </span>
      </div>
      {line.text && <p className="hw-bankdetail-text hw-anywhere">{line.text}</p>}
      <dl className="hw-bankdetail-facts">
        <Fact title={words.booked}>
          <DayText value={line.day} />
        </Fact>
        {line.counterpartyAccount && <Fact title={words.account}>{line.counterpartyAccount}</Fact>}
        {reference && <Fact title={words.reference}>{reference}</Fact>}
        <Fact title={words.statement}>
          <RecordLink register="finance.bankStatement" id={line.statementId} label={line.statement} />
        </Fact>
      </dl>
    </header>
  );
}

function Share({ candidate }: { candidate: Candidate }) {
  if (candidate.kind === "rule") return <p className="hw-candidate-share">{words.byRule(candidate.account ?? "")}</p>;
  if (candidate.kind === "booked") {
    return (
      <p className="hw-candidate-share">
        {words.entry} {candidate.entry}
      </p>
    );
  }
  return (
    <ul className="hw-candidate-shares">
      {candidate.allocations.slice(0, 8).map((share) => (
        <li key={share.openItemId} className="hw-candidate-share">
          <span>
            <RecordLink register="finance.openItem" id={share.openItemId} label={share.reference} />{" "}
            <span className="hw-dim">
              {candidate.party ? "" : `${share.party} · `}
              {words.due(dayText(share.dueDay))}
            </span>
          </span>
          <span>
            <MoneyText value={share.amount} />{" "}
            {share.amount.amount !== share.open.amount && <span className="hw-dim">{words.ofOpen(moneyText(share.open))}</span>}
          </span>
        </li>
      ))}
      {!isZero(candidate.rest) && <li className="hw-candidate-share hw-dim">{words.rest(moneyText(unsigned(candidate.rest)))}</li>}
    </ul>
  );
}

/** What the line has more than the items, below zero what it has less; nothing where it fits. */
export function differenceOf(line: BankLine, candidate: Candidate) {
  if (candidate.kind === "booked" || candidate.kind === "rule" || candidate.allocations.length === 0) return undefined;
  const owed = candidate.allocations.reduce((sum, { open }) => sum + minorOf(open), 0n);
  const difference = minorOf(unsigned(line.amount)) - owed;
  return difference === 0n ? undefined : moneyLike(difference, line.amount);
}

interface CandidateCardProps {
  readonly line: BankLine;
  readonly candidate: Candidate;
  readonly place: number;
  readonly matching: Matching;
}

function CandidateCard({ line, candidate, place, matching }: CandidateCardProps) {
  const difference = differenceOf(line, candidate);
  const isBest = place === 0 && isLikely(candidate);
  return (
    <li className="hw-candidate" data-best={isBest || undefined}>
      <div className="hw-candidate-head">
        <strong className="hw-anywhere">
          {candidate.kind === "booked" ? words.kindBooked : ""}
          {candidate.kind === "booked" && candidate.party ? " · " : ""}
          {candidate.party ?? (candidate.kind === "booked" ? "" : candidate.kind === "rule" ? candidate.account : words.severalParties)}
        </strong>
        <span className="hw-candidate-score">
          <meter min={0} max={100} value={candidate.score} aria-hidden />
          <span className="hw-number hw-small">{words.score(candidate.score)}</span>
        </span>
      </div>
      <Share candidate={candidate} />
      <ul className="hw-candidate-reasons">
        {candidate.reasons.map((reason) => (
          <li key={reason}>{sentenceText(reason)}</li>
        ))}
      </ul>
      <Button
        size="xs"
        variant={isBest ? "filled" : "default"}
        loading={matching.pending}
        onClick={() => matching.take(candidate)}
        rightSection={place < 9 ? <Kbd size="xs">{isBest ? "Enter" : place + 1}</Kbd> : undefined}
      >
        {words.take}
      </Button>
      {difference && place === 0 && <SettleWhole candidate={candidate} difference={difference} matching={matching} />}
    </li>
  );
}

/** What a rule made from this line begins with. */
export const ruleFields = (line: BankLine): Record<string, string> => ({
  name: (line.counterpartyName || line.text).slice(0, 60).replaceAll(",", " "),
  ...(line.counterpartyName
    ? { nameWords: line.counterpartyName.replaceAll(",", " ") }
    : { textWords: line.text.split("\n")[0]!.slice(0, 60).replaceAll(",", " ") }),
  direction: line.amount.amount.startsWith("-") ? "out" : "in",
});

function Candidates({ line, matching, ...other }: Omit<LineDetailProps, "onBack" | "onGo" | "line"> & { line: BankLine }) {
  return (
    <>
      <h3>{words.maybe}</h3>
      <Loaded query={matching.asked} lines={5}>
        {({ candidates }) =>
          candidates.length === 0 ? (
            <EmptyState compact title={words.nothing} says={words.nothingSays} />
          ) : (
            <ol className="hw-candidates">
              {candidates.map((candidate, place) => (
                <CandidateCard key={place} line={line} candidate={candidate} place={place} matching={matching} />
              ))}
            </ol>
          )
        }
      </Loaded>
      <h3>{words.other}</h3>
      <ToAccount matching={matching} {...other} />
      <div className="hw-bankdetail-others">
        <RunButton size="xs" variant="default" operation="finance.bankLine.ignore" fields={{ bankLineId: line.id }}>
          {words.ignore} <Kbd size="xs">x</Kbd>
        </RunButton>
        <RunButton size="xs" variant="default" operation="finance.bankLine.match" fields={{ bankLineId: line.id }}>
          {words.split} <Kbd size="xs">s</Kbd>
        </RunButton>
        {line.state === "held" ? (
          <RunButton size="xs" variant="default" operation="finance.bankLine.resume" fields={{ bankLineId: line.id }}>
            {words.resume}
          </RunButton>
        ) : (
          <RunButton size="xs" variant="default" operation="finance.bankLine.hold" fields={{ bankLineId: line.id }}>
            {words.hold} <Kbd size="xs">h</Kbd>
          </RunButton>
        )}
        <RunButton size="xs" variant="default" operation="finance.bankRule.create" fields={ruleFields(line)}>
          {words.makeRule} <Kbd size="xs">r</Kbd>
        </RunButton>
      </div>
    </>
  );
}

function Settled({ line, matching }: { line: BankLine; matching: Matching }) {
  const why = line.reasons ?? line.ignoreReason ?? line.replacedReason;
  return (
    <div className="hw-candidate hw-settled">
      <div className="hw-candidate-head">
        <strong className="hw-anywhere">
          {line.party ?? line.settles ?? (line.state === "replaced" ? words.replaced : words.ignored)}
        </strong>
        <StateBadge state={line.state} />
      </div>
      <dl className="hw-bankdetail-facts">
        {line.settles && <Fact title={words.settles}>{line.settles}</Fact>}
        {line.entry && (
          <Fact title={words.entry}>
            <RecordLink register="finance.journalEntry" id={line.entryId} label={line.entry} />
          </Fact>
        )}
        {why && <Fact title={words.reasons}>{sentenceText(why)}</Fact>}
      </dl>
      {line.matchedBy && (
        <p className="hw-dim hw-small">{line.isAutomatic ? words.matchedByEvidence(line.matchedBy) : words.matchedBy(line.matchedBy)}</p>
      )}
      <Button size="xs" variant="default" loading={matching.pending} onClick={() => matching.undo()} rightSection={<Kbd size="xs">u</Kbd>}>
        {words.unmatch}
      </Button>
    </div>
  );
}

/** What the last refused match says; away from its line also which line it was, with the way back. */
function RefusedBefore({ refused, line, onGo }: { refused: Refused | undefined; line: BankLine | undefined; onGo: (id: string) => void }) {
  if (!refused) return null;
  const isElsewhere = refused.line.id !== line?.id;
  return (
    <>
      {isElsewhere && (
        <p className="hw-late">
          {words.notMatched(nameOf(refused.line), moneyText(refused.line.amount))}{" "}
          <button type="button" className="hw-textbutton" onClick={() => onGo(refused.line.id)}>
            {words.goBack}
          </button>
        </p>
      )}
      <ProblemAlert problem={refused.problem} />
    </>
  );
}

interface LineDetailProps {
  readonly line: BankLine | undefined;
  readonly matching: Matching;
  readonly onBack: (() => void) | undefined;
  readonly onGo: (id: string) => void;
  /** The account that a key goes to. */
  readonly field: Ref<HTMLInputElement>;
  /** Gives the keys back to the list. */
  readonly toLines: () => void;
  readonly choices: readonly AccountChoice[];
}

export function LineDetail({ line, matching, onBack, onGo, ...other }: LineDetailProps) {
  return (
    <section className="hw-bankdetail" aria-label={words.maybe} aria-live="polite">
      {onBack && (
        <Button size="xs" variant="subtle" leftSection={<Icon name="chevron" size={14} />} className="hw-bankdetail-back" onClick={onBack}>
          {words.back}
        </Button>
      )}
      {!line && <EmptyState compact title={words.choose} />}
      {line && <Told line={line} />}
      <ProblemAlert problem={matching.problem} />
      <RefusedBefore refused={matching.refused} line={line} onGo={onGo} />
      {line?.state === "held" && (
        <p className="hw-bankdetail-held">
          <StateBadge state="held" /> {line.heldReason}{" "}
          {line.heldUntil && <span className="hw-dim">{words.heldUntil(dayText(line.heldUntil))}</span>}
        </p>
      )}
      {line && isWork(line) && <Candidates line={line} matching={matching} {...other} />}
      {line && !isWork(line) && <Settled line={line} matching={matching} />}
    </section>
  );
}
