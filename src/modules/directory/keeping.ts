// How long the directory keeps who someone is: how they are reached as long as they have to do with the company, their name as long as
// anything of theirs must be kept.
import type { Keeping } from "../../platform/operation/keeping.ts";

const ended = (person: string): string => `case
    when exists (select from directory.party_role r where r.tenant_id = t.tenant_id and r.party_id = ${person}
      and r.until_day is null) then null
    when exists (select from identity.member m where m.tenant_id = t.tenant_id and m.person_id = ${person}
      and m.disabled_at is null) then null
    else coalesce((select max(r.until_day) from directory.party_role r where r.tenant_id = t.tenant_id and r.party_id = ${person}),
      date '2000-01-01') end`;

export const directoryKeeps: readonly Keeping[] = [
  {
    name: "directory.contact",
    title: "How they are reached",
    law: "Nothing asks to keep it once they have nothing to do with the company any more (GDPR Art. 5(1)(e)).",
    months: 0,
    from: "day",
    tables: { "directory.party": { person: "id", ended: ended("t.id"), erases: ["email", "phone", "contact"] } },
    operations: ["directory.person", "identity.member"],
  },
  {
    name: "directory.identity",
    title: "Who they are",
    law: "As long as anything of theirs must be kept that names them.",
    months: 0,
    from: "day",
    isIdentity: true,
    tables: {
      "identity.member": { person: "person_id", key: "user_id", ended: ended("t.person_id"), erases: ["name", "email"] },
      "directory.party": {
        person: "id",
        ended: ended("t.id"),
        erases: ["name", "street", "postcode", "city", "tax_number", "bank_account", "registration"],
      },
    },
  },
];
