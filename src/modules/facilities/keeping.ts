// How long facilities keeps what it holds about someone.
import type { Keeping } from "../../platform/operation/keeping.ts";

export const facilitiesKeeps: readonly Keeping[] = [
  {
    name: "facilities.booking",
    title: "Rooms they booked",
    law: "Nothing asks to keep it once the meeting is over (GDPR Art. 5(1)(e)).",
    months: 0,
    from: "day",
    tables: { "facilities.booking": { person: "person_id", ended: "t.ends_at::date", erases: ["title"] } },
  },
];
