// The first screen for everyone: the figures their roles watch, what is with them, what waits for their decision, what is late.
import { useIsFetching } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { LoadingLines, PageHeader } from "../kit/page.tsx";
import { useMe } from "../kit/session.tsx";
import { dayText } from "../kit/format.ts";
import { text } from "../text.ts";
import { AskWhom, StandIns, useHomes } from "./today-people.tsx";
import { Approvals, Figures, Processes, Tasks } from "./today-parts.tsx";

function greeting(now: Date): string {
  const hour = now.getHours();
  if (hour < 5 || hour >= 18) return text.today.evening;
  return hour < 12 ? text.today.morning : text.today.afternoon;
}

const longestWaitMilliseconds = 1500;

/** Its parts come one after the other; shown together, nothing jumps. What is slow is not waited for long. */
function useSettling(): boolean {
  const [settling, setSettling] = useState(true);
  const waiting = useIsFetching({ predicate: (query) => query.state.status === "pending" });
  useEffect(() => {
    if (waiting === 0) setSettling(false);
  }, [waiting]);
  useEffect(() => {
    const timer = setTimeout(() => setSettling(false), longestWaitMilliseconds);
    return () => clearTimeout(timer);
  }, []);
  return settling;
}

export default function Today() {
  const me = useMe();
  const settling = useSettling();
  const homes = useHomes();
  const first = me.user.name.split(/\s+/)[0] ?? me.user.name;
  return (
    <>
      <PageHeader
        title={`${greeting(new Date())}, ${first}`}
        tabTitle={text.nav.today}
        does={[dayText(me.today), me.tenant.name, ...homes].join(" · ")}
      />
      <div className="hw-today-all" data-settling={settling || undefined}>
        {settling && (
          <div className="hw-today-waits">
            <LoadingLines lines={8} />
          </div>
        )}
        <StandIns />
        <Figures />
        <div className="hw-today">
          <div>
            <Tasks />
            <AskWhom />
          </div>
          <div>
            <Approvals />
            <Processes />
          </div>
        </div>
      </div>
    </>
  );
}
