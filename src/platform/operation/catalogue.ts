// The catalogue: everything a person may run and look through, described so that a screen, a command or an agent can be made from it.
import { mayAtAll } from "../funnel/permission.ts";
import type { Actor } from "./context.ts";
import type { Area, Module } from "./module.ts";
import type { Operation } from "./operation.ts";
import type { Register } from "./register.ts";
import { type Registry, subjectOf, targetField } from "./registry.ts";
import { type Route, routeOf } from "./route.ts";
import { type JsonSchema, jsonSchema, kindOfJson, present, isNullable } from "./shape.ts";

export interface CatalogueOperation extends Route {
  readonly name: string;
  readonly title: string;
  readonly does: string;
  readonly kind: "read" | "write";
  /** The register whose records it acts on. */
  readonly on: string | undefined;
  /** The input field that names that record. */
  readonly target: string | undefined;
  readonly previews: boolean;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly refuses: Readonly<Record<string, string>>;
  readonly example: unknown;
  readonly emits: readonly string[];
  /** Who may, in words. */
  readonly may: readonly string[];
}

export interface CatalogueColumn {
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly ref?: string;
  readonly options?: readonly string[];
  readonly nullable: boolean;
}

export interface CatalogueRegister {
  readonly name: string;
  readonly title: string;
  readonly does: string;
  readonly label: string;
  readonly inner: boolean;
  readonly dated: boolean;
  readonly searchable: boolean;
  readonly columns: readonly CatalogueColumn[];
}

export interface CatalogueModule {
  readonly name: string;
  readonly title: string;
  readonly areas: readonly Area[];
}

export interface Catalogue {
  readonly modules: readonly CatalogueModule[];
  readonly operations: readonly CatalogueOperation[];
  readonly registers: readonly CatalogueRegister[];
  readonly roles: Readonly<Record<string, string>>;
  /** What is told by a name is called: departments, kinds of work, and processes as `process.hire`. */
  readonly titles: Readonly<Record<string, string>>;
}

/** What this person may run. The same roles give the same object, so that it can be kept and tagged. */
export function catalogueFor(registry: Registry, actor: Actor): Catalogue {
  const parts = partsOf(registry);
  // Whether something is in the catalogue follows from the names of the roles alone; see `mayAtAll`.
  const roles = actor.kind === "system" ? "*" : [...new Set(actor.grants.map((grant) => grant.role))].toSorted().join(" ");
  let known = parts.byRoles.get(roles);
  if (!known) {
    if (parts.byRoles.size >= mostKept) parts.byRoles.delete(parts.byRoles.keys().next().value!);
    known = select(parts, (operation) => mayAtAll(actor, operation));
    parts.byRoles.set(roles, known);
  }
  return known;
}

/** Everything there is, whoever asks: for the reference. */
export const wholeCatalogue = (registry: Registry): Catalogue => partsOf(registry).whole;

/** `firstDay` as a column heading: "First day". */
export const wordsOf = (name: string): string => {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const titlesIn = ({ name, title, activities = {}, processes = {} }: Module): (readonly [string, string])[] => [
  [name, title],
  ...Object.entries(activities),
  ...Object.entries(processes).map(([process, called]) => [`process.${process}`, called] as const),
];

interface Parts {
  readonly registry: Registry;
  readonly whole: Catalogue;
  readonly byRoles: Map<string, Catalogue>;
}

const mostKept = 200;
const made = new WeakMap<Registry, Parts>();

function partsOf(registry: Registry): Parts {
  let parts = made.get(registry);
  if (!parts) {
    const whole: Catalogue = {
      modules: registry.modules.map(({ name, title, areas = [] }) => ({ name, title, areas })),
      operations: [...registry.operations.values()].map((operation) => described(operation, registry)),
      registers: [...registry.registers.values()].map(describedRegister),
      roles: Object.fromEntries(registry.roles),
      titles: Object.fromEntries(registry.modules.flatMap(titlesIn)),
    };
    parts = { registry, whole, byRoles: new Map() };
    made.set(registry, parts);
  }
  return parts;
}

function select({ registry, whole }: Parts, allowed: (operation: Operation) => boolean): Catalogue {
  const operations = whole.operations.filter(({ name }) => allowed(registry.operations.get(name)!));
  const names = new Set(operations.map(({ name }) => name));
  const modules = new Set(operations.map(({ name }) => name.split(".")[0]!));
  return {
    modules: whole.modules.filter(({ name }) => modules.has(name)),
    operations,
    registers: whole.registers.filter(({ name }) => names.has(`${name}.list`)),
    roles: whole.roles,
    titles: whole.titles,
  };
}

function described(operation: Operation, registry: Registry): CatalogueOperation {
  return {
    name: operation.name,
    title: operation.title,
    does: operation.does,
    kind: operation.kind,
    ...routeOf(operation),
    on: subjectOf(operation),
    target: targetField(operation),
    previews: operation.previews ?? false,
    input: jsonSchema(operation.input),
    output: jsonSchema(operation.output),
    refuses: operation.refuses ?? {},
    example: operation.example,
    emits: operation.emits ?? [],
    may: operation.may.map((may) => {
      if (typeof may !== "string") return may.says;
      return may === "anyone" ? "everyone in the company" : (registry.roles.get(may) ?? may);
    }),
  };
}

function describedRegister(register: Register): CatalogueRegister {
  const { name, title, label, inner, dated, searchable } = register;
  const columns = Object.entries(jsonSchema(register.row).properties ?? {}).map(([column, schema]) => describedColumn(column, schema));
  return { name, title, does: register.list.does, label, inner, dated, searchable, columns };
}

export function describedColumn(name: string, schema: JsonSchema): CatalogueColumn {
  const inner = present(schema);
  const title = inner["title"] ?? schema["title"];
  return {
    name,
    title: typeof title === "string" ? title : wordsOf(name),
    kind: kindOfJson(schema),
    ...(typeof inner["x-ref"] === "string" && { ref: inner["x-ref"] }),
    ...(Array.isArray(inner["enum"]) && { options: inner["enum"].map(String) }),
    nullable: isNullable(schema),
  };
}
