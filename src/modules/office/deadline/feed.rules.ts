// What is due as a calendar program reads it (RFC 5545): a day as a whole day, a moment in UTC, each with a name that never changes.
import { generateIcsCalendar, type IcsEvent } from "ts-ics";
import { addDays, type Day } from "../../../kernel/day.ts";
import { instantOf, midnightOf } from "../../../kernel/instant.ts";

export interface Due {
  readonly id: string;
  readonly title: string;
  readonly due: Day;
  /** Where hours matter. */
  readonly dueAt: Date | null;
  readonly source: "deadline" | "task" | "step" | "occurrence" | "document";
  readonly rule: string | null;
  readonly person: string | null;
  readonly openedAt: Date;
}

const quarterHour = 15 * 60_000;
const sources: Readonly<Record<Due["source"], string>> = {
  deadline: "Deadline",
  task: "Task",
  step: "Step of a process",
  occurrence: "Comes round",
  document: "Document that expires",
};

/** A feed of everything due. The same dues give the same text, so that a program that has it is told nothing new. */
export function feedOf(name: string, dues: readonly Due[]): string {
  const text = generateIcsCalendar({
    version: "2.0",
    prodId: "-//Heartwood//Deadlines//EN",
    name,
    events: dues.map(eventOf),
  });
  const lines = text.replaceAll(/\r?\n[ \t]/g, "").split(/\r?\n/);
  return lines.map(folded).join("\r\n");
}

const octetsMax = 75;

/** RFC 5545, 3.1: a line has at most 75 octets, not letters, and no letter is cut in two; what goes on begins with a space. */
function folded(line: string): string {
  const parts = [""];
  let room = octetsMax;
  for (const letter of line) {
    const size = Buffer.byteLength(letter);
    if (size > room) {
      parts.push("");
      room = octetsMax - 1;
    }
    parts[parts.length - 1] += letter;
    room -= size;
  }
  return parts.join("\r\n ");
}

function eventOf(due: Due): IcsEvent {
  const described = [sources[due.source], due.rule, due.person].filter(Boolean).join(" · ");
  return {
    uid: `${due.id}@heartwood`,
    stamp: { date: due.openedAt },
    summary: due.title,
    description: described,
    timeTransparent: "TRANSPARENT",
    ...(due.dueAt
      ? { start: { date: instantOf(due.dueAt.getTime() - quarterHour) }, end: { date: due.dueAt } }
      : { start: { date: midnightOf(due.due), type: "DATE" }, end: { date: midnightOf(addDays(due.due, 1)), type: "DATE" } }),
  };
}
