// The state of a form: what was typed, which fields were left, and what the server said about them.
import { useCallback, useMemo, useReducer } from "react";
import type { JsonSchema } from "../catalogue.ts";
import type { Problem } from "../client.ts";
import type { FormHand, Path } from "./control.ts";
import { type Draft, type Mistakes, mistakesOf, pathKey, setAt } from "./draft.ts";

interface State {
  readonly draft: Draft;
  readonly left: ReadonlySet<string>;
  /** All mistakes are said from the first try to send on. */
  readonly tried: boolean;
  readonly answered: Mistakes;
}

type Step =
  | { readonly does: "set"; readonly path: Path; readonly value: unknown }
  | { readonly does: "leave"; readonly path: Path }
  | { readonly does: "try" }
  | { readonly does: "answered"; readonly mistakes: Mistakes }
  | { readonly does: "restart"; readonly draft: Draft };

function step(state: State, action: Step): State {
  switch (action.does) {
    case "set": {
      const key = pathKey(action.path);
      const answered = new Map([...state.answered].filter(([one]) => one !== key && !one.startsWith(`${key}.`)));
      return { ...state, draft: setAt(state.draft, action.path, action.value), answered };
    }
    case "leave": {
      const key = pathKey(action.path);
      return state.left.has(key) ? state : { ...state, left: new Set([...state.left, key]) };
    }
    case "try":
      return { ...state, tried: true };
    case "answered":
      return { ...state, answered: action.mistakes };
    case "restart":
      return { draft: action.draft, left: new Set(), tried: false, answered: new Map() };
  }
}

/** Mistakes beside their fields: those of the schema and, where it says which field, those of a refusal. */
const answeredOf = (problem: Problem): Mistakes => {
  const found = new Map(problem.mistakes.map((mistake) => [pathKey(mistake.path), mistake.message]));
  if (problem.path && problem.path.length > 0) found.set(pathKey(problem.path), problem.detail);
  return found;
};

export function useDraft(schema: JsonSchema, start: () => Draft) {
  const [state, act] = useReducer(step, undefined, () => ({
    draft: start(),
    left: new Set<string>(),
    tried: false,
    answered: new Map<string, string>(),
  }));
  const all = useMemo(() => mistakesOf(schema, state.draft), [schema, state.draft]);
  const shown = useMemo(() => {
    const visible = [...all].filter(([key]) => state.tried || state.left.has(key));
    return new Map([...visible, ...state.answered]);
  }, [all, state.answered, state.left, state.tried]);
  const hand = useMemo<FormHand>(
    () => ({
      set: (path, value) => act({ does: "set", path, value }),
      leave: (path) => act({ does: "leave", path }),
    }),
    [],
  );
  const answer = useCallback(
    (problem: Problem | undefined) => act({ does: "answered", mistakes: problem ? answeredOf(problem) : new Map() }),
    [],
  );
  const restart = useCallback((draft: Draft) => act({ does: "restart", draft }), []);
  return {
    draft: state.draft,
    mistakes: shown,
    hand,
    isRight: all.size === 0,
    tryToSend: useCallback(() => act({ does: "try" }), []),
    answer,
    restart,
  };
}
