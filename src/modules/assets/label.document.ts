// Labels to stick on things: a QR square that opens the record, the tag in letters, and what it is. Three by eight on A4.
import { createRequire } from "node:module";
import { toSVG } from "bwip-js/node";
import type { NodeCompiler as Compiler } from "@myriaddreamin/typst-ts-node-compiler";

export interface Label {
  readonly tag: string;
  readonly name: string;
  readonly path: string;
}

/** The square alone, as SVG. */
export const squareOf = (path: string): string => toSVG({ bcid: "qrcode", text: path, paddingwidth: 2, paddingheight: 2 });

// Values come in as data, so that a name full of signs is shown and never read as markup.
const template = `
#set page(paper: "a4", margin: (x: 7mm, y: 12.9mm))
#set text(size: 8pt)
#let labels = json.decode(sys.inputs.at("labels"))
#grid(columns: (1fr, 1fr, 1fr), rows: 33.9mm,
  ..labels.enumerate().map(((index, label)) => box(inset: 2mm, height: 33.9mm, clip: true,
    grid(columns: (25mm, 1fr), column-gutter: 2mm, align: horizon,
      image("square-" + str(index) + ".svg", width: 25mm),
      [#text(size: 11pt, weight: "bold", label.tag) #linebreak() #label.name]))))
`;

// The package is CommonJS with a native part, which an import cannot name.
const { NodeCompiler } = createRequire(import.meta.url)("@myriaddreamin/typst-ts-node-compiler") as { NodeCompiler: typeof Compiler };

/** The labels as a PDF. */
export function labelsPdf(labels: readonly Label[]): Uint8Array {
  const compiler = NodeCompiler.create({ workspace: process.cwd() });
  labels.forEach((label, index) => compiler.mapShadow(`${process.cwd()}/square-${index}.svg`, Buffer.from(squareOf(label.path))));
  const pdf = compiler.pdf({
    mainFileContent: template,
    inputs: { labels: JSON.stringify(labels.map(({ tag, name }) => ({ tag, name }))) },
  });
  // Without this the compiler keeps every page it ever set.
  compiler.evictCache(0);
  return pdf;
}
