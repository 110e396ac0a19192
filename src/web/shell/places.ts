// What the navigation and the palette offer this person: departments with their screens, registers and reports.
import { type Catalogue, type OperationEntry, type RegisterEntry, moduleOf } from "../catalogue.ts";
import { registerPath, reportPath } from "../kit/link.tsx";
import type { Screen } from "../screen.ts";
import { screens } from "../screens.ts";

export interface Place {
  readonly title: string;
  readonly to: string;
  readonly kind: "screen" | "register" | "report";
  readonly does: string;
}

export interface Department {
  readonly name: string;
  readonly title: string;
  readonly places: readonly Place[];
  /** Kept at the foot of the navigation: the house itself rather than a department's work. */
  readonly ofHouse: boolean;
}

const ofHouse = new Set(["platform", "identity"]);
const isOpen = (screen: Screen, catalogue: Catalogue): boolean => !screen.needs || catalogue.may(screen.needs);

export const openScreens = (catalogue: Catalogue, module?: string): readonly Screen[] =>
  screens.filter((screen) => (!module || screen.module === module) && isOpen(screen, catalogue));

const placeOfRegister = (register: RegisterEntry): Place => ({
  title: register.title,
  to: registerPath(register.name),
  kind: "register",
  does: register.does,
});

const placeOfReport = (operation: OperationEntry): Place => ({
  title: operation.title,
  to: reportPath(operation.name),
  kind: "report",
  does: operation.does,
});

/** Reports that stand on their own; one that is about a record is reached from the record. */
const freeReports = (catalogue: Catalogue, module: string): readonly OperationEntry[] =>
  ofHouse.has(module) ? [] : catalogue.reports(module).filter((operation) => !operation.target);

function placesOf(catalogue: Catalogue, module: string): readonly Place[] {
  const own = openScreens(catalogue, module).filter((screen) => screen.nav);
  const replaced = new Set(own.flatMap((screen) => [screen.insteadOf?.register, screen.insteadOf?.operation]));
  const made = own.map((screen): Place => ({ title: screen.title, to: screen.path, kind: "screen", does: screen.does ?? "" }));
  const registers = catalogue.registers.filter((one) => moduleOf(one.name) === module && !one.inner && !replaced.has(one.name));
  const reports = freeReports(catalogue, module).filter((one) => !replaced.has(one.name));
  return [...made, ...registers.map(placeOfRegister), ...reports.map(placeOfReport)];
}

/** The departments in the order of the house, those without anything to see left out. */
export function departmentsOf(catalogue: Catalogue): readonly Department[] {
  const named = new Map(catalogue.modules.map((module) => [module.name, module.title]));
  for (const screen of openScreens(catalogue)) if (!named.has(screen.module)) named.set(screen.module, screen.title);
  const all = [...named].map(([name, title]) => ({ name, title, places: placesOf(catalogue, name), ofHouse: ofHouse.has(name) }));
  return all.filter((one) => one.places.length > 0);
}
