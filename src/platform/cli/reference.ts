// What the house can do, as its own reference says it: `/openapi.json` with its `x-heartwood` parts, kept between two commands.
import { join } from "node:path";
import { kebab } from "./arguments.ts";
import { type Connection, fileIn, keep } from "./connection.ts";

export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly "x-kind"?: string;
  readonly "x-ref"?: string;
}

export interface Command {
  readonly name: string;
  readonly words: readonly [string, string, string];
  readonly title: string;
  readonly does: string;
  readonly kind: "read" | "write";
  readonly method: "GET" | "POST";
  readonly path: string;
  /** The field that stands in the path. */
  readonly idField: string | undefined;
  /** The field that names the record it acts on, and that record's register. */
  readonly target: string | undefined;
  readonly on: string | undefined;
  readonly may: readonly string[];
  readonly refuses: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly example: Readonly<Record<string, unknown>> | undefined;
  readonly isList: boolean;
}

export interface Column {
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly ref?: string;
}

export interface RegisterEntry {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  readonly path: string;
  readonly columns: readonly Column[];
}

export interface Reference {
  readonly modules: readonly { readonly name: string; readonly word: string; readonly title: string }[];
  readonly commands: readonly Command[];
  readonly registers: ReadonlyMap<string, RegisterEntry>;
}

interface Entry {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly "application/json": { schema: Schema; example?: Record<string, unknown> } } };
  readonly "x-heartwood"?: Pick<Command, "kind" | "idField" | "target" | "on" | "may" | "refuses"> & { command: [string, string, string] };
}

interface Parameter {
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Document {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
  readonly "x-heartwood-registers": readonly RegisterEntry[];
}

/** Fetched once; afterwards only asked whether it is still the same. */
export async function referenceOf(connection: Connection): Promise<Reference> {
  const file = join(connection.folder, "cli-reference.json");
  const known = fileIn<{ url: string; tag: string; document: Document }>(file);
  const mine = known?.url === connection.url ? known : undefined;
  const response = await connection.send({ method: "GET", path: "/openapi.json", ...(mine && { headers: { "if-none-match": mine.tag } }) });
  if (mine && response.status === 304) return read(mine.document);
  const document = (await response.json()) as Document;
  await keep(file, { url: connection.url, tag: response.headers.get("etag") ?? "", document });
  return read(document);
}

function read(document: Document): Reference {
  const commands = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, entry]) => (entry["x-heartwood"] ? [commandOf(path, method, entry)] : [])),
  );
  const used = new Set(commands.map(({ words }) => words[0]));
  return {
    commands,
    modules: document.tags
      .map(({ name, description }) => ({ name, word: kebab(name), title: description }))
      .filter(({ word }) => used.has(word)),
    registers: new Map(document["x-heartwood-registers"].map((register) => [register.name, register])),
  };
}

function commandOf(path: string, method: string, entry: Entry): Command {
  const { kind, idField, target, on, may, refuses, command } = entry["x-heartwood"]!;
  const body = entry.requestBody?.content["application/json"];
  const inPath = entry.parameters?.find((parameter) => parameter.in === "path")?.schema;
  const asked = (entry.parameters ?? []).filter((parameter) => parameter.in === "query" && parameter.name !== undefined);
  const fields: Record<string, Schema> = { ...(idField && inPath && { [idField]: inPath }), ...body?.schema.properties };
  for (const { name, schema, content, description } of asked) {
    const own = schema ?? content?.["application/json"]?.schema ?? {};
    fields[name!] = description && !own.description ? { ...own, description } : own;
  }
  const required = [
    ...(idField && inPath ? [idField] : []),
    ...(body?.schema.required ?? []),
    ...asked.filter((parameter) => parameter.required).map((parameter) => parameter.name!),
  ];
  const does = entry.description.split("\n\nDone by:")[0]!;
  return {
    name: entry.operationId,
    words: command,
    title: entry.summary,
    does,
    kind,
    method: method.toUpperCase() as "GET" | "POST",
    path,
    idField,
    target,
    on,
    may,
    refuses,
    fields,
    required,
    example: body?.example,
    isList: entry.operationId.endsWith(".list") && "cursor" in fields,
  };
}

/** The part of a schema that is not null, and its kind of field. */
export function present(schema: Schema): Schema {
  const choices = schema.anyOf?.filter((choice) => choice.type !== "null");
  return choices?.length === 1 ? choices[0]! : schema;
}

export const isNullable = (schema: Schema): boolean => schema.anyOf?.some((choice) => choice.type === "null") ?? false;

export function kindOf(schema: Schema): string {
  const inner = present(schema);
  if (inner["x-kind"]) return inner["x-kind"];
  if (inner.enum) return "enum";
  if (inner.type === "string") return "text";
  return typeof inner.type === "string" ? inner.type : "json";
}
