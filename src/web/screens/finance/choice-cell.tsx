// One cell in which something is chosen by typing: the best fit is taken on Tab or Enter, the list helps whoever wants to look.
import { Combobox, TextInput, type TextInputProps, useCombobox } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Found, UseFound } from "./choices.ts";
import type { Choice } from "./entry-lines.rules.ts";
import { words } from "./book-words.ts";

interface ChoiceCellProps extends Pick<TextInputProps, "error" | "placeholder" | "variant" | "label" | "onPaste"> {
  readonly "aria-label"?: string;
  readonly "data-col"?: string;
  readonly value: Choice | null;
  readonly onChange: (choice: Choice | null) => void;
  readonly useFound: UseFound;
}

const mostShown = 40;

function Options({ found, label }: { found: Found; label: string | undefined }) {
  const shown = found.choices.slice(0, mostShown);
  return (
    <Combobox.Dropdown>
      <Combobox.Options mah={280} style={{ overflowY: "auto" }} aria-label={label}>
        {shown.map((choice) => (
          <Combobox.Option key={choice.id} value={choice.id}>
            <span className="hw-option">
              <span>{choice.label}</span>
              {choice.hint && <span className="hw-dim hw-small">{choice.hint}</span>}
            </span>
          </Combobox.Option>
        ))}
        {shown.length === 0 && (
          <Combobox.Option value="" disabled>
            {found.isSettled ? words.entry.noneFound : words.entry.looking}
          </Combobox.Option>
        )}
      </Combobox.Options>
    </Combobox.Dropdown>
  );
}

/** What was typed, and what becomes of it when the cell is left: also when the answer to it comes later. */
function useTyped(found: Found, asked: string | undefined, setAsked: (asked: string | undefined) => void, onChange: ChoiceCellProps["onChange"]) {
  const [isLeft, setLeft] = useState(false);
  const best = found.choices[0];
  useEffect(() => {
    if (!isLeft || asked === undefined) return;
    if (asked.trim() === "") onChange(null);
    else if (!found.isSettled) return;
    else if (best) onChange(best);
    setAsked(undefined);
    setLeft(false);
  }, [asked, best, found.isSettled, isLeft, onChange, setAsked]);
  return setLeft;
}

export function ChoiceCell({ value, onChange, useFound, "aria-label": named, "data-col": column, ...input }: ChoiceCellProps) {
  const [asked, setAsked] = useState<string>();
  const found = useFound(asked);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const setLeft = useTyped(found, asked, setAsked, onChange);
  const { selectFirstOption } = combobox;
  useEffect(() => {
    if (asked) selectFirstOption();
  }, [asked, found.choices, selectFirstOption]);
  const choose = (id: string): void => {
    const chosen = found.choices.find((choice) => choice.id === id);
    if (chosen) onChange(chosen);
    setAsked(undefined);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal width="max(100%, 280px)" position="bottom-start">
      <Combobox.Target withExpandedAttribute>
        <TextInput
          {...input}
          aria-label={named}
          data-col={column}
          autoComplete="off"
          value={asked ?? value?.label ?? ""}
          onFocus={(event) => {
            setLeft(false);
            event.currentTarget.select();
          }}
          onClick={() => combobox.openDropdown()}
          onChange={(event) => {
            setAsked(event.currentTarget.value);
            combobox.openDropdown();
          }}
          onBlur={() => {
            setLeft(true);
            combobox.closeDropdown();
          }}
        />
      </Combobox.Target>
      <Options found={found} label={named ?? (typeof input.label === "string" ? input.label : undefined)} />
    </Combobox>
  );
}
