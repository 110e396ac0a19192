// Electronic invoicing's door within finance: what the module lists, and nothing else.
import { electronicAddressRegister, setElectronicAddress } from "./address.operations.ts";
import { eInvoiceRegister } from "./e-invoice.register.ts";
import { issueEInvoice } from "./issue.operations.ts";
import { judgeEInvoice } from "./judge.operations.ts";
import { declineEInvoice, enterEInvoice, receiveEInvoice } from "./receive.operations.ts";
import { setVatCategory } from "./tax-category.operations.ts";
import { viewEInvoice } from "./view.operations.ts";

export { eInvoiceLaws } from "./laws.ts";

export const eInvoiceRegisters = [eInvoiceRegister, electronicAddressRegister];

export const eInvoiceOperations = [
  issueEInvoice,
  receiveEInvoice,
  enterEInvoice,
  declineEInvoice,
  judgeEInvoice,
  viewEInvoice,
  setElectronicAddress,
  setVatCategory,
];
