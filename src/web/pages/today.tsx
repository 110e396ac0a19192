// The first screen for everyone: the figures their roles watch, what is with them, what waits for their decision, what is late.
import { PageHeader } from "../kit/page.tsx";
import { useMe } from "../kit/session.tsx";
import { dayText } from "../kit/format.ts";
import { text } from "../text.ts";
import { Approvals, Figures, Processes, Tasks } from "./today-parts.tsx";

function greeting(now: Date): string {
  const hour = now.getHours();
  if (hour < 5 || hour >= 18) return text.today.evening;
  return hour < 12 ? text.today.morning : text.today.afternoon;
}

export default function Today() {
  const me = useMe();
  const first = me.user.name.split(/\s+/)[0] ?? me.user.name;
  return (
    <>
      <PageHeader title={`${greeting(new Date())}, ${first}`} tabTitle={text.nav.today} does={`${dayText(me.today)} · ${me.tenant.name}`} />
      <Figures />
      <div className="hw-today">
        <div>
          <Tasks />
        </div>
        <div>
          <Approvals />
          <Processes />
        </div>
      </div>
    </>
  );
}
