// How much waits for this person: open tasks and wishes to decide on, for the badges of the navigation.
import type { RegisterEntry } from "../catalogue.ts";
import { registerPath } from "../kit/link.tsx";
import { type Page, useOperation } from "../kit/operation.ts";
import { useCatalogue, useMe } from "../kit/session.tsx";

const openStates = ["open", "pending", "waiting", "requested", "inProgress"];

/** The filter that leaves what is still open, as far as the register's own columns allow to say it. */
export function openFilter(register: RegisterEntry | undefined): Readonly<Record<string, string>> {
  const state = register?.columns.find((column) => column.name === "state");
  if (!state) return {};
  const open = state.options ? openStates.filter((word) => state.options?.includes(word)) : ["open"];
  return open.length > 0 ? { state: open.join("|") } : {};
}

const ownerColumns = ["holderId", "ownerId", "assigneeId", "personId", "deciderId", "approverId"];

/** The filter that leaves what is this person's own. */
export function mineFilter(register: RegisterEntry | undefined, personId: string | null): Readonly<Record<string, string>> {
  const column = ownerColumns.find((name) => register?.columns.some((one) => one.name === name));
  return column && personId ? { [column]: personId } : {};
}

export function useOpenWork(): { tasks: number | undefined; approvals: number | undefined; tasksTo: string } {
  const catalogue = useCatalogue();
  const { personId } = useMe();
  const task = catalogue.register("office.task");
  const approval = catalogue.register("office.approval");
  const mine = { ...openFilter(task), ...mineFilter(task, personId) };
  const counted = { limit: 1, count: true };
  const tasks = useOperation<Page>("office.task.list", { ...counted, filter: mine }, { enabled: Boolean(task), every: 60_000 });
  const approvals = useOperation<Page>(
    "office.approval.list",
    { ...counted, filter: { state: "open", mine: "true" } },
    { enabled: Boolean(approval), every: 60_000 },
  );
  return {
    tasks: tasks.data?.count ?? undefined,
    approvals: approvals.data?.count ?? undefined,
    tasksTo: registerPath("office.task", mine),
  };
}
