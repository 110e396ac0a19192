// The bank reconciliation on paper, with a line to sign on.
import { pdfOf } from "../../../platform/files/pdf.ts";

interface ReconciliationPaper {
  readonly title: string;
  readonly bankAccount: string;
  readonly asOf: string;
  readonly currency: string;
  readonly bookBalance: string;
  readonly bankOnly: string;
  readonly booksOnly: string;
  readonly expected: string;
  readonly bankBalance: string;
  readonly difference: string;
  readonly by: string;
  readonly rows: readonly {
    readonly side: string;
    readonly day: string;
    readonly text: string;
    readonly party: string;
    readonly amount: string;
  }[];
}

// Values come in as data, so that a text full of signs is shown and never read as markup.
const template = `
#let paper = json(bytes(sys.inputs.values))
#set page(paper: "a4", margin: (x: 20mm, y: 20mm), numbering: "1 / 1")
#set text(font: "Libertinus Serif", size: 10pt)
#text(size: 16pt, weight: "bold")[#paper.title] \\
#paper.bankAccount, #paper.asOf, in #paper.currency
#v(4mm)
#table(columns: (1fr, auto), align: (left, right), stroke: none, inset: (x: 2mm, y: 1.4mm),
  table.hline(), [Balance in the books], [#paper.bookBalance], [Told by the bank, not in the books], [#paper.bankOnly],
  [In the books, not told by the bank], [#paper.booksOnly], table.hline(stroke: 0.5pt), [*Expected at the bank*], [*#paper.expected*],
  [Balance at the bank], [#paper.bankBalance], [*Unexplained*], [*#paper.difference*], table.hline())
#let part(side, name) = {
  let own = paper.rows.filter(row => row.side == side)
  if own.len() > 0 [
    #v(4mm) *#name*
    #table(columns: (auto, auto, 1fr, auto), align: (left, left, left, right), stroke: none, inset: (x: 2mm, y: 1mm),
      table.header(table.hline(), [Day], [Party], [Text], [Amount], table.hline(stroke: 0.5pt)),
      ..own.map(row => ([#row.day], [#row.party], [#row.text], [#row.amount])).flatten(), table.hline())
  ]
}
#part("bank", "Told by the bank, not in the books")
#part("books", "In the books, not told by the bank")
#v(12mm)
Made by #paper.by #h(1fr) Reviewed: #box(width: 60mm, line(length: 100%, stroke: 0.5pt))
`;

export const reconciliationPdf = (paper: ReconciliationPaper): Uint8Array => pdfOf(template, paper);
