// The chain of an approval: its steps in order, at each who agreed, who is asked, and who comes later.
import { Icon, InstantText } from "../../../kit/index.ts";
import type { Chain, SeatShown, StepShown } from "./approval.ts";
import { words } from "./words.ts";

const said = words.chain;

function Seat({ seat }: { seat: SeatShown }) {
  const { vote } = seat;
  const tone = vote ? vote.verdict : seat.state;
  return (
    <li className="hw-approval-seat" data-tone={tone}>
      <Icon name={vote ? (vote.verdict === "approve" ? "check" : "close") : "clock"} />
      <div>
        <span>
          <strong>{vote ? vote.by : seat.person}</strong>{" "}
          {vote ? (vote.verdict === "approve" ? said.approved : said.declined) : seat.state === "open" ? said.waits : said.skipped}
          {vote?.for && ` ${said.forWhom(vote.for)}`}
        </span>
        <span className="hw-small hw-dim">
          {vote ? <InstantText value={vote.at} ago /> : seat.via}
          {seat.standIn && ` · ${said.standIn(seat.standIn)}`}
          {!vote && seat.escalatedTo && ` · ${said.up(seat.escalatedTo)}`}
        </span>
        {vote?.reason && <q className="hw-small hw-anywhere">{vote.reason}</q>}
      </div>
    </li>
  );
}

function Step({ step }: { step: StepShown }) {
  const asked = step.seats.filter((seat) => seat.state !== "closed").length;
  return (
    <li className="hw-approval-step" data-state={step.state}>
      <div className="hw-approval-step-head">
        <strong>
          {step.number}. {step.title}
        </strong>
        <span className="hw-small hw-dim">
          {said.states[step.state]} ·{" "}
          {step.needed === null ? (asked > 0 ? said.all(asked) : said.later) : said.some(step.needed, step.state === "open" ? asked : 0)}
        </span>
      </div>
      <ul>
        {step.seats.map((seat) => (
          <Seat key={`${seat.personId} ${seat.state}`} seat={seat} />
        ))}
      </ul>
    </li>
  );
}

export function Steps({ chain }: { chain: Chain }) {
  return (
    <ol className="hw-approval-steps" aria-label={said.states["open"]}>
      {chain.steps.map((step) => (
        <Step key={step.number} step={step} />
      ))}
    </ol>
  );
}

export function Questions({ chain }: { chain: Chain }) {
  if (chain.questions.length === 0) return null;
  return (
    <ul className="hw-approval-questions">
      {chain.questions.map((one) => (
        <li key={one.id}>
          <p className="hw-anywhere">
            <strong>{one.askedBy}:</strong> {one.question}
          </p>
          {one.answer && (
            <p className="hw-anywhere">
              <strong>{one.answeredBy}:</strong> {one.answer}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
