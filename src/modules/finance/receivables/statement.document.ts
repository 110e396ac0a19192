// A statement of account on paper: what was open before, what came and went, what is open now; by itself for each currency.
import { pdfOf } from "../../../platform/files/pdf.ts";
import { letterTemplate, type PaperParty } from "./letterhead.ts";

/** Everything as it is printed. */
export interface StatementPaper {
  readonly title: string;
  readonly number: string;
  readonly from: PaperParty;
  readonly to: PaperParty;
  readonly openingDay: string;
  readonly closingDay: string;
  readonly sections: readonly {
    readonly currency: string;
    readonly opening: string;
    readonly rows: readonly {
      readonly day: string;
      readonly dueDay: string;
      readonly reference: string;
      readonly amount: string;
      readonly balance: string;
    }[];
    readonly closing: string;
    readonly overdue: string;
  }[];
  readonly account: string | null;
}

const template = `${letterTemplate}
#for one in paper.sections [
#v(4mm)
#table(columns: (auto, 1fr, auto, auto, auto), align: (left, left, left, right, right), stroke: none, inset: (x: 2mm, y: 1.6mm),
  table.header(table.hline(), [*Day*], [*Reference*], [*Due*], [*#one.currency*], [*Balance*], table.hline(stroke: 0.5pt)),
  [#paper.openingDay], table.cell(colspan: 3)[Balance brought forward], [#one.opening],
  ..one.rows.map(row => ([#row.day], [#row.reference], [#row.dueDay], [#row.amount], [#row.balance])).flatten(),
  table.hline(stroke: 0.5pt),
  [*#paper.closingDay*], table.cell(colspan: 3)[*Balance*], [*#one.closing*],
  [], table.cell(colspan: 3)[of which overdue], [#one.overdue],
  table.hline())
]
#if paper.account != none [#v(6mm) We are paid to #paper.account.]
`;

export const statementPdf = (paper: StatementPaper): Uint8Array => pdfOf(template, paper);
