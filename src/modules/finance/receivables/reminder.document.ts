// A reminder on paper: what is overdue, since when, the fee and the interest, and where to pay.
import { pdfOf } from "../../../platform/files/pdf.ts";
import { letterTemplate, type PaperParty } from "./letterhead.ts";

/** Everything as it is printed. */
export interface ReminderPaper {
  readonly title: string;
  /** Of the customer, in the foot. */
  readonly number: string;
  readonly day: string;
  readonly text: string;
  readonly from: PaperParty;
  readonly to: PaperParty;
  readonly currency: string;
  readonly items: readonly { readonly reference: string; readonly dueDay: string; readonly days: number; readonly open: string }[];
  readonly total: string;
  readonly charges: readonly { readonly title: string; readonly amount: string }[];
  readonly asked: string;
  readonly account: string | null;
}

const template = `${letterTemplate}
#paper.day
#v(4mm)
#paper.text
#v(6mm)
#table(columns: (1fr, auto, auto, auto), align: (left, left, right, right), stroke: none, inset: (x: 2mm, y: 1.6mm),
  table.header(table.hline(), [*Invoice*], [*Due*], [*Days late*], [*Open #paper.currency*], table.hline(stroke: 0.5pt)),
  ..paper.items.map(one => ([#one.reference], [#one.dueDay], [#one.days], [#one.open])).flatten(),
  table.hline(),
  table.cell(colspan: 3)[Open], [#paper.total],
  ..paper.charges.map(one => (table.cell(colspan: 3)[#one.title], [#one.amount])).flatten(),
  table.hline(stroke: 0.5pt),
  table.cell(colspan: 3)[*To pay*], [*#paper.asked*],
  table.hline())
#if paper.account != none [#v(6mm) Please pay #paper.asked #paper.currency to #paper.account.]
`;

export const reminderPdf = (paper: ReminderPaper): Uint8Array => pdfOf(template, paper);
