// Where a run stands: five steps in a row, each with who did it, and a sentence for what waits.
import { Icon } from "../../../kit/index.ts";
import { type Run, stageOf, type Stage, stages } from "./run.ts";
import { words } from "./words.ts";

function noteOf(run: Run, stage: Stage): string | undefined {
  switch (stage) {
    case "draft":
      return words.preparedBy(run.submittedBy ?? run.preparedBy);
    case "submitted":
      if (run.approvedBy) return words.approvedBy(run.approvedBy) + (run.aloneReason ? `, ${words.alone}` : "");
      return run.state === "submitted" ? words.waitsForSecond : undefined;
    case "approved":
      return run.fileId ? words.fileReady : undefined;
    case "filed":
      return run.sentBy ? words.sentBy(run.sentBy) : undefined;
    default:
      return run.payments > 0 && run.sentBy ? words.settledOf(run.succeeded + run.failed, run.payments) : undefined;
  }
}

export function RunSteps({ run }: { run: Run }) {
  const at = stageOf(run);
  return (
    <ol className="hw-runsteps" aria-label={words.stepsLabel} data-cancelled={run.state === "cancelled" || undefined}>
      {stages.map((stage, index) => {
        const state = index < at ? "done" : index === at ? "here" : "ahead";
        const note = noteOf(run, stage);
        return (
          <li key={stage} data-state={state} aria-current={state === "here" ? "step" : undefined}>
            <span className="hw-runsteps-sign" aria-hidden>
              {state === "done" ? <Icon name="check" size={13} /> : index + 1}
            </span>
            <span className="hw-runsteps-words">
              <strong>{words.steps[stage]}</strong>
              {note && <small>{note}</small>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
