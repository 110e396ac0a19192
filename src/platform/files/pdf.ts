// Documents on paper: a Typst template and its values, as a PDF.
import { createRequire } from "node:module";
import type { NodeCompiler as Compiler } from "@myriaddreamin/typst-ts-node-compiler";

// The package is CommonJS with a native part, which an import cannot name.
const { NodeCompiler } = createRequire(import.meta.url)("@myriaddreamin/typst-ts-node-compiler") as { NodeCompiler: typeof Compiler };

let compiler: Compiler | undefined;

/** Values reach the template as JSON in `sys.inputs.values`, so that a name full of signs is shown and never read as markup. */
export function pdfOf(template: string, values: Readonly<Record<string, unknown>>): Uint8Array {
  compiler ??= NodeCompiler.create();
  const pdf = compiler.pdf({ mainFileContent: template, inputs: { values: JSON.stringify(values) } });
  // Without this the compiler keeps every page it ever set.
  compiler.evictCache(0);
  return pdf;
}
