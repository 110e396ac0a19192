// Which columns a register shows before anyone chose: its name, its state, whom and when it concerns, what it comes to. Pure.
import { type ColumnEntry, type RegisterEntry } from "../catalogue.ts";
import { isState, refNamedBy, shownColumns, siblingOf } from "./columns.tsx";

const most = 7;
const mostAmounts = 2;
const mostReferences = 2;
const telling = /^(open|total|amount|balance|gross|cost|price|value)/i;

const isReference = (column: ColumnEntry, register: RegisterEntry): boolean =>
  !siblingOf(column, register.columns) && (column.kind === "ref" || refNamedBy(column, register.columns) !== undefined);

function worthOf(column: ColumnEntry, register: RegisterEntry): number {
  if (column.name === register.label) return 100;
  if (isState(column)) return 90;
  if (column.kind === "money") return telling.test(column.name) ? 85 : 72;
  if (column.kind === "day") return 75;
  if (isReference(column, register))
    return register.columns.filter((one) => isReference(one, register)).indexOf(column) < mostReferences ? 70 : 20;
  if (column.kind === "enum" || column.kind === "text") return 60;
  if (column.kind === "longText" || column.kind === "file" || column.kind === "array") return 5;
  if (/(Subject|Id|hash|key)$/i.test(column.name)) return 0;
  return column.kind === "instant" ? 45 : 50;
}

/** Names of the columns, the state beside the label, the others in the order of the register. */
export function usualOf(register: RegisterEntry): readonly string[] {
  const shown = shownColumns(register.columns);
  const ranked = shown
    .map((column, index) => ({ column, index, worth: worthOf(column, register) }))
    .filter((one) => one.worth > 0)
    .toSorted((a, b) => b.worth - a.worth || a.index - b.index);
  let amounts = 0;
  const chosen = ranked.filter(({ column }) => column.kind !== "money" || ++amounts <= mostAmounts).slice(0, most);
  const names = new Set(chosen.map(({ column }) => column.name));
  const state = shown.find((column) => isState(column) && names.has(column.name))?.name;
  const others = shown.map((column) => column.name).filter((name) => names.has(name) && name !== register.label && name !== state);
  return [...(names.has(register.label) ? [register.label] : []), ...(state ? [state] : []), ...others];
}
