// An invoice or credit note on paper: who, to whom, for what, the tax by rate, and when and how it is paid.
import { pdfOf } from "../../../platform/files/pdf.ts";
import { letterTemplate, type PaperParty } from "./letterhead.ts";

/** Everything as it is printed; amounts already have their decimals. */
export interface InvoicePaper {
  readonly title: string;
  readonly number: string;
  readonly day: string;
  readonly dueDay: string | null;
  readonly corrects: string | null;
  readonly text: string;
  readonly from: PaperParty;
  readonly to: PaperParty;
  readonly currency: string;
  readonly lines: readonly {
    readonly description: string;
    /** The days it is for. */
    readonly period: string | null;
    readonly quantity: string;
    readonly unitPrice: string;
    readonly percent: string;
    readonly net: string;
  }[];
  readonly taxes: readonly { readonly percent: string; readonly base: string; readonly tax: string }[];
  readonly net: string;
  /** What rounding adds to net and tax; null when nothing. */
  readonly rounding: string | null;
  readonly total: string;
  /** More than one payment: when how much. */
  readonly instalments: readonly { readonly day: string; readonly amount: string }[];
  /** Paid until the day, so much less. */
  readonly discounts: readonly { readonly day: string; readonly amount: string; readonly left: string }[];
  readonly account: string | null;
}

// Values come in as data, so that a text full of signs is shown and never read as markup.
const template = `${letterTemplate}
#grid(columns: (auto, auto), column-gutter: 6mm, row-gutter: 2mm,
  [Day], [#paper.day],
  ..if paper.dueDay != none { ([Due], [#paper.dueDay]) },
  ..if paper.corrects != none { ([Corrects], [#paper.corrects]) })
#if paper.text != "" [#v(4mm) #paper.text]
#v(6mm)
#table(columns: (1fr, auto, auto, auto, auto), align: (left, right, right, right, right), stroke: none, inset: (x: 2mm, y: 1.6mm),
  table.header(table.hline(), [*Description*], [*Quantity*], [*Unit price*], [*Tax*], [*Net #paper.currency*], table.hline(stroke: 0.5pt)),
  ..paper.lines.map(line => (
    [#line.description#if line.period != none [\\ #text(size: 8.5pt, fill: luma(35%))[#line.period]]],
    [#line.quantity], [#line.unitPrice], [#line.percent], [#line.net])).flatten(),
  table.hline(),
  table.cell(colspan: 4)[Net], [#paper.net],
  ..paper.taxes.map(tax => (table.cell(colspan: 4)[Tax #tax.percent on #tax.base], [#tax.tax])).flatten(),
  ..if paper.rounding != none { (table.cell(colspan: 4)[Rounding], [#paper.rounding]) },
  table.hline(stroke: 0.5pt),
  table.cell(colspan: 4)[*Total*], [*#paper.total*],
  table.hline())
#if paper.instalments.len() > 1 [#v(4mm) #table(columns: (auto, auto), align: (left, right), stroke: none, inset: (x: 2mm, y: 1mm),
  [*Due*], [*Amount*], ..paper.instalments.map(one => ([#one.day], [#one.amount])).flatten())]
#for one in paper.discounts [#v(2mm) Paid by #one.day, you may take off #one.amount #paper.currency and pay #one.left #paper.currency.]
#if paper.account != none [#v(6mm) Please pay #paper.total #paper.currency to #paper.account and name #paper.number.]
`;

/** The paper as a PDF. */
export const invoicePdf = (paper: InvoicePaper): Uint8Array => pdfOf(template, paper);
