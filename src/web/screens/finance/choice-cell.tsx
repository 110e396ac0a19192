// One cell in which something is chosen by typing: the best fit is taken on Tab or Enter, the list helps whoever wants to look.
import { type ComponentProps, type KeyboardEvent, type RefObject, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { Cell } from "./cell.tsx";
import type { Found, UseFound } from "./choices.ts";
import type { Choice } from "./entry-lines.rules.ts";
import { words } from "./book-words.ts";

interface ChoiceCellProps extends Pick<ComponentProps<typeof Cell>, "error" | "placeholder" | "column" | "onPaste" | "id"> {
  readonly label: string;
  readonly value: Choice | null;
  readonly onChange: (choice: Choice | null) => void;
  readonly useFound: UseFound;
}

const mostShown = 40;
const nothing: Found = { choices: [], isSettled: false };

interface Typed {
  /** What was typed; nothing since the last choice is undefined. */
  readonly asked: string | undefined;
  readonly isOpen: boolean;
  /** The cell was left while the answer may still be under way. */
  readonly isLeft: boolean;
  /** Which choice of the list one stands on. */
  readonly at: number;
}

const resting: Typed = { asked: undefined, isOpen: false, isLeft: false, at: -1 };

interface ChoicesProps {
  readonly typed: Typed;
  readonly useFound: UseFound;
  readonly found: RefObject<Found>;
  readonly listId: string;
  readonly label: string;
  readonly onChoose: (choice: Choice | null | undefined) => void;
}

/** Lives only while one is in the cell, so that a grid of hundreds asks for no list it does not show. */
function Choices({ typed, useFound, found: kept, listId, label, onChoose }: ChoicesProps) {
  const { asked, isOpen, isLeft, at } = typed;
  const found = useFound(asked);
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    kept.current = found;
  });
  useEffect(() => {
    if (!isLeft) return;
    if (asked === undefined) onChoose(undefined);
    else if (asked.trim() === "") onChoose(null);
    else if (found.isSettled) onChoose(found.choices[0]);
  });
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  if (!isOpen || isLeft) return null;
  const shown = found.choices.slice(0, mostShown);
  return (
    <ul ref={list} id={listId} role="listbox" aria-label={label} className="hw-choices">
      {shown.map((choice, index) => (
        <li
          key={choice.id}
          id={`${listId}-${index}`}
          role="option"
          aria-selected={index === at}
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(choice);
          }}
        >
          {choice.label}
          {choice.hint && <span className="hw-dim hw-small"> {choice.hint}</span>}
        </li>
      ))}
      {shown.length === 0 && (
        <li role="option" aria-selected={false} aria-disabled className="hw-dim">
          {found.isSettled ? words.entry.noneFound : words.entry.looking}
        </li>
      )}
    </ul>
  );
}

/** Arrows go through the list, Enter takes what one stands on and lets the grid go on, Escape forgets what was typed. */
function keysOf(typed: Typed, set: (typed: Typed) => void, found: RefObject<Found>, choose: (choice: Choice | undefined) => void) {
  return (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { choices, isSettled } = found.current;
    const last = Math.min(choices.length, mostShown) - 1;
    if (event.key === "Enter" && typed.isOpen && isSettled && choices[typed.at]) return choose(choices[typed.at]);
    if (event.key === "ArrowDown") set({ ...typed, isOpen: true, at: Math.min(last, typed.at + 1) });
    else if (event.key === "ArrowUp") set({ ...typed, isOpen: true, at: Math.max(0, typed.at - 1) });
    else if (event.key === "Escape" && typed.isOpen) set({ ...resting });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

export function ChoiceCell({ value, onChange, useFound, label, ...input }: ChoiceCellProps) {
  const [typed, setTyped] = useState<Typed>();
  const found = useRef<Found>(nothing);
  const listId = useId();
  const isHere = typed !== undefined && !typed.isLeft;
  const isOpen = isHere && typed.isOpen;
  const choose = (choice: Choice | null | undefined): void => {
    if (choice !== undefined) onChange(choice);
    setTyped(isHere ? resting : undefined);
  };
  return (
    <div className="hw-choice">
      <Cell
        {...input}
        aria-label={input.id ? undefined : label}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen && typed.at >= 0 ? `${listId}-${typed.at}` : undefined}
        value={typed?.asked ?? value?.label ?? ""}
        onFocus={(event) => {
          setTyped(resting);
          event.currentTarget.select();
        }}
        onClick={() => setTyped((now) => ({ ...(now ?? resting), isOpen: true }))}
        onChange={(event) => setTyped({ asked: event.currentTarget.value, isOpen: true, isLeft: false, at: 0 })}
        onBlur={() => setTyped((now) => now && { ...now, isLeft: true })}
        onKeyDown={keysOf(typed ?? resting, setTyped, found, choose)}
      />
      {typed && <Choices typed={typed} useFound={useFound} found={found} listId={listId} label={label} onChoose={choose} />}
    </div>
  );
}
