// Control of the ledger, as the module lists it: fiscal years, locks and exceptions, entries that come again or take themselves back.
import { accrualRegister, postAccrual, reverseAccrual } from "./accrual.operations.ts";
import { createDeferral, recogniseDeferrals, reverseDeferral, stopDeferral } from "./deferral.operations.ts";
import { deferralLineRegister, deferralRegister } from "./deferral.registers.ts";
import { closeFiscalYear, createFiscalYear, fiscalYearRegister, reopenFiscalYear } from "./fiscal-year.operations.ts";
import { grantLockException, lockOnePeriod, revokeLockException, unlockPeriod } from "./lock.operations.ts";
import { lockExceptionEntryRegister, lockExceptionRegister, periodLockRegister } from "./lock.registers.ts";
import { postOpeningBalance } from "./opening-balance.operations.ts";
import {
  createEntryTemplate,
  dismissEntryTemplateRun,
  endEntryTemplate,
  postEntryTemplate,
  postEntryTemplateRun,
} from "./template.operations.ts";
import { entryTemplateLineRegister, entryTemplateRegister, entryTemplateRunRegister } from "./template.registers.ts";
import { postDueTemplates } from "./template.ts";

export { controlLaws } from "./control.laws.ts";

export const controlRegisters = [
  fiscalYearRegister,
  periodLockRegister,
  lockExceptionRegister,
  lockExceptionEntryRegister,
  entryTemplateRegister,
  entryTemplateLineRegister,
  entryTemplateRunRegister,
  accrualRegister,
  deferralRegister,
  deferralLineRegister,
];

export const controlOperations = [
  createFiscalYear,
  closeFiscalYear,
  reopenFiscalYear,
  lockOnePeriod,
  unlockPeriod,
  grantLockException,
  revokeLockException,
  createEntryTemplate,
  endEntryTemplate,
  postEntryTemplate,
  postEntryTemplateRun,
  dismissEntryTemplateRun,
  postAccrual,
  reverseAccrual,
  createDeferral,
  recogniseDeferrals,
  stopDeferral,
  reverseDeferral,
  postOpeningBalance,
];

export const controlSchedules = [
  {
    name: "finance.recurringEntries",
    says: "Posts the recurring entries that are due.",
    cron: "0 2 * * *",
    does: postDueTemplates,
  },
];
