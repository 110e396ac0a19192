// How long governance keeps what it holds about someone.
import type { Keeping } from "../../../platform/operation/keeping.ts";

export const governanceKeeps: readonly Keeping[] = [
  {
    name: "governance.attestation",
    title: "Policies they attested",
    law: "Three years from the end of the year, to show that duties were made known (BGB §§ 195, 199; GDPR Art. 5(2)).",
    months: 36,
    from: "yearEnd",
    tables: { "governance.attestation": { person: "person_id", ended: "t.on_day", erases: [] } },
  },
  {
    name: "governance.subjectRequest",
    title: "Their requests about their own data",
    law: "Three years from the end of the year, to show that they were answered (GDPR Art. 5(2), 83; OWiG § 31).",
    months: 36,
    from: "yearEnd",
    tables: {
      "governance.subject_request": {
        person: "person_id",
        ended: "t.closed_on",
        erases: ["says", "identified_how", "outcome_says"],
        files: ["file_id"],
      },
    },
  },
];
