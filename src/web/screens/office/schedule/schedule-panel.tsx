// The next times of a schedule, on its record.
import { EmptyState, Loaded, useOperation } from "../../../kit/index.ts";
import type { RecordPanelProps } from "../../../screen.ts";
import { type Coming, ComingTimes } from "./coming.tsx";
import { words } from "./words.ts";

export default function SchedulePanel({ id }: RecordPanelProps) {
  const next = useOperation<{ words: string; times: readonly Coming[] }>("office.schedule.next", { scheduleId: id, limit: 5 });
  return (
    <Loaded query={next} lines={5}>
      {(found) =>
        found.times.length === 0 ? (
          <EmptyState icon="clock" title={words.nothingComes} says={words.nothingSays} />
        ) : (
          <>
            {found.words !== "" && <p className="hw-dim hw-coming-words">{found.words}</p>}
            <ComingTimes times={found.times} />
          </>
        )
      }
    </Loaded>
  );
}
