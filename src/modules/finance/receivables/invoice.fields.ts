// What one says of an invoice: the fields shared by drafting, changing, issuing, and having it come round.
import { z } from "zod";
import { DecimalText, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { servicePeriod } from "../ledger/service-period.fields.ts";

export const InvoiceLine = z.strictObject({
  description: Text(300),
  quantity: DecimalText.default("1"),
  unitPrice: Money,
  taxCode: z.string().max(20).default("standard").describe("Code of the tax, e.g. standard, reduced, exempt."),
  accountId: ref("finance.account").optional().describe("By default the account for sales."),
  unitId: ref("directory.unit").optional().describe("The cost centre."),
});

/** A line of an invoice with a day; what comes round again is for other days each time. */
export const DatedInvoiceLine = InvoiceLine.extend(servicePeriod);

/** What does not depend on the day. */
export const invoiceContent = {
  customerId: ref("directory.customer"),
  paymentTermId: ref("finance.paymentTerm").optional().describe("By default what is agreed with the customer, else 30 days."),
  termsDays: z.number().int().min(0).max(365).optional().describe("Days to pay, in place of terms."),
  text: LongText(2000).optional(),
  lines: z.array(DatedInvoiceLine).min(1).max(500),
  pricesIncludeTax: z.boolean().optional().describe("The unit prices have the tax in them."),
  bookId: ref("finance.book").optional().describe("By default the main books."),
};
