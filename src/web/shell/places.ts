// What the navigation and the palette offer this person: departments with their screens, registers and reports, by area where there are
// many.
import { type Catalogue, type ModuleEntry, type OperationEntry, type RegisterEntry, moduleOf, nounOf } from "../catalogue.ts";
import { registerPath, reportPath } from "../kit/link.tsx";
import type { Screen } from "../screen.ts";
import { screens } from "../screens.ts";

export interface Place {
  readonly title: string;
  readonly to: string;
  readonly kind: "screen" | "register" | "report";
  readonly does: string;
  /** What it is about: the second word of the operation behind it. */
  readonly noun: string;
}

/** What stands together; a small department is one area without a title. */
export interface Area {
  readonly title: string | undefined;
  readonly places: readonly Place[];
  readonly begins: readonly OperationEntry[];
}

export interface Department {
  readonly name: string;
  readonly title: string;
  readonly places: readonly Place[];
  readonly areas: readonly Area[];
  /** Kept at the foot of the navigation: the house itself rather than a department's work. */
  readonly ofHouse: boolean;
}

const ofHouse = new Set(["platform", "identity"]);
const isOpen = (screen: Screen, catalogue: Catalogue): boolean => !screen.needs || catalogue.may(screen.needs);

export const openScreens = (catalogue: Catalogue, module?: string): readonly Screen[] =>
  screens.filter((screen) => (!module || screen.module === module) && isOpen(screen, catalogue));

const placeOfScreen = ({ title, path, does = "", needs = "" }: Screen): Place => ({
  title,
  to: path,
  kind: "screen",
  does,
  noun: nounOf(needs),
});

const placeOfRegister = ({ title, name, does }: RegisterEntry): Place => ({
  title,
  to: registerPath(name),
  kind: "register",
  does,
  noun: nounOf(name),
});

const placeOfReport = ({ title, name, does }: OperationEntry): Place => ({
  title,
  to: reportPath(name),
  kind: "report",
  does,
  noun: nounOf(name),
});

/** Reports that stand on their own; one that is about a record is reached from the record. */
const freeReports = (catalogue: Catalogue, module: string): readonly OperationEntry[] =>
  ofHouse.has(module) ? [] : catalogue.reports(module).filter((operation) => !operation.target);

/** What one goes to, and the writes that need no record to start from; what a screen of the navigation is for stands there alone. */
function offeredIn(catalogue: Catalogue, module: string): Omit<Area, "title"> {
  const open = openScreens(catalogue, module);
  const own = open.filter((screen) => screen.nav);
  const screened = new Set([
    ...own.flatMap(({ insteadOf }) => [insteadOf?.register, insteadOf?.operation]),
    ...open.flatMap(({ shows = [] }) => shows),
  ]);
  const isLeft = ({ name }: { readonly name: string }): boolean => !screened.has(name);
  const registers = catalogue.registers.filter((one) => moduleOf(one.name) === module && !one.inner && isLeft(one));
  const reports = freeReports(catalogue, module).filter(isLeft);
  return {
    places: [...own.map(placeOfScreen), ...registers.map(placeOfRegister), ...reports.map(placeOfReport)],
    begins: catalogue.operations.filter((one) => one.kind === "write" && !one.target && moduleOf(one.name) === module && isLeft(one)),
  };
}

/** So many places are taken in at a glance: whoever sees no more needs no areas. */
const atAGlance = 12;

/** In the order of the declaration; what belongs to no area stands first, without a title. */
function areasOf({ places, begins }: Omit<Area, "title">, { areas = [] }: Partial<ModuleEntry>): readonly Area[] {
  if (places.length <= atAGlance) return [{ title: undefined, places, begins }];
  const named = new Set(areas.flatMap((area) => area.subjects));
  const others: Area = {
    title: undefined,
    places: places.filter(({ noun }) => !named.has(noun)),
    begins: begins.filter(({ name }) => !named.has(nounOf(name))),
  };
  const titled = areas.map(({ title, subjects }): Area => {
    const place = (noun: string): number => subjects.indexOf(noun);
    // What is only read stands last.
    const isRead = ({ kind }: Place): number => Number(kind === "report");
    return {
      title,
      places: places.filter(({ noun }) => place(noun) >= 0).toSorted((a, b) => isRead(a) - isRead(b) || place(a.noun) - place(b.noun)),
      begins: begins.filter(({ name }) => place(nounOf(name)) >= 0).toSorted((a, b) => place(nounOf(a.name)) - place(nounOf(b.name))),
    };
  });
  return [others, ...titled].filter((area) => area.places.length > 0);
}

/** The departments in the order of the house, those without anything to see left out. */
export function departmentsOf(catalogue: Catalogue): readonly Department[] {
  const named = new Map<string, Partial<ModuleEntry>>(catalogue.modules.map((module) => [module.name, module]));
  for (const screen of openScreens(catalogue)) if (!named.has(screen.module)) named.set(screen.module, { title: screen.title });
  const all = [...named].map(([name, module]): Department => {
    const offered = offeredIn(catalogue, name);
    return { name, title: module.title ?? name, places: offered.places, areas: areasOf(offered, module), ofHouse: ofHouse.has(name) };
  });
  return all.filter((one) => one.places.length > 0);
}
