// Every operation and every list says what the house asks of it, and is there on every face.
import { describe, expect, test } from "vitest";
import { openApiOf } from "../../src/platform/http/openapi.ts";
import { toolOf } from "../../src/platform/mcp/tool.ts";
import { wholeCatalogue } from "../../src/platform/operation/catalogue.ts";
import type { Operation } from "../../src/platform/operation/operation.ts";
import { targetField } from "../../src/platform/operation/registry.ts";
import { routeOf } from "../../src/platform/operation/route.ts";
import { type JsonSchema, jsonSchema } from "../../src/platform/operation/shape.ts";
import { registry } from "../../src/registry.ts";

const operations = [...registry.operations.values()];
const registers = [...registry.registers.values()];
const isDerived = ({ name }: Operation): boolean => /\.(list|get)$/.test(name);
const namesOf = (found: readonly Operation[]): string[] => found.map(({ name }) => name);

describe("an operation", () => {
  test("has a title that is not a sentence", () => {
    expect(namesOf(operations.filter(({ title }) => !/^\p{Lu}.*[^.!?]$/u.test(title)))).toEqual([]);
  });

  test("says in a sentence what it does", () => {
    expect(namesOf(operations.filter(({ does }) => !/^\p{Lu}[^]*\.$/u.test(does.trim())))).toEqual([]);
  });

  test("is named department, subject, verb, and its department exists", () => {
    const departments = new Set([...registry.modules.map(({ name }) => name), "process"]);
    const lawful = /^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/;
    expect(namesOf(operations.filter(({ name }) => !lawful.test(name) || !departments.has(name.split(".")[0]!)))).toEqual([]);
  });

  test("says who may", () => {
    expect(namesOf(operations.filter(({ may }) => may.length === 0))).toEqual([]);
    const roles = new Set([...registry.roles.keys(), "anyone"]);
    expect(namesOf(operations.filter(({ may }) => may.some((one) => typeof one === "string" && !roles.has(one))))).toEqual([]);
  });

  test("words each refusal as a plain state with a sentence that says more", () => {
    const broken = operations.flatMap((operation) =>
      Object.entries(operation.refuses ?? {})
        .filter(([code, sentence]) => !/^[a-z][a-zA-Z]*$/.test(code) || !/^[\p{Lu}{][^]*[.?}\]a-z0-9-]$/u.test(sentence))
        .map(([code]) => `${operation.name} ${code}`),
    );
    expect(broken).toEqual([]);
  });

  test("refuses what its constraints stand behind", () => {
    const broken = operations.filter(({ constraints, refuses }) => Object.values(constraints ?? {}).some((code) => !refuses?.[code]));
    expect(namesOf(broken)).toEqual([]);
  });

  test("gives an example that its own schema takes", () => {
    const broken = operations.filter(({ example, input }) => example !== undefined && !input.safeParse(example).success);
    expect(namesOf(broken)).toEqual([]);
  });

  test("takes no unknown field", () => {
    expect(namesOf(operations.filter(({ input }) => jsonSchema(input)["additionalProperties"] !== false))).toEqual([]);
  });

  test("never takes tenant or author from its input", () => {
    const given = /^(tenantId|actorId|userId|createdBy|createdAt)$/;
    expect(
      namesOf(operations.filter(({ input }) => Object.keys(jsonSchema(input).properties ?? {}).some((field) => given.test(field)))),
    ).toEqual([]);
  });

  test("acts on records of a list that exists", () => {
    expect(namesOf(operations.filter((one) => one.on !== undefined && !registry.registers.has(one.on)))).toEqual([]);
    expect(namesOf(operations.filter((one) => one.on !== undefined && targetField(one) === undefined))).toEqual([]);
    expect(namesOf(operations.filter((one) => one.when !== undefined && targetField(one) === undefined))).toEqual([]);
  });

  test("tells events as what has happened", () => {
    const broken = operations.flatMap(({ name, emits }) =>
      (emits ?? []).filter((event) => !/^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/.test(event)).map((event) => `${name} ${event}`),
    );
    expect(broken).toEqual([]);
  });

  test("refers only to lists that exist", () => {
    const broken = operations.flatMap(({ name, input, output }) =>
      [...refsIn(jsonSchema(input)), ...refsIn(jsonSchema(output))]
        .filter((ref) => !registry.registers.has(ref))
        .map((ref) => `${name} → ${ref}`),
    );
    expect([...new Set(broken)]).toEqual([]);
  });
});

function refsIn(schema: JsonSchema): string[] {
  return (
    JSON.stringify(schema)
      .match(/"x-ref":"([^"]+)"/g)
      ?.map((found) => found.slice(9, -1)) ?? []
  );
}

describe("a list", () => {
  test("has an identifier and the columns it is called, sorted and searched by", () => {
    const broken = registers.filter(({ row, label }) => !("id" in row.shape) || !(label in row.shape));
    expect(broken.map(({ name }) => name)).toEqual([]);
  });

  test("is called by words for people", () => {
    expect(registers.filter(({ title }) => !/^\p{Lu}.*[^.]$/u.test(title)).map(({ name }) => name)).toEqual([]);
  });

  test("shows a name beside each reference to a person", () => {
    const broken = registers.flatMap(({ name, row }) =>
      Object.entries(jsonSchema(row).properties ?? {})
        .filter(([column, schema]) => JSON.stringify(schema).includes('"x-ref":"directory.person"') && column.endsWith("Id"))
        .filter(([column]) => !(column.slice(0, -2) in row.shape) && !("label" in row.shape) && !("name" in row.shape))
        .map(([column]) => `${name} ${column}`),
    );
    expect(broken).toEqual([]);
  });
});

