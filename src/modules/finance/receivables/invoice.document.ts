// An invoice or credit note on paper: who, to whom, for what, the tax by rate, and how it is paid.
import { pdfOf } from "../../../platform/files/pdf.ts";

export interface PaperParty {
  readonly name: string;
  readonly lines: readonly string[];
}

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
    readonly quantity: string;
    readonly unitPrice: string;
    readonly percent: string;
    readonly net: string;
  }[];
  readonly taxes: readonly { readonly percent: string; readonly base: string; readonly tax: string }[];
  readonly net: string;
  readonly total: string;
  readonly account: string | null;
}

// Values come in as data, so that a text full of signs is shown and never read as markup.
const template = `
#let paper = json(bytes(sys.inputs.at("values")))
#set page(paper: "a4", margin: (x: 22mm, top: 25mm, bottom: 25mm), footer: [
  #set text(size: 8pt, fill: luma(90))
  #paper.from.name #h(1fr) #paper.number #h(1fr) #context counter(page).display("1 / 1", both: true)])
#set document(title: paper.title + " " + paper.number)
#set text(size: 10pt, lang: "en")
#let party(one) = [#strong(one.name) #for line in one.lines [#linebreak() #line]]
#align(right, party(paper.from))
#v(8mm)
#party(paper.to)
#v(12mm)
#text(size: 16pt, weight: "bold")[#paper.title #paper.number]
#v(2mm)
#grid(columns: (auto, auto), column-gutter: 6mm, row-gutter: 2mm,
  [Day], [#paper.day],
  ..if paper.dueDay != none { ([Due], [#paper.dueDay]) },
  ..if paper.corrects != none { ([Corrects], [#paper.corrects]) })
#if paper.text != "" [#v(4mm) #paper.text]
#v(6mm)
#table(columns: (1fr, auto, auto, auto, auto), align: (left, right, right, right, right), stroke: none, inset: (x: 2mm, y: 1.6mm),
  table.header(table.hline(), [*Description*], [*Quantity*], [*Unit price*], [*Tax*], [*Net #paper.currency*], table.hline(stroke: 0.5pt)),
  ..paper.lines.map(line => ([#line.description], [#line.quantity], [#line.unitPrice], [#line.percent %], [#line.net])).flatten(),
  table.hline(),
  table.cell(colspan: 4)[Net], [#paper.net],
  ..paper.taxes.map(tax => (table.cell(colspan: 4)[Tax #tax.percent % on #tax.base], [#tax.tax])).flatten(),
  table.hline(stroke: 0.5pt),
  table.cell(colspan: 4)[*Total*], [*#paper.total*],
  table.hline())
#if paper.account != none [#v(6mm) Please pay #paper.total #paper.currency to #paper.account and name #paper.number.]
`;

/** The paper as a PDF. */
export const invoicePdf = (paper: InvoicePaper): Uint8Array => pdfOf(template, paper);
