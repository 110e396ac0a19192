// The reference of the API as OpenAPI 3.1, derived from the registry. The command line is driven by it too, through `x-heartwood`.
import manifest from "../../../package.json" with { type: "json" };
import { word } from "../../kernel/refusal.ts";
import { type Catalogue, type CatalogueOperation, type CatalogueRegister, wholeCatalogue } from "../operation/catalogue.ts";
import type { Registry } from "../operation/registry.ts";
import { type JsonSchema, kindOfJson, present } from "../operation/shape.ts";
import { commonPaths, commonParts } from "./openapi-common.ts";

type Json = Readonly<Record<string, unknown>>;

export interface OpenApi {
  readonly openapi: string;
  readonly info: Json;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly security: readonly Json[];
  readonly paths: Readonly<Record<string, Json>>;
  readonly components: Json;
  readonly "x-heartwood-registers": readonly RegisterEntry[];
}

export interface RegisterEntry extends CatalogueRegister {
  readonly path: string;
}

const made = new WeakMap<Registry, OpenApi>();

export function openApiOf(registry: Registry): OpenApi {
  let known = made.get(registry);
  if (!known) {
    known = build(wholeCatalogue(registry));
    made.set(registry, known);
  }
  return known;
}

/** The text of `docs/openapi.json`: the same registry always gives the same text. */
export const openApiText = (registry: Registry): string => `${JSON.stringify(openApiOf(registry), undefined, 1)}\n`;

const wishes = "Every write can be tried with `Heartwood-Dry-Run` and repeated safely with `Idempotency-Key`.";

function build(catalogue: Catalogue): OpenApi {
  const { operations, shared } = withSharedKinds(catalogue.operations);
  const rows = new Map(catalogue.registers.map((register) => [register.name, rowOf(operations, register.name)]));
  const paths: Record<string, Record<string, unknown>> = { ...commonPaths };
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: entryOf(operation, rows) };
  }
  const named = [...rows].filter((row): row is [string, JsonSchema] => row[1] !== undefined).toSorted(byName);
  return {
    openapi: "3.1.1",
    info: {
      title: "Heartwood",
      version: manifest.version,
      description: `${manifest.description} ${wishes}`,
      license: { name: manifest.license, identifier: manifest.license },
    },
    tags: [
      ...catalogue.modules.map(({ name, title }) => ({ name, description: title })),
      { name: "house", description: "The door: who am I, files, health" },
    ],
    security: [{ session: [] }, { token: [] }],
    paths: Object.fromEntries(Object.entries(paths).toSorted(byName)),
    components: { ...commonParts, schemas: { ...commonParts.schemas, ...shared, ...Object.fromEntries(named) } },
    "x-heartwood-registers": catalogue.registers.map((register) => ({
      ...register,
      path: catalogue.operations.find(({ name }) => name === `${register.name}.list`)!.path,
    })),
  };
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

const rowOf = (operations: readonly CatalogueOperation[], register: string): JsonSchema | undefined =>
  operations.find(({ name }) => name === `${register}.list`)?.output.properties?.["rows"]?.items;

/** Kinds that stand in nearly every operation are said once; `x-kind` stays beside the reference. */
const sharedKinds: Readonly<Record<string, string>> = { money: "Money", currency: "Currency" };

function withSharedKinds(operations: readonly CatalogueOperation[]): {
  operations: CatalogueOperation[];
  shared: Record<string, JsonSchema>;
} {
  const shared: Record<string, JsonSchema> = {};
  const shortened = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shortened);
    if (value === null || typeof value !== "object") return value;
    const schema = value as JsonSchema;
    const kind = schema["x-kind"];
    const name = typeof kind === "string" ? sharedKinds[kind] : undefined;
    if (!name) return Object.fromEntries(Object.entries(schema).map(([key, inner]) => [key, shortened(inner)]));
    const { description, title, default: usual, ...rest } = schema;
    shared[name] = rest;
    return {
      $ref: `#/components/schemas/${name}`,
      "x-kind": kind,
      ...(description !== undefined && { description }),
      ...(title !== undefined && { title }),
      ...(usual !== undefined && { default: usual }),
    };
  };
  const made = operations.map((operation) => ({
    ...operation,
    input: shortened(operation.input) as JsonSchema,
    output: shortened(operation.output) as JsonSchema,
  }));
  return { operations: made, shared };
}

type RowSchemas = ReadonlyMap<string, JsonSchema | undefined>;

