// A document as a person reads it: parties, lines, taxes and totals, in the words and figures of its sender.
import { z } from "zod";
import type { Amount, ElectronicInvoice, Period, PostalAddress, TradeParty } from "./model.ts";

const Told = z.string().nullable();

const PartyView = z.object({
  name: Told,
  tradingName: Told,
  address: z.array(z.string()),
  vatId: Told,
  taxId: Told,
  registration: Told,
  endpoint: Told,
  contact: z.array(z.string()),
});

export const DocumentView = z.object({
  number: Told,
  day: Told,
  dueDay: Told,
  typeCode: Told,
  currency: Told,
  specification: Told,
  buyerReference: Told,
  order: Told,
  contract: Told,
  period: Told,
  deliveryDay: Told,
  terms: Told,
  notes: z.array(z.string()),
  preceding: z.array(z.string()),
  seller: PartyView,
  buyer: PartyView,
  payee: Told,
  payments: z.array(z.object({ code: Told, account: Told, bic: Told, remittance: Told, mandate: Told })),
  allowances: z.array(z.object({ isCharge: z.boolean(), reason: Told, amount: Told, category: Told, percent: Told })),
  taxes: z.array(z.object({ category: Told, percent: Told, base: Told, tax: Told, reason: Told })),
  totals: z.object({
    lines: Told,
    allowances: Told,
    charges: Told,
    net: Told,
    tax: Told,
    taxInBooks: Told.describe("In the currency its sender accounts tax in, where that is another."),
    gross: Told,
    prepaid: Told,
    rounding: Told,
    due: Told,
  }),
  attachments: z.array(z.object({ name: Told, description: Told, mimeType: Told })),
  lines: z.array(
    z.object({
      id: Told,
      name: Told,
      description: Told,
      quantity: Told,
      unit: Told,
      price: Told,
      per: Told,
      net: Told,
      category: Told,
      percent: Told,
      period: Told,
    }),
  ),
});

const told = (text: string | undefined): string | null => text ?? null;
const figure = (amount: Amount | undefined): string | null => amount?.value ?? null;
const texts = (all: readonly (string | undefined)[]): string[] => all.filter((text) => text !== undefined && text !== "") as string[];
const spanOf = (period: Period | undefined): string | null =>
  period?.start || period?.end ? texts([period.start, period.end]).join(" to ") : null;

export function viewOf(it: ElectronicInvoice): z.output<typeof DocumentView> {
  return {
    number: told(it.number),
    day: told(it.day),
    dueDay: told(it.dueDay),
    typeCode: told(it.typeCode),
    currency: told(it.currency),
    specification: told(it.specification),
    buyerReference: told(it.buyerReference),
    order: told(it.order),
    contract: told(it.contract),
    period: spanOf(it.period),
    deliveryDay: told(it.delivery?.day),
    terms: told(it.terms),
    notes: it.notes.map((note) => note.text),
    preceding: texts(it.preceding.map((one) => one.id && texts([one.id.value, one.day]).join(" of "))),
    seller: partyOf(it.seller),
    buyer: partyOf(it.buyer),
    payee: told(it.payee?.name),
    payments: it.payments.map((means) => ({
      code: told(means.code),
      account: told(means.account?.id),
      bic: told(means.account?.bic),
      remittance: told(means.remittance),
      mandate: told(means.mandate?.id),
    })),
    ...figuresOf(it),
    attachments: it.supporting.map((one) => ({
      name: told(one.attachment?.fileName ?? one.id?.value),
      description: told(one.description),
      mimeType: told(one.attachment?.mimeType),
    })),
    lines: linesOf(it),
  };
}

function figuresOf({ allowances, taxTotals, totals, currency }: ElectronicInvoice) {
  const main = taxTotals.find((total) => !total.amount?.currency || total.amount.currency === currency);
  const other = taxTotals.find((total) => total.amount?.currency !== undefined && total.amount.currency !== currency);
  return {
    allowances: allowances.map((one) => ({
      isCharge: one.isCharge,
      reason: told(one.reason ?? one.reasonCode),
      amount: figure(one.amount),
      category: told(one.category?.code),
      percent: told(one.category?.percent),
    })),
    taxes: taxTotals
      .flatMap((total) => total.breakdown)
      .map(({ category, base, tax }) => ({
        category: told(category?.code),
        percent: told(category?.percent),
        base: figure(base),
        tax: figure(tax),
        reason: told(category?.reason ?? category?.reasonCode),
      })),
    totals: {
      lines: figure(totals.lines),
      allowances: figure(totals.allowances),
      charges: figure(totals.charges),
      net: figure(totals.net),
      tax: figure(main?.amount),
      taxInBooks: other?.amount ? `${other.amount.value} ${other.amount.currency}` : null,
      gross: figure(totals.gross),
      prepaid: figure(totals.prepaid),
      rounding: figure(totals.rounding),
      due: figure(totals.due),
    },
  };
}

const linesOf = ({ lines }: ElectronicInvoice) =>
  lines.map(({ id, item, quantity, price, net, categories, period }) => ({
    id: told(id),
    name: told(item.name),
    description: told(item.description),
    quantity: quantity?.value ?? null,
    unit: told(quantity?.unit),
    price: figure(price?.net),
    per: price?.per?.value ?? null,
    net: figure(net),
    category: told(categories[0]?.code),
    percent: told(categories[0]?.percent),
    period: spanOf(period),
  }));

function partyOf(party: TradeParty | undefined) {
  const { contact } = party ?? {};
  return {
    name: told(party?.name),
    tradingName: told(party?.tradingName),
    address: addressLines(party?.address),
    vatId: told(party?.vatId),
    taxId: told(party?.taxId),
    registration: told(party?.legalId?.value),
    endpoint: party?.endpoint ? texts([party.endpoint.scheme, party.endpoint.value]).join(":") : null,
    contact: texts([contact?.name, contact?.phone, contact?.email]),
  };
}

const addressLines = (it: PostalAddress | undefined): string[] =>
  texts([it?.street, it?.additional, it?.third, texts([it?.postcode, it?.city]).join(" "), it?.subdivision, it?.country]);
