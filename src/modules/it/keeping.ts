// How long IT keeps what it holds about someone.
import type { Keeping } from "../../platform/operation/keeping.ts";

export const itKeeps: readonly Keeping[] = [
  {
    name: "it.access",
    title: "Accounts and access",
    law: "A year after an account was closed, to be able to find out about misuse (GDPR Art. 6(1)(f), Art. 32).",
    months: 12,
    from: "day",
    tables: {
      "it.access_grant": {
        person: ["account_id", "it.account"],
        ended: "(select a.closed_on from it.account a where a.tenant_id = t.tenant_id and a.id = t.account_id)",
        erases: ["reason"],
      },
      "it.account": { person: "person_id", ended: "t.closed_on", erases: ["login", "note"] },
    },
  },
];
