// The handbook's chapters, made from the processes: what the engine does is what the book says.
import type { Process } from "../modules/office/index.ts";
import { registry } from "../registry.ts";
import { processes } from "./index.ts";

const note = "<!-- Made from src/processes by `npm run generate`. Change the process, not this file. -->";

const books = "- [The books](books.md): An accountant's year, and what users of other systems suffer from. Written by hand.";
const office = "- [The office](office.md): Who answers for what, and how work finds its people. Written by hand.";
const backup = "- [Backup](backup.md): What is saved by itself, and how a house is brought back. Written by hand.";

/** File name to text, one chapter for each process and a page that lists them. */
export function handbook(): Map<string, string> {
  const chapters = processes.map((one): [string, string] => [`docs/handbook/${one.name}.md`, chapter(one)]);
  const list = processes.map((one) => `- [${one.title}](${one.name}.md): ${one.says}`);
  const contents = [
    note,
    "# Handbook",
    "",
    "What happens here, step by step, and who sees to it.",
    "",
    ...list,
    books,
    office,
    backup,
    "",
  ].join("\n");
  return new Map([["docs/handbook/README.md", contents], ...chapters]);
}

function chapter(one: Process): string {
  const steps = Object.entries(one.steps);
  const rows = steps.map(([key, step]) => {
    const after = (step.after ?? []).join(", ");
    return `| ${key} | ${step.says} | ${ownerOf(step.owner)} | ${dueOf(step.by.days)} | ${after} |`;
  });
  return [
    note,
    `# ${one.title}`,
    "",
    one.says,
    "",
    `It begins by itself when \`${one.starts}\` happens${one.ends ? `, and is unwound when \`${one.ends}\` happens` : ""}.`,
    "A step is done when the department's own records say so, whoever made them say it.",
    "",
    "| step | what happens | who | due | after |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

const ownerOf = (owner: string): string => (owner === "person" ? "the person" : (registry.activities.get(owner) ?? owner));

function dueOf(days: number): string {
  if (days === 0) return "on the day";
  const count = Math.abs(days) === 1 ? "1 day" : `${Math.abs(days)} days`;
  return `${count} ${days < 0 ? "before" : "after"}`;
}
