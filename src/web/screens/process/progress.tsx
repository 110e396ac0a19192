// How far a process is: one part of the bar for each step, with the count in words beside it.
import { numberText } from "../../kit/index.ts";
import { words } from "./words.ts";

interface ProgressProps {
  readonly settled: number;
  readonly steps: number;
  readonly late: number;
}

export function Progress({ settled, steps, late }: ProgressProps) {
  const parts = Array.from({ length: steps }, (_, index) => (index < settled ? "done" : index < settled + late ? "late" : "open"));
  return (
    <span className="hw-progress">
      <span className="hw-progress-bar" aria-hidden>
        {parts.map((part, index) => (
          <span key={index} data-part={part} />
        ))}
      </span>
      <span className="hw-number">{words.progressOf(numberText(settled), numberText(steps))}</span>
    </span>
  );
}
