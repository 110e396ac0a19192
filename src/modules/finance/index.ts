// Finance's door: what other departments may use. They post by the job an account does, never by its number.
export { finance } from "./module.ts";
export { postEntries, postEntry, type PostedEntry } from "./ledger/posting.ts";
export { type JournalEntryDraft, type JournalLineDraft, postingRefusals } from "./ledger/entry.rules.ts";
export { reversalRefusals, reverseEntry } from "./ledger/entry.operations.ts";
export { accountOf, type Book, bookOf } from "./ledger/book.ts";
export type { AccountRole } from "./ledger/role.ts";
export { createSetup } from "./ledger/setup.operations.ts";
// Banking (src/modules/finance/banking) uses these directly:
//   ledger/bank-account.operations.ts  bankAccountOf(context, bankAccountId), bankAccountRegister, finance.bankAccount.identify
//   ledger/open-item.ts                openItemsOf(context, {direction, partyIds?, references?, bookId?}), allocate(context, wishes, day)
//   payments/payment.ts                recordPayment(s)(context, draft(s)), reversePayment(context, paymentId, on, reason), paymentRefusals
export { approveBill, createBill, payBill } from "./payables/bill.operations.ts";
