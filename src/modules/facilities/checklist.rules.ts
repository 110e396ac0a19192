// A checklist: what is looked at, of which sort, and whether an answer is as it should be. Pure.

export const itemKinds = ["yesNo", "number", "text", "photo"] as const;
export type ItemKind = (typeof itemKinds)[number];

export interface Item {
  readonly kind: ItemKind;
  readonly minimum: number | null;
  readonly maximum: number | null;
}

export interface Answer {
  readonly yes?: boolean;
  readonly number?: number;
  readonly text?: string;
  readonly fileId?: string;
}

const fieldOf = { yesNo: "yes", number: "number", text: "text", photo: "fileId" } as const;

/** Whether the answer is of the item's sort, and of that alone. */
export function fits(item: Item, answer: Answer): boolean {
  const given = Object.entries(answer).filter(([, value]) => value !== undefined);
  return given.length === 1 && given[0]![0] === fieldOf[item.kind];
}

/** A no, or a number out of its bounds, is not fine. */
export function isFine(item: Item, answer: Answer): boolean {
  if (item.kind === "yesNo") return answer.yes === true;
  if (item.kind !== "number") return true;
  const number = answer.number!;
  return (item.minimum === null || number >= item.minimum) && (item.maximum === null || number <= item.maximum);
}
