// What holds for everything a screen asks and does, such as the books it is about: said once around the screen, not at each question.
import { createContext, useCallback, useContext } from "react";
import { useCatalogue } from "./session.tsx";

type Input = Readonly<Record<string, unknown>>;

/** Fields by name, e.g. `{ bookId }`. An operation is told those that its input has; a list is narrowed by those that are its columns. */
export const Within = createContext<Readonly<Record<string, string>>>({});

/** Adds what holds here to the input of an operation; what the input says itself stays. */
export function useWithin(): (operation: string, input: Input) => Input {
  const catalogue = useCatalogue();
  const fields = useContext(Within);
  return useCallback(
    (operation, input) => {
      const takes = catalogue.operation(operation)?.input.properties ?? {};
      const columns = operation.endsWith(".list") ? (catalogue.register(operation.slice(0, -".list".length))?.columns ?? []) : [];
      const told = Object.entries(fields).filter(([name]) => takes[name]);
      const narrowed = Object.entries(fields).filter(([name]) => columns.some((column) => column.name === name));
      if (told.length === 0 && narrowed.length === 0) return input;
      const filter = narrowed.length > 0 && { filter: { ...Object.fromEntries(narrowed), ...(input["filter"] as object | undefined) } };
      return { ...Object.fromEntries(told), ...input, ...filter };
    },
    [catalogue, fields],
  );
}