function entryOf(operation: CatalogueOperation, rows: RowSchemas): Json {
  const { name, kind, command, idField, on, target, may, previews, emits, refuses } = operation;
  const answer = { description: "Done.", content: { "application/json": { schema: answerOf(operation, rows) } } };
  return {
    operationId: name,
    tags: [name.split(".")[0]],
    summary: operation.title,
    description: `${operation.does}\n\nDone by: ${may.join(", ")}.`,
    parameters: parametersOf(operation),
    ...(kind === "write" && { requestBody: bodyOf(operation) }),
    responses: {
      ...(name.endsWith(".create") && { 201: { ...answer, description: "Created." } }),
      // A dry run of a `create` answers with 200, as nothing came to be.
      200: { ...answer, ...(kind === "write" && { headers: { "Heartwood-Dry-Run": { $ref: "#/components/headers/DryRun" } } }) },
      ...(kind === "write" && { 202: { $ref: "#/components/responses/Waits" } }),
      ...refusalsOf(operation),
      401: { $ref: "#/components/responses/SignedOut" },
      403: { $ref: "#/components/responses/NotPermitted" },
      422: { $ref: "#/components/responses/InvalidInput" },
      default: { $ref: "#/components/responses/Problem" },
    },
    "x-heartwood": { kind, command, idField, on, target, may, previews, emits, refuses },
  };
}

function answerOf({ name, output }: CatalogueOperation, rows: RowSchemas): Json {
  const [module, subject, verb] = name.split(".");
  const register = `${module}.${subject}`;
  const row = rows.get(register);
  if (!row) return output;
  const named = { $ref: `#/components/schemas/${register}` };
  if (verb === "list") return { ...output, properties: { ...output.properties, rows: { type: "array", items: named } } };
  const can = output.properties?.["can"];
  if (verb === "get" && can && row["additionalProperties"] !== false) {
    return { allOf: [named, { type: "object", properties: { can }, required: ["can"] }] };
  }
  return output;
}

function parametersOf(operation: CatalogueOperation): Json[] {
  const { path, kind, idField, input } = operation;
  const inPath =
    path.includes("{id}") && idField ? [{ name: "id", in: "path", required: true, schema: input.properties?.[idField] ?? {} }] : [];
  const shared = [{ $ref: "#/components/parameters/Tenant" }];
  if (kind === "write") {
    const wishes = ["IdempotencyKey", "DryRun", "Reason"].map((name) => ({ $ref: `#/components/parameters/${name}` }));
    return [...inPath, ...wishes, ...shared];
  }
  const fields = Object.entries(input.properties ?? {}).filter(([name]) => inPath.length === 0 || name !== idField);
  const asked = fields.map(([name, schema]) => queryParameter(name, schema, input.required?.includes(name) ?? false));
  const asFile = operation.output.properties?.["rows"] && !input.properties?.["format"] ? [{ $ref: "#/components/parameters/Format" }] : [];
  return [...inPath, ...asked, ...asFile, ...shared];
}

function queryParameter(name: string, schema: JsonSchema, required: boolean): Json {
  const kind = kindOfJson(schema);
  const described = present(schema)["description"] ?? schema["description"];
  const common = { name, in: "query", ...(required && { required }), ...(typeof described === "string" && { description: described }) };
  if (kind === "object" && present(schema)["additionalProperties"]) return { ...common, style: "deepObject", explode: true, schema };
  if (kind === "object" || kind === "money" || kind === "json") return { ...common, content: { "application/json": { schema } } };
  return { ...common, schema };
}

function bodyOf({ path, idField, input, example }: CatalogueOperation): Json {
  const inPath = path.includes("{id}") ? idField : undefined;
  const properties = Object.fromEntries(Object.entries(input.properties ?? {}).filter(([name]) => name !== inPath));
  const required = input.required?.filter((name) => name !== inPath);
  const schema = { ...input, ...(input.properties && { properties }), ...(required && { required }) };
  const shown = example && inPath ? Object.fromEntries(Object.entries(example).filter(([name]) => name !== inPath)) : example;
  return {
    required: (required?.length ?? 0) > 0,
    content: { "application/json": { schema, ...(shown !== undefined && { example: shown }) } },
  };
}

function refusalsOf({ refuses }: CatalogueOperation): Json {
  const bodies = Object.entries(refuses).map(([code, sentence]) => {
    const status = code === "notFound" || code === "fileNotFound" ? 404 : 409;
    const title = status === 404 ? "Not found" : "Refused";
    const value = { type: `urn:heartwood:problem:${code}`, title, status, detail: word(sentence, {}), code };
    return { status, code, value };
  });
  const under = (status: number) => bodies.filter((body) => body.status === status).map(({ code, value }) => [code, { value }] as const);
  const told = (description: string, examples: Json) => ({
    description,
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" }, examples } },
  });
  const refused = under(409);
  return {
    404:
      under(404).length > 0
        ? told("There is no such record, or it is not yours to see.", Object.fromEntries(under(404)))
        : { $ref: "#/components/responses/NotFound" },
    ...(refused.length > 0 && {
      409: told("A declared no: nothing was kept. `detail` says what to do next.", Object.fromEntries(refused)),
    }),
  };
}
