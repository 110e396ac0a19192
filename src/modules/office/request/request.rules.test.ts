// The life of a request as a table: every state, every deed.
import { expect, test } from "vitest";
import {
  type Deed,
  isActive,
  type Level,
  levels,
  priorityOf,
  requestNumber,
  type RequestState,
  requestStates,
  stateAfter,
  stateAfterReply,
} from "./request.rules.ts";

// Rows: from which state each deed may be done, and where it leads.
const deeds: readonly (readonly [Deed, readonly RequestState[], RequestState])[] = [
  ["begin", ["new"], "open"],
  ["ask", ["new", "open", "waitingForOther"], "waitingForRequester"],
  ["wait", ["new", "open", "waitingForRequester"], "waitingForOther"],
  ["resume", ["waitingForRequester", "waitingForOther"], "open"],
  ["solve", ["new", "open", "waitingForRequester", "waitingForOther"], "solved"],
  ["close", ["solved"], "closed"],
  ["reopen", ["solved", "closed"], "open"],
  ["cancel", ["new", "open", "waitingForRequester", "waitingForOther"], "cancelled"],
  ["merge", ["new", "open", "waitingForRequester", "waitingForOther"], "closed"],
];

test.each(deeds)("%s is done from its states only and leads to one", (deed, from, to) => {
  for (const state of requestStates) expect([state, stateAfter(state, deed)]).toEqual([state, from.includes(state) ? to : undefined]);
});

test("what is cancelled stays cancelled, and from everywhere else an end can be reached", () => {
  expect(deeds.some(([deed]) => stateAfter("cancelled", deed) !== undefined)).toBe(false);
  const ends = new Set<RequestState>(["closed", "cancelled"]);
  for (const start of requestStates) {
    const seen = new Set<RequestState>([start]);
    for (const state of seen) for (const [deed] of deeds) if (stateAfter(state, deed)) seen.add(stateAfter(state, deed)!);
    expect([...seen].some((state) => ends.has(state))).toBe(true);
  }
});

test("somebody still has to do something until it is solved, closed or cancelled", () => {
  expect(requestStates.filter(isActive)).toEqual(["new", "open", "waitingForRequester", "waitingForOther"]);
});

test("a worker's words begin what is new; the asker's words end the waiting for them and nothing else", () => {
  expect(stateAfterReply("new", true)).toBe("open");
  expect(stateAfterReply("waitingForOther", true)).toBe("waitingForOther");
  expect(stateAfterReply("waitingForRequester", false)).toBe("open");
  expect(stateAfterReply("new", false)).toBe("new");
  expect(stateAfterReply("solved", false)).toBe("solved");
});

test("impact and urgency make the priority, as ITIL's matrix has it", () => {
  const matrix = (["high", "medium", "low"] as Level[]).map((impact) => levels.map((urgency) => priorityOf(impact, urgency)));
  expect(matrix).toEqual([
    ["critical", "high", "medium"],
    ["high", "medium", "low"],
    ["medium", "low", "planned"],
  ]);
});

test("numbers have five digits and go on after them", () => {
  expect([requestNumber(2026, 42), requestNumber(2026, 123_456)]).toEqual(["REQ-2026-00042", "REQ-2026-123456"]);
});
