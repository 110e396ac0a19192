// How long the books keep what they hold about someone: as a party, as who claims expenses, and as who posted.
import type { Keeping } from "../../platform/operation/keeping.ts";

export const financeKeeps: readonly Keeping[] = [
  {
    name: "finance.voucher",
    title: "Invoices, bills, payments and expenses",
    law: "Vouchers are kept eight years from the end of the year (AO § 147(3), HGB § 257(4)).",
    months: 96,
    from: "yearEnd",
    tables: {
      "finance.expense_line": {
        person: "person_id",
        ended: "t.day",
        erases: ["description", "worked_out", "vehicle", "no_receipt_reason"],
        files: ["file_id"],
      },
      "finance.expense_claim": {
        person: "person_id",
        ended: "case when t.state in ('posted', 'rejected', 'withdrawn') then coalesce(t.posted_on, t.made_on) end",
        erases: ["title", "reject_reason"],
      },
      "finance.expense_advance": { person: "person_id", ended: "t.wanted_by", erases: ["reason", "reject_reason"] },
      "finance.invoice": { person: "customer_id", ended: "t.day", erases: ["text", "sent_to"] },
      "finance.bill": { person: "supplier_id", ended: "t.day", erases: ["text", "payment_reference"], files: ["file_id"] },
      "finance.payment": { person: "party_id", ended: "t.day", erases: ["reference"] },
    },
  },
  {
    name: "finance.books",
    title: "The books, and who posted in them",
    law: "Books are kept ten years from the end of the year, with who posted (AO § 147(3), HGB § 257(4)).",
    months: 120,
    from: "yearEnd",
    tables: {
      "finance.open_item": { person: "party_id", ended: "case when t.open_amount = 0 then t.day end", erases: [] },
      "finance.journal_line": { person: "party_id", ended: "t.day", erases: [] },
      "finance.journal_entry": { person: "person_id", ended: "t.day", erases: ["by_name"] },
    },
  },
];
