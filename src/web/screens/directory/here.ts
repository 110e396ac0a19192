// The seat that the keyboard is on. Only the two seats concerned hear of a step, so that a chart of 800 keeps up with the arrows.
import { useSyncExternalStore } from "react";

export interface Here {
  readonly get: () => string | undefined;
  readonly set: (id: string | undefined) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createHere(first: string | undefined): Here {
  let at = first;
  const listeners = new Set<() => void>();
  return {
    get: () => at,
    set: (id) => {
      at = id;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useIsHere = (here: Here, id: string): boolean => useSyncExternalStore(here.subscribe, () => here.get() === id);
