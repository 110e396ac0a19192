// What the house itself holds about someone as long as they come in: their bell, the mails to them, and how they want to hear.
import type { Keeping } from "../operation/keeping.ts";

const left = `case when exists (select from identity.member m where m.tenant_id = t.tenant_id and m.person_id = t.person_id
  and m.disabled_at is null) then null else date '2000-01-01' end`;

export const platformKeeps: readonly Keeping[] = [
  {
    name: "platform.notice",
    title: "Notices, mails to them and their settings",
    law: "Nothing asks to keep them once the account is closed (GDPR Art. 5(1)(e)).",
    months: 0,
    from: "day",
    tables: {
      "platform.notification": { person: "person_id", ended: left, erases: "row" },
      "platform.mail": { person: "person_id", ended: left, erases: "row" },
      "platform.watch": { person: "person_id", ended: left, erases: "row" },
      "platform.notice_preference": { person: "person_id", key: "person_id", ended: left, erases: "row" },
      "platform.notice_rhythm": { person: "person_id", key: "person_id", ended: left, erases: "row" },
    },
  },
];
