// The payslip on paper.
import { pdfOf } from "../../platform/files/pdf.ts";

export interface PrintedSlip {
  readonly company: string;
  readonly person: string;
  readonly month: string;
  readonly payDay: string;
  /** The last characters of the account: a document is carried about. */
  readonly accountEnding: string | null;
  readonly currency: string;
  readonly gross: string;
  readonly deductions: string;
  readonly net: string;
  readonly lines: readonly {
    readonly kind: "earning" | "deduction" | "employer";
    readonly name: string;
    readonly amount: string;
    readonly says: string;
  }[];
}

const template = `
#let slip = json(bytes(sys.inputs.at("values")))
#set document(title: "Payslip " + slip.month)
#set page(paper: "a4", margin: 22mm)
#set text(size: 10pt)
#grid(columns: (1fr, auto), text(size: 16pt, weight: "bold")[Payslip #slip.month], align(right, slip.company))
#v(4mm)
#slip.person \\
#if slip.accountEnding != none [Paid on #slip.payDay to the account ending in #slip.accountEnding] else [Paid on #slip.payDay]
#v(6mm)
#let part(kind, title, total) = {
  let lines = slip.lines.filter(line => line.kind == kind)
  if lines.len() > 0 {
    text(weight: "bold", title)
    table(columns: (auto, 1fr, auto), stroke: none, inset: (x: 0pt, y: 2.5pt), column-gutter: 10pt, align: (left, left, right),
      ..lines.map(line => (line.name, text(size: 8pt, fill: luma(90), line.says), line.amount)).flatten(),
      ..if total != none { (table.hline(stroke: 0.4pt), [Total], [], strong(total)) } else { () })
    v(3mm)
  }
}
#part("earning", "Earnings", slip.gross)
#part("deduction", "Deductions", slip.deductions)
#line(length: 100%, stroke: 0.8pt)
#grid(columns: (1fr, auto), text(size: 12pt, weight: "bold")[Net pay], text(size: 12pt, weight: "bold")[#slip.net #slip.currency])
#v(6mm)
#part("employer", "Paid by the employer on top", none)
`;

/** One payslip as a PDF. */
export function payslipPdf(slip: PrintedSlip): Uint8Array {
  const { company, person, month, payDay, accountEnding, currency, gross, deductions, net, lines } = slip;
  return pdfOf(template, { company, person, month, payDay, accountEnding, currency, gross, deductions, net, lines });
}
