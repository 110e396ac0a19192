// Where bin/heartwood.mjs hands over.
import { main } from "./main.ts";
import { thisTerminal } from "./terminal.ts";

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
});

export const runHere = async (root: string): Promise<void> => {
  process.exitCode = await main(process.argv.slice(2), thisTerminal(root));
};
