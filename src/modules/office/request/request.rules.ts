// How a request lives: what may be done with it in which state, and how much it matters.

export const requestStates = ["new", "open", "waitingForRequester", "waitingForOther", "solved", "closed", "cancelled"] as const;
export type RequestState = (typeof requestStates)[number];

export type Deed = "begin" | "ask" | "wait" | "resume" | "solve" | "close" | "reopen" | "cancel" | "merge";

/** From a state by a deed to the next; what is not here cannot be done. */
const graph: Readonly<Record<RequestState, Readonly<Partial<Record<Deed, RequestState>>>>> = {
  new: { begin: "open", ask: "waitingForRequester", wait: "waitingForOther", solve: "solved", cancel: "cancelled", merge: "closed" },
  open: { ask: "waitingForRequester", wait: "waitingForOther", solve: "solved", cancel: "cancelled", merge: "closed" },
  waitingForRequester: { resume: "open", wait: "waitingForOther", solve: "solved", cancel: "cancelled", merge: "closed" },
  waitingForOther: { resume: "open", ask: "waitingForRequester", solve: "solved", cancel: "cancelled", merge: "closed" },
  solved: { close: "closed", reopen: "open" },
  closed: { reopen: "open" },
  cancelled: {},
};

export const stateAfter = (state: RequestState, deed: Deed): RequestState | undefined => graph[state][deed];

/** Somebody still has to do something. */
export const isActive = (state: RequestState): boolean => graph[state].solve !== undefined;

/** What a worker's words do to a request that nobody began: they begin it. */
export const stateAfterReply = (state: RequestState, byWorker: boolean): RequestState => {
  if (byWorker) return stateAfter(state, "begin") ?? state;
  return state === "waitingForRequester" ? "open" : state;
};

export const levels = ["high", "medium", "low"] as const;
export type Level = (typeof levels)[number];

export const priorities = ["critical", "high", "medium", "low", "planned"] as const;
export type Priority = (typeof priorities)[number];

/** Impact and urgency together (ITIL): each step down of either is one step down in priority. */
export const priorityOf = (impact: Level, urgency: Level): Priority => priorities[levels.indexOf(impact) + levels.indexOf(urgency)]!;

/** Days until it should be done, where no clock says more. */
export const daysFor: Readonly<Record<Priority, number>> = { critical: 1, high: 2, medium: 5, low: 10, planned: 20 };

export const requestNumber = (year: number, count: number): string => `REQ-${year}-${String(count).padStart(5, "0")}`;
