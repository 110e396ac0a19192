// What the palette finds: actions and pages by their words, records by the server's search.
import { type Catalogue, moduleOf, type OperationEntry, wordsOf } from "../catalogue.ts";
import { type IconName, moduleIcon } from "../kit/icon.tsx";
import { recordPath } from "../kit/link.tsx";
import { text } from "../text.ts";
import { departmentsOf } from "./places.ts";

export interface Hit {
  readonly subject: string;
  readonly title: string;
  readonly id: string;
  readonly label: string;
}

export interface Find {
  readonly key: string;
  readonly group: string;
  readonly title: string;
  readonly hint: string;
  readonly icon: IconName;
  readonly to?: string;
  readonly operation?: string;
}

/** How well words fit a text: every word must begin some word of it, or stand in it; 0 is no fit. */
function fit(words: readonly string[], among: string): number {
  const lower = among.toLowerCase();
  const parts = lower.split(/[^\p{L}\p{N}]+/u);
  let score = 0;
  for (const word of words) {
    if (parts.some((part) => part.startsWith(word))) score += 3;
    else if (lower.includes(word)) score += 1;
    else return 0;
  }
  return score + (lower.startsWith(words[0] ?? "") ? 2 : 0);
}

function commandsOf(catalogue: Catalogue): readonly (Find & { readonly among: string; readonly weight: number })[] {
  const departments = departmentsOf(catalogue);
  const titles = new Map(catalogue.modules.map((module) => [module.name, module.title]));
  const hintOf = (operation: OperationEntry): string => titles.get(moduleOf(operation.name)) ?? moduleOf(operation.name);
  const pages = departments.flatMap((department) =>
    department.areas.flatMap(({ title: area = "", places }) =>
      places.map((place) => ({
        key: place.to,
        group: text.palette.pages,
        title: place.title,
        hint: [department.title, area].filter(Boolean).join(" · "),
        icon: place.kind === "report" ? ("report" as const) : moduleIcon(department.name),
        to: place.to,
        among: [place.title, department.title, area, ...place.to.split("?")[0]!.split("/").slice(2).map(wordsOf)].join(" "),
        weight: 1,
      })),
    ),
  );
  const actions = catalogue.operations
    .filter((operation) => operation.kind === "write")
    .map((operation) => ({
      key: operation.name,
      group: text.palette.actions,
      title: operation.title,
      hint: hintOf(operation),
      icon: "plus" as const,
      operation: operation.name,
      among: `${operation.title} ${hintOf(operation)} ${operation.command.join(" ")}`,
      // What needs no record to start from is likelier meant.
      weight: operation.target ? 0 : 0.5,
    }));
  return [...pages, ...actions];
}

const kept = new WeakMap<Catalogue, ReturnType<typeof commandsOf>>();

export function findCommands(catalogue: Catalogue, asked: string): readonly Find[] {
  let commands = kept.get(catalogue);
  if (!commands) kept.set(catalogue, (commands = commandsOf(catalogue)));
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return [...commands.filter((one) => one.to).slice(0, 6), ...commands.filter((one) => one.operation && one.weight > 0).slice(0, 6)];
  }
  return commands
    .map((one) => ({ one, score: fit(words, one.among) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score + b.one.weight - (a.score + a.one.weight))
    .slice(0, 14)
    .map(({ one }) => one);
}

export const findRecords = (catalogue: Catalogue, hits: readonly Hit[]): readonly Find[] =>
  hits
    .filter((hit) => catalogue.register(hit.subject))
    .slice(0, 10)
    .map((hit) => ({
      key: `${hit.subject}/${hit.id}`,
      group: text.palette.records,
      title: hit.label,
      hint: hit.title,
      icon: moduleIcon(moduleOf(hit.subject)),
      to: recordPath(hit.subject, hit.id),
    }));

/** Finds of one group beside one another, records first. */
export function groupsOf(records: readonly Find[], commands: readonly Find[]): readonly Find[] {
  const all = [...records, ...commands];
  const order = [...new Set(all.map((find) => find.group))];
  return order.flatMap((group) => all.filter((find) => find.group === group));
}
