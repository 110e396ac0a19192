// The pages that prove: who signed which exact content, and what was destroyed by which rule.
import { pdfOf } from "../../../platform/files/pdf.ts";

export interface SigningOnPaper {
  readonly company: string;
  readonly title: string;
  readonly version: number;
  readonly hash: string;
  readonly asker: string;
  readonly closedAt: string;
  readonly signatures: readonly { readonly name: string; readonly person: string; readonly at: string; readonly seal: string }[];
}

const template = `
#let page-of = json(bytes(sys.inputs.at("values")))
#set document(title: "Certificate of signature")
#set page(paper: "a4", margin: 22mm)
#set text(size: 10pt)
#text(size: 18pt, weight: "bold")[Certificate of signature]
#v(2mm)
#page-of.company
#v(6mm)
#table(columns: (32mm, 1fr), stroke: none, inset: (x: 0pt, y: 3pt),
  [Document], strong(page-of.title), [Version], [#page-of.version],
  [Content (SHA-256)], text(size: 8pt, font: "DejaVu Sans Mono", page-of.hash),
  [Asked by], [#page-of.asker], [Completed], [#page-of.closedAt])
#v(4mm)
#for one in page-of.signatures [
  #block(width: 100%, stroke: 0.5pt + luma(170), inset: 8pt, radius: 2pt, below: 8pt)[
    #text(size: 14pt, style: "italic", one.name) \\
    #one.person, #one.at \\
    #text(size: 7.5pt, fill: luma(90))[Seal #one.seal]
  ]
]
#v(4mm)
#text(size: 8pt, fill: luma(90))[
Each person signed in to Heartwood in their own name, was shown this version and wrote their name.
The seal is the SHA-256 of the document, its version, the fingerprint of its content,
the person, the name and the moment; whoever has these can work it out again.
This is a simple electronic signature (Regulation (EU) No 910/2014, Art 3(10)).]
`;

export const signingPdf = (paper: SigningOnPaper): Uint8Array => pdfOf(template, paper);
