// A statement of account on paper: what was open before, what came and went, what is open now.
import { pdfOf } from "../../../platform/files/pdf.ts";
import { letterTemplate, type PaperParty } from "./letterhead.ts";

/** Everything as it is printed. */
export interface StatementPaper {
  readonly title: string;
  readonly number: string;
  readonly from: PaperParty;
  readonly to: PaperParty;
  readonly currency: string;
  readonly openingDay: string;
  readonly opening: string;
  readonly rows: readonly {
    readonly day: string;
    readonly dueDay: string;
    readonly reference: string;
    readonly amount: string;
    readonly balance: string;
  }[];
  readonly closingDay: string;
  readonly closing: string;
  readonly overdue: string;
  readonly account: string | null;
}

const template = `${letterTemplate}
#v(4mm)
#table(columns: (auto, 1fr, auto, auto, auto), align: (left, left, left, right, right), stroke: none, inset: (x: 2mm, y: 1.6mm),
  table.header(table.hline(), [*Day*], [*Reference*], [*Due*], [*#paper.currency*], [*Balance*], table.hline(stroke: 0.5pt)),
  [#paper.openingDay], table.cell(colspan: 3)[Balance brought forward], [#paper.opening],
  ..paper.rows.map(one => ([#one.day], [#one.reference], [#one.dueDay], [#one.amount], [#one.balance])).flatten(),
  table.hline(stroke: 0.5pt),
  [*#paper.closingDay*], table.cell(colspan: 3)[*Balance*], [*#paper.closing*],
  [], table.cell(colspan: 3)[of which overdue], [#paper.overdue],
  table.hline())
#if paper.account != none [#v(6mm) We are paid to #paper.account.]
`;

export const statementPdf = (paper: StatementPaper): Uint8Array => pdfOf(template, paper);
