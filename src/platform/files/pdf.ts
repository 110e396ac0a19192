// Documents on paper: a Typst template and its values, as a PDF.
import { createRequire } from "node:module";
import type { NodeCompiler as Compiler } from "@myriaddreamin/typst-ts-node-compiler";

// The package is CommonJS with a native part, which an import cannot name.
const { NodeCompiler } = createRequire(import.meta.url)("@myriaddreamin/typst-ts-node-compiler") as { NodeCompiler: typeof Compiler };

let compiler: Compiler | undefined;

/**
 * Values reach the template as JSON in `sys.inputs.values`, so that a name full of signs is shown and never read as markup.
 * `images` are files that the template names, such as `square-0.svg`.
 */
export function pdfOf(template: string, values: unknown, images: Readonly<Record<string, string>> = {}): Uint8Array {
  const workspace = process.cwd();
  compiler ??= NodeCompiler.create({ workspace });
  try {
    for (const [name, content] of Object.entries(images)) compiler.mapShadow(`${workspace}/${name}`, Buffer.from(content));
    return compiler.pdf({ mainFileContent: template, inputs: { values: JSON.stringify(values) } });
  } finally {
    compiler.resetShadow();
    // Without this the compiler keeps every page it ever set.
    compiler.evictCache(0);
  }
}
