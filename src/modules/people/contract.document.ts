// The contract on paper: the agreed terms, and room to sign.
import { pdfOf } from "../../platform/files/pdf.ts";

export interface ContractTerms {
  readonly company: string;
  readonly person: string;
  readonly kind: "employee" | "contractor";
  readonly position: string | null;
  readonly firstDay: string;
  readonly lastDay: string | null;
  readonly hoursWeekly: string;
  readonly noticeDays: number;
  readonly probationUntil: string | null;
  readonly pay: string | null;
  readonly payPeriod: "month" | "year" | "hour" | null;
}

const template = `
#let terms = json(bytes(sys.inputs.at("values")))
#set document(title: "Contract " + terms.person)
#set page(paper: "a4", margin: 25mm)
#set text(size: 11pt)
#text(size: 18pt, weight: "bold", if terms.kind == "employee" [Contract of employment] else [Contract for services])
#v(6mm)
between *#terms.company* and *#terms.person*
#v(8mm)
#let rows = (
  ("Position", terms.position),
  ("First day", terms.firstDay),
  ("Last day", if terms.lastDay == none { "until further notice" } else { terms.lastDay }),
  ("Hours a week", terms.hoursWeekly),
  ("Pay",
    if terms.pay == none { none } else { terms.pay + " for " + (if terms.payPeriod == "hour" { "an " } else { "a " }) + terms.payPeriod }),
  ("Probation until", terms.probationUntil),
  ("Notice", str(terms.noticeDays) + " days on both sides"),
).filter(row => row.at(1) != none)
#table(columns: (45mm, 1fr), stroke: none, inset: (x: 0pt, y: 4pt),
  ..rows.map(row => (text(fill: luma(90), row.at(0)), row.at(1))).flatten())
#v(30mm)
#grid(columns: (1fr, 1fr), column-gutter: 15mm,
  [#line(length: 100%, stroke: 0.5pt) #terms.company, day],
  [#line(length: 100%, stroke: 0.5pt) #terms.person, day])
`;

/** The contract as a PDF. */
export function contractPdf(contract: ContractTerms): Uint8Array {
  const { company, person, kind, position, firstDay, lastDay, hoursWeekly, noticeDays, probationUntil, pay, payPeriod } = contract;
  const terms = { company, person, kind, position, firstDay, lastDay, hoursWeekly, noticeDays, probationUntil, pay, payPeriod };
  return pdfOf(template, terms);
}
