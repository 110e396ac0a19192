// What there is to type, level by level: all departments, one department, one subject, one command. Pure.
import { kebab } from "./arguments.ts";
import { type Command, kindOf, present, type Reference, type Schema } from "./reference.ts";
import { textOf } from "./show.ts";

const houseHelp = `Everywhere:
  --json           the answer as JSON
  --dry-run        try it: check everything, keep nothing
  --reason TEXT    why, kept in the audit trail
  --key TEXT       your key for this wish; sent again, it is done once
  --tenant ID      for which company
  --as EMAIL       as whom, in a demo
  --input FILE     the whole input as JSON; - for standard input
  --format csv     a list as a file (csv or xlsx), with --output FILE
  --all, --wide    every row of a list; every column`;

const ownCommands = `House:
  start            start the house on this machine
  login            remember a personal token (or in a demo: heartwood as EMAIL)
  doctor           check every law of the house
  audit            verify the audit trail, or write it into a file that verifies anywhere
  backup           take a backup of the house; backup list, backup verify BACKUP
  restore          bring a house back from a backup, as of now or any moment
  key              key rotate: a new key for what is stored encrypted
  whoami           who am I, and what are my roles`;

export function helpAll(reference: Reference): string {
  const widest = Math.max(...reference.modules.map(({ word }) => word.length), 0);
  const modules = reference.modules.map(({ word, title }) => `  ${word.padEnd(Math.max(widest, 15))}  ${title}`);
  return `heartwood DEPARTMENT SUBJECT VERB [RECORD or FILE] [--field value …]

Departments:
${modules.join("\n")}

${ownCommands}

${houseHelp}

More: heartwood DEPARTMENT`;
}

/** Without a house that answers, at least this. */
export const helpAlone = `heartwood DEPARTMENT SUBJECT VERB [RECORD or FILE] [--field value …]\n\n${ownCommands}\n\n${houseHelp}`;

export function helpModule(reference: Reference, word: string): string {
  const commands = reference.commands.filter(({ words }) => words[0] === word);
  const title = reference.modules.find((module) => module.word === word)?.title ?? word;
  return `${title}\n\n${linesOf(commands)}\n\nMore: heartwood ${word} SUBJECT, heartwood ${word} SUBJECT VERB --help`;
}

export function helpSubject(reference: Reference, module: string, subject: string): string {
  const commands = reference.commands.filter(({ words }) => words[0] === module && words[1] === subject);
  return `${linesOf(commands)}\n\nMore: heartwood ${module} ${subject} VERB --help`;
}

function linesOf(commands: readonly Command[]): string {
  const sorted = commands.toSorted((a, b) => (a.words.join(" ") < b.words.join(" ") ? -1 : 1));
  const widest = Math.max(...sorted.map(({ words }) => words.slice(1).join(" ").length), 0);
  return sorted.map(({ words, does }) => `  ${words.slice(1).join(" ").padEnd(widest)}  ${does}`).join("\n");
}

export function helpCommand(command: Command): string {
  const own = Object.entries(command.fields).filter(([name]) => name !== command.target);
  const record = command.target ? ` ${command.words[1].toUpperCase()}` : "";
  const file = own.some(([, schema]) => kindOf(schema) === "file") ? " [FILE]" : "";
  const rows = own.map(([name, schema]) => [
    `--${optionOf(name, schema)} ${placeOf(schema)}`.trim(),
    saysOf(schema, command.required.includes(name)),
  ]);
  const widest = Math.min(44, Math.max(...rows.map(([option]) => option!.length), 0));
  const options = rows.map(([option, says]) => `  ${option!.padEnd(widest)}  ${says!}`.trimEnd());
  const refusals = Object.values(command.refuses).map((sentence) => `  ${sentence}`);
  return [
    `heartwood ${command.words.join(" ")}${record}${file}${own.length > 0 ? " [--field value …]" : ""}`,
    `${command.does}\nDone by: ${command.may.join(", ")}.`,
    ...(record ? [`${record.trim()} is an identifier or what the record is called.`] : []),
    ...(options.length > 0 ? [`Fields:\n${options.join("\n")}`] : []),
    ...(refusals.length > 0 ? [`May be refused:\n${refusals.join("\n")}`] : []),
    ...(command.example ? [`Example:\n  ${exampleOf(command)}`] : []),
    houseHelp,
  ].join("\n\n");
}

const optionOf = (name: string, schema: Schema): string =>
  kindOf(schema) === "ref" && name.endsWith("Id") ? kebab(name.slice(0, -2)) : kebab(name);

const places: Readonly<Record<string, string>> = {
  money: '"12.50 EUR"',
  day: "DAY",
  boolean: "",
  integer: "NUMBER",
  number: "NUMBER",
  decimal: "NUMBER",
  file: "FILE",
  array: "… (repeat, or JSON, or @FILE.json)",
  object: "JSON or @FILE.json",
  json: "JSON or @FILE.json",
  id: "ID",
  currency: "EUR",
};

function placeOf(schema: Schema): string {
  const kind = kindOf(schema);
  if (kind === "ref") return (present(schema)["x-ref"]?.split(".")[1] ?? "record").toUpperCase();
  return places[kind] ?? "TEXT";
}

function saysOf(schema: Schema, required: boolean): string {
  const inner = present(schema);
  const options = inner.enum && kindOf(schema) === "enum" ? inner.enum.join(" | ") : "";
  const usual = schema.default ?? inner.default;
  const says = inner.description ?? schema.description ?? "";
  return [required ? "needed" : "", says, options, usual === undefined ? "" : `usually ${textOf(usual)}`].filter(Boolean).join("; ");
}

function exampleOf(command: Command): string {
  const fields = Object.entries(command.example ?? {}).filter(([name]) => name !== command.target);
  const options = fields.map(([name, value]) => `--${optionOf(name, command.fields[name] ?? {})} ${quoted(value)}`);
  return ["heartwood", ...command.words, ...(command.target ? [command.words[1].toUpperCase()] : []), ...options].join(" ");
}

function quoted(value: unknown): string {
  const isPlain = typeof value !== "object" || (value !== null && "amount" in value);
  const text = isPlain ? textOf(value) : JSON.stringify(value);
  return /^[\w.@:/+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
