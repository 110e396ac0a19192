// Finance's door: what other departments may use. They post by the job an account does, never by its number.
export { finance } from "./module.ts";
export { postEntries, postEntry, type PostedEntry } from "./ledger/posting.ts";
export { type JournalEntryDraft, type JournalLineDraft, postingRefusals } from "./ledger/entry.rules.ts";
export { reversalRefusals, reverseEntry } from "./ledger/reversal.ts";
export { firstOpenDay } from "./ledger/lock.ts";
export { accountOf, type Book, bookOf } from "./ledger/book.ts";
export type { AccountRole } from "./ledger/role.ts";
export { createSetup } from "./ledger/setup.operations.ts";
export { exchangeFor, rateRefusals } from "./currency/rate.ts";
export { holdBill, releaseBill } from "./payables/bill-care.operations.ts";
export { approveBill, createBill, payBill, postBill } from "./payables/bill.operations.ts";
