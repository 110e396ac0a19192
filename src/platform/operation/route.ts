// Where an operation lives on the wire and on the command line, by convention from its name.
import type { Operation } from "./operation.ts";
import { targetField } from "./registry.ts";

export interface Route {
  readonly method: "GET" | "POST";
  /** With `{id}` where the record's identifier stands: `/api/v1/facilities/desks/{id}/assign`. */
  readonly path: string;
  /** The input field that `{id}` stands for. */
  readonly idField: string | undefined;
  /** The words of the command: `["facilities", "desk", "assign"]`. */
  readonly command: readonly [string, string, string];
}

export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export function plural(word: string): string {
  if (/(s|x|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

export function routeOf(operation: Operation): Route {
  const [module, subject, verb] = operation.name.split(".") as [string, string, string];
  const command = [kebab(module), kebab(subject), kebab(verb)] as const;
  const root = `/api/v1/${command[0]}`;
  const idField = targetField(operation);
  const method = operation.kind === "read" ? "GET" : "POST";
  if (verb === "list" || verb === "create") return { method, path: `${root}/${plural(command[1])}`, idField: undefined, command };
  if (verb === "get") {
    // A report has no identifier: there is one of it, seen as of a day.
    const path = idField ? `${root}/${plural(command[1])}/{id}` : `${root}/${command[1]}`;
    return { method, path, idField, command };
  }
  // A record of another register is named in the input; only a record of the operation's own subject stands in the path.
  const own = idField === `${subject}Id` ? idField : undefined;
  return { method, path: `${root}/${plural(command[1])}${own ? "/{id}" : ""}/${command[2]}`, idField: own, command };
}
