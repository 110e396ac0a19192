// The table of contents this person gets from the server: departments, registers and operations. Everything derived on screen
// is read from here at run time, so that a new operation needs no change of the browser.

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly (string | number)[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly "x-kind"?: string;
  readonly "x-ref"?: string;
  /** What a new form begins with. */
  readonly "x-start"?: "now" | boolean | FirstOf;
}

/** The first record of the register that the field refers to, of these and in this order. */
export interface FirstOf {
  readonly filter?: Readonly<Record<string, string>>;
  readonly sort?: string;
}

export interface OperationEntry {
  readonly name: string;
  readonly title: string;
  readonly does: string;
  readonly kind: "read" | "write";
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly idField?: string | null;
  readonly command: readonly string[];
  /** The register whose records it acts on. */
  readonly on?: string | null;
  /** The input field that names the record it acts on. */
  readonly target?: string | null;
  readonly previews?: boolean;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly refuses?: Readonly<Record<string, string>>;
  readonly example?: unknown;
  readonly emits?: readonly string[];
  /** Who may, in words. */
  readonly may: readonly string[];
}

export interface ColumnEntry {
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly ref?: string | null;
  readonly options?: readonly string[] | null;
  readonly nullable?: boolean;
}

export interface RegisterEntry {
  readonly name: string;
  readonly title: string;
  readonly does: string;
  readonly label: string;
  readonly inner: boolean;
  readonly dated: boolean;
  readonly searchable: boolean;
  readonly totals?: readonly string[];
  readonly columns: readonly ColumnEntry[];
}

export interface ModuleEntry {
  readonly name: string;
  readonly title: string;
  /** What of it stands together; none where a department is small. */
  readonly areas: readonly { readonly title: string; readonly subjects: readonly string[] }[];
}

interface CatalogueDocument {
  readonly modules: readonly ModuleEntry[];
  readonly operations: readonly OperationEntry[];
  readonly registers: readonly RegisterEntry[];
  readonly roles: Readonly<Record<string, string>>;
  /** What is told by a name is called: departments, kinds of work, and processes as `process.hire`. */
  readonly titles: Readonly<Record<string, string>>;
}

export interface Catalogue extends CatalogueDocument {
  operation(name: string): OperationEntry | undefined;
  register(name: string): RegisterEntry | undefined;
  /** Whether this person may run the operation at all. */
  may(name: string): boolean;
  /** Writes of a register's subject that need no record to start from: what its "New" button offers. */
  creating(register: string): readonly OperationEntry[];
  /** Reads about one record of the register, other than `get`: its reports. */
  viewing(register: string): readonly OperationEntry[];
  /** Registers with a column that points at this one. */
  pointingAt(register: string): readonly { register: RegisterEntry; column: ColumnEntry }[];
  /** Reads that are neither list nor get of a register. */
  reports(module: string): readonly OperationEntry[];
}

export const subjectOf = (name: string): string => name.split(".").slice(0, 2).join(".");
export const nounOf = (name: string): string => name.split(".")[1] ?? "";
export const verbOf = (name: string): string => name.split(".")[2] ?? "";
export const moduleOf = (name: string): string => name.split(".")[0] ?? "";

/** Whether it takes something away: shown in red, never as the main button. */
export const isGrave = (operation: string): boolean => graveVerbs.some((verb) => new RegExp(`^${verb}([A-Z]|$)`).test(verbOf(operation)));

const graveVerbs =
  "remove delete void revoke reverse cancel reject decline terminate end disable dispose writeOff retire withdraw rescind close".split(" ");

/** A column whose kind the catalogue leaves open has the kind of its field in the record; a reference is called by what it points at. */
function withKinds(register: RegisterEntry, get: OperationEntry | undefined): RegisterEntry {
  const fields = get?.output.properties ?? {};
  const columns = register.columns.map((column) => {
    const field = fields[column.name];
    if (column.kind === "ref" || column.kind === "file") return { ...column, title: column.title.replace(/ id$/, "") };
    if (column.kind !== "json" || !field) return column;
    return { ...column, kind: kindOf(field), options: column.options ?? present(field).enum?.map(String), nullable: isNullable(field) };
  });
  return { ...register, columns };
}

export function readCatalogue(document: CatalogueDocument): Catalogue {
  const operations = new Map(document.operations.map((one) => [one.name, one]));
  const listed = document.registers.filter((one) => operations.has(`${one.name}.list`));
  const registers = new Map(listed.map((one) => [one.name, withKinds(one, operations.get(`${one.name}.get`))]));
  const isOfRegister = (one: OperationEntry): boolean =>
    registers.has(subjectOf(one.name)) && (verbOf(one.name) === "list" || verbOf(one.name) === "get");
  return {
    ...document,
    registers: [...registers.values()],
    operation: (name) => operations.get(name),
    register: (name) => registers.get(name),
    may: (name) => operations.has(name),
    creating: (register) => document.operations.filter((one) => one.kind === "write" && !one.target && subjectOf(one.name) === register),
    viewing: (register) =>
      document.operations.filter((one) => one.kind === "read" && one.target && one.on === register && !isOfRegister(one)),
    pointingAt: (register) =>
      [...registers.values()].flatMap((one) =>
        one.columns.filter((column) => column.ref === register && column.name !== "id").map((column) => ({ register: one, column })),
      ),
    reports: (module) => document.operations.filter((one) => one.kind === "read" && moduleOf(one.name) === module && !isOfRegister(one)),
  };
}

/** The part of a nullable schema that is not null: `anyOf` with null, or `type` as a list with "null". */
export function present(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.type)) {
    const types = (schema.type as readonly string[]).filter((one) => one !== "null");
    return { ...schema, type: types.length === 1 ? types[0] : types };
  }
  const choices = schema.anyOf?.filter((choice) => choice.type !== "null");
  if (choices?.length !== 1) return schema;
  const { anyOf: _, ...around } = schema;
  return { ...choices[0]!, ...around };
}

export const isNullable = (schema: JsonSchema): boolean =>
  (Array.isArray(schema.type) && schema.type.includes("null")) || (schema.anyOf?.some((choice) => choice.type === "null") ?? false);

/** `money`, `day`, `ref`, `enum`, `text`, `integer`, `boolean`, `array`, `object` …: which control it wants. */
export function kindOf(schema: JsonSchema): string {
  const inner = present(schema);
  if (typeof inner["x-kind"] === "string") return inner["x-kind"];
  if (inner.enum) return "enum";
  if (inner.const !== undefined) return "const";
  if (inner.type === "string") return "text";
  return typeof inner.type === "string" ? inner.type : "json";
}

/** A field's or column's name in words: `dueDay` is "Due day", `personId` is "Person". */
export function wordsOf(name: string): string {
  const bare = name.length > 2 && /[a-z]Ids?$/.test(name) ? name.replace(/Id(s?)$/, "$1") : name;
  const spaced = bare
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .trim();
  const lower = spaced.replace(/\b[A-Z][a-z]+/g, (word) => word.toLowerCase());
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/** A field's title: the schema's own, else its name in words. */
export const titleOf = (name: string, schema: JsonSchema): string => schema.title ?? present(schema).title ?? wordsOf(name);
