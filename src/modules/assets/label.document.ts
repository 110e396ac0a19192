// Labels to stick on things: a QR square that opens the record, the tag in letters, and what it is. Three by eight on A4.
import { toSVG } from "bwip-js/node";
import { pdfOf } from "../../platform/files/pdf.ts";

export interface Label {
  readonly tag: string;
  readonly name: string;
  readonly path: string;
}

/** The square alone, as SVG. */
export const squareOf = (path: string): string => toSVG({ bcid: "qrcode", text: path, paddingwidth: 2, paddingheight: 2 });

const template = `
#set page(paper: "a4", margin: (x: 7mm, y: 12.9mm))
#set text(size: 8pt)
#let labels = json(bytes(sys.inputs.at("values")))
#grid(columns: (1fr, 1fr, 1fr), rows: 33.9mm,
  ..labels.enumerate().map(((index, label)) => box(inset: 2mm, height: 33.9mm, clip: true,
    grid(columns: (25mm, 1fr), column-gutter: 2mm, align: horizon,
      image("square-" + str(index) + ".svg", width: 25mm),
      [#text(size: 11pt, weight: "bold", label.tag) #linebreak() #label.name]))))
`;

/** The labels as a PDF. */
export const labelsPdf = (labels: readonly Label[]): Uint8Array =>
  pdfOf(template, labels, Object.fromEntries(labels.map((label, index) => [`square-${index}.svg`, squareOf(label.path)])));
