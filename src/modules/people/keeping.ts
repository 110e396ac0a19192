// How long the people department keeps what it holds about someone.
import type { Keeping } from "../../platform/operation/keeping.ts";

const lastDay = "case when e.voided_on is not null then e.voided_on when upper_inf(e.during) then null else upper(e.during) - 1 end";
const endOfTheirs = `(select ${lastDay} from people.employment e where e.tenant_id = t.tenant_id and e.id = t.employment_id)`;
const through = ["employment_id", "people.employment"] as const;

export const peopleKeeps: readonly Keeping[] = [
  {
    name: "people.application",
    title: "Applications",
    law: "Six months after the decision: claims for discrimination must be possible to answer (AGG § 15(4), ArbGG § 61b).",
    months: 6,
    from: "day",
    tables: {
      "people.application": { person: "person_id", ended: "t.closed_on", erases: ["reason"] },
      "people.offer": { person: "person_id", ended: "coalesce(t.answered_on, t.expires_on)", erases: ["reason"] },
      "people.candidate": {
        person: "person_id",
        key: "person_id",
        ended: `case when exists (select from people.application a where a.tenant_id = t.tenant_id and a.person_id = t.person_id
          and a.closed_on is null) then null else coalesce((select max(a.closed_on) from people.application a
          where a.tenant_id = t.tenant_id and a.person_id = t.person_id), t.known_since) end`,
        erases: ["source"],
      },
    },
  },
  {
    name: "people.employment",
    title: "Employment, contracts and leave",
    law: "Three years from the end of the year it ended: claims out of the employment lapse then (BGB §§ 195, 199).",
    months: 36,
    from: "yearEnd",
    tables: {
      "people.employment": { person: "person_id", ended: lastDay.replaceAll("e.", "t."), erases: [] },
      "people.contract": { person: through, ended: endOfTheirs, erases: ["probation_reason"], files: ["file_id"] },
      "people.training_record": {
        person: "person_id",
        ended: `(select case when bool_or(upper_inf(e.during)) then null else max(upper(e.during) - 1) end from people.employment e
          where e.tenant_id = t.tenant_id and e.person_id = t.person_id and e.voided_on is null)`,
        erases: [],
      },
      "people.compensation": { person: through, ended: endOfTheirs, erases: ["reason"] },
      "people.leave_request": { person: "person_id", ended: endOfTheirs, erases: ["note", "reason"] },
      "people.leave_entry": { person: through, ended: endOfTheirs, erases: ["text"] },
      "people.resignation": { person: through, ended: endOfTheirs, erases: ["reason"] },
    },
  },
];