describe("a department", () => {
  /** What one goes to without a record in hand: lists, reports, and what can be begun. */
  const offered = (module: string): string[] => {
    const shown = registers.filter(({ inner }) => !inner).map(({ name }) => name);
    const others = operations.filter((one) => !targetField(one) && !isDerived(one)).map(({ name }) => name);
    return [...new Set([...shown, ...others].filter((name) => name.startsWith(`${module}.`)).map((name) => name.split(".")[1]!))];
  };

  test("with more than a glance takes in has areas, and each of its subjects stands in one", () => {
    for (const { name, areas = [] } of registry.modules.filter((module) => offered(module.name).length > 25 || module.areas)) {
      const named = areas.flatMap(({ subjects }) => subjects);
      expect(repeated(named)).toEqual([]);
      expect(offered(name).filter((noun) => !named.includes(noun))).toEqual([]);
      const known = new Set(operations.filter((one) => one.name.startsWith(`${name}.`)).map((one) => one.name.split(".")[1]));
      expect(named.filter((noun) => !known.has(noun))).toEqual([]);
    }
  });
});

describe("what happens by itself", () => {
  test("listens to events that somebody tells", () => {
    const told = new Set(operations.flatMap(({ emits }) => emits ?? []));
    const deaf = registry.reactions.map(({ to }) => to).filter((event) => event !== "*" && !told.has(event));
    expect([...new Set(deaf)]).toEqual([]);
  });

  test("comes round at a time that can be read, under a name of its own", () => {
    const field = /^(\*|\d+)(-\d+)?(\/\d+)?(,\d+(-\d+)?)*$/;
    expect(
      registry.schedules.filter(({ cron }) => cron.split(" ").length !== 5 || !cron.split(" ").every((part) => field.test(part))),
    ).toEqual([]);
    expect(repeated(registry.schedules.map(({ name }) => name))).toEqual([]);
  });

  test("laws and figures have names of their own and say what they are", () => {
    expect(repeated([...registry.laws, ...registry.figures].map(({ name }) => name))).toEqual([]);
    expect(registry.laws.filter(({ says }) => !says.trim().endsWith(".")).map(({ name }) => name)).toEqual([]);
    const roles = new Set([...registry.roles.keys(), "anyone"]);
    expect(registry.figures.filter((figure) => figure.roles.some((role) => !roles.has(role))).map(({ name }) => name)).toEqual([]);
  });
});

const repeated = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

describe("every face", () => {
  test("has one address for each operation", () => {
    expect(repeated(operations.map(routeOf).map(({ method, path }) => `${method} ${path}`))).toEqual([]);
    const shapes = operations.map(routeOf).map(({ method, path }) => `${method} ${path.replace(/\{[^}]+\}/g, "*")}`);
    expect(repeated(shapes)).toEqual([]);
  });

  test("has one command for each operation", () => {
    const words = operations.map((one) => routeOf(one).command);
    expect(words.filter((command) => command.some((word) => !/^[a-z]+(-[a-z]+)*$/.test(word)))).toEqual([]);
    expect(repeated(words.map((command) => command.join(" ")))).toEqual([]);
  });

  test("has every operation in OpenAPI, with each of its refusals", () => {
    const { paths } = openApiOf(registry);
    const missing = operations.filter((operation) => {
      const { method, path } = routeOf(operation);
      const entry = (paths[path] as Record<string, { operationId?: string }> | undefined)?.[method.toLowerCase()];
      return entry?.operationId !== operation.name;
    });
    expect(namesOf(missing)).toEqual([]);
    const text = JSON.stringify(paths);
    expect(operations.flatMap(({ refuses }) => Object.keys(refuses ?? {})).filter((code) => !text.includes(`"${code}"`))).toEqual([]);
  });

  test("has every operation and list in the catalogue of screens", () => {
    const catalogue = wholeCatalogue(registry);
    expect(new Set(catalogue.operations.map(({ name }) => name))).toEqual(new Set(registry.operations.keys()));
    expect(new Set(catalogue.registers.map(({ name }) => name))).toEqual(new Set(registry.registers.keys()));
  });

  test("has a tool for each operation, whose name an agent may use", () => {
    const tools = wholeCatalogue(registry).operations.map(toolOf);
    expect(repeated(tools.map(({ name }) => name))).toEqual([]);
    expect(tools.filter(({ name }) => !/^[A-Za-z0-9_-]{1,64}$/.test(name)).map(({ name }) => name)).toEqual([]);
    expect(tools.filter(({ inputSchema }) => inputSchema.type !== "object").map(({ name }) => name)).toEqual([]);
  });
});

test("how much there is", () => {
  const own = operations.filter((one) => !isDerived(one));
  console.log(
    `${operations.length} operations (${own.length} declared, the rest from ${registers.length} lists), ${registry.laws.length} laws`,
  );
  expect(own.length).toBeGreaterThan(0);
});
