// What is said of an operation that one's roles do not open: what it is called, whose work it is, and whom to ask.
import { useQuery } from "@tanstack/react-query";
import { getJson, type Problem } from "../client.ts";
import { text } from "../text.ts";

interface Closed {
  readonly title: string;
  /** Who may, in words. */
  readonly may: readonly string[];
}

export const useClosed = (operation: string) =>
  useQuery<Closed, Problem>({
    queryKey: ["catalogue", operation],
    queryFn: () => getJson(`/api/v1/catalogue/${encodeURIComponent(operation)}`),
    staleTime: Infinity,
  });

export function ClosedSays({ operation }: { operation: string }) {
  const { data } = useClosed(operation);
  return (
    <>
      {data && text.notPermitted.openTo(data.title, data.may)} {text.notPermitted.ask}
    </>
  );
}
