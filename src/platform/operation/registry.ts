// All modules put together: every operation by its name, every register, every route. Whatever is not in here does not exist.
import type { Gate } from "../funnel/gate.ts";
import type { HoldsOn, Keeping } from "./keeping.ts";
import type { LinkDoor } from "./link.ts";
import type { Module, NoticeKind, Reaction, Law, Schedule, Figure } from "./module.ts";
import type { Operation } from "./operation.ts";
import type { Register } from "./register.ts";
import { jsonSchema } from "./shape.ts";

export interface Registry {
  readonly modules: readonly Module[];
  readonly operations: ReadonlyMap<string, Operation>;
  readonly registers: ReadonlyMap<string, Register>;
  readonly roles: ReadonlyMap<string, string>;
  readonly activities: ReadonlyMap<string, string>;
  readonly reactions: readonly Reaction[];
  readonly schedules: readonly Schedule[];
  readonly laws: readonly Law[];
  readonly figures: readonly Figure[];
  readonly homes: Module["homes"];
  readonly notices: ReadonlyMap<string, NoticeKind>;
  readonly gate: Gate | undefined;
  readonly link: LinkDoor | undefined;
  readonly keeps: readonly Keeping[];
  readonly holdsOn: HoldsOn | undefined;
  /** Operations that act on a record of a register. */
  readonly actions: ReadonlyMap<string, readonly Operation[]>;
}

/** @throws Error at start when two things share a name or an operation lacks what the house asks of it. */
export function compose(modules: readonly Module[]): Registry {
  const operations = new Map<string, Operation>();
  const registers = new Map<string, Register>();
  const roles = new Map<string, string>([["owner", "Owner of the company"]]);
  for (const module of modules) {
    for (const [role, title] of Object.entries(module.roles)) roles.set(role, title);
    for (const register of module.registers) {
      addOnce(registers, register.name, register);
      addOnce(operations, register.list.name, register.list);
      addOnce(operations, register.get.name, register.get);
    }
    for (const operation of module.operations) addOnce(operations, operation.name, operation);
  }
  for (const operation of operations.values()) check(operation, roles);
  const actions = new Map<string, Operation[]>();
  for (const operation of operations.values()) {
    const subject = subjectOf(operation);
    if (operation.kind === "write" && subject) actions.set(subject, [...(actions.get(subject) ?? []), operation]);
  }
  return {
    modules,
    operations,
    registers,
    roles,
    activities: new Map(modules.flatMap((module) => Object.entries(module.activities ?? {}))),
    reactions: modules.flatMap((module) => module.reactions ?? []),
    schedules: modules.flatMap((module) => module.schedules ?? []),
    laws: modules.flatMap((module) => module.laws ?? []),
    figures: modules.flatMap((module) => module.figures ?? []),
    homes: modules.find((module) => module.homes)?.homes,
    notices: new Map(modules.flatMap((module) => Object.entries(module.notices ?? {}))),
    gate: modules.find((module) => module.gate)?.gate,
    link: modules.find((module) => module.link)?.link,
    keeps: modules.flatMap((module) => module.keeps ?? []),
    holdsOn: modules.find((module) => module.holdsOn)?.holdsOn,
    actions,
  };
}

function addOnce<T>(map: Map<string, T>, name: string, value: T): void {
  if (map.has(name)) throw new Error(`${name} is declared twice`);
  map.set(name, value);
}

function check(operation: Operation, roles: ReadonlyMap<string, string>): void {
  if (!/^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/.test(operation.name))
    throw new Error(`${operation.name} is not module.subject.verb`);
  if (operation.may.length === 0) throw new Error(`${operation.name} does not say who may`);
  for (const may of operation.may) {
    if (typeof may === "string" && may !== "anyone" && !roles.has(may))
      throw new Error(`${operation.name}: nobody declares the role ${may}`);
  }
}

/** The field that names the record an operation acts on: `deskId` for `facilities.desk.assign`. */
export function targetField(operation: Operation): string | undefined {
  const { properties = {}, required = [] } = jsonSchema(operation.input);
  const [, subject = "", verb] = operation.name.split(".");
  if (verb === "get" && "id" in properties) return "id";
  // What may be left out names no record to act on: its address could not be written without it.
  const wanted = `${operation.on ? operation.on.split(".")[1]! : subject}Id`;
  return required.includes(wanted) ? wanted : undefined;
}

/** The register whose records an operation acts on. */
export function subjectOf(operation: Operation): string | undefined {
  if (!targetField(operation)) return undefined;
  return operation.on ?? operation.name.split(".").slice(0, 2).join(".");
}
