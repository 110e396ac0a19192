// The next times as a list: the day it is due, where it was planned when that differs, and when it opens.
import { dayText, instantText } from "../../../kit/index.ts";
import "./schedule.css";
import { words } from "./words.ts";

export interface Coming {
  readonly scheduled: string;
  readonly due: string;
  readonly opensAt: string;
}

export function ComingTimes({ times }: { times: readonly Coming[] }) {
  return (
    <ol className="hw-coming">
      {times.map((time) => (
        <li key={time.scheduled}>
          <strong className="hw-number">{dayText(time.due)}</strong>
          <span className="hw-dim">
            {weekdayText(time.due)}
            {time.scheduled.length > 10 && `, ${time.scheduled.slice(11)}`}
          </span>
          {time.scheduled.slice(0, 10) !== time.due && <s className="hw-dim hw-number">{dayText(time.scheduled.slice(0, 10))}</s>}
          {time.opensAt.slice(0, 10) < time.due && (
            <span className="hw-dim hw-number">{words.opens(instantText(time.opensAt).split(",")[0]!)}</span>
          )}
        </li>
      ))}
    </ol>
  );
}

const weekdayText = (day: string): string =>
  new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
