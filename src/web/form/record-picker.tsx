// Picks a record of another register by typing part of its name.
import { Loader, Select, type SelectProps, Text, TextInput } from "@mantine/core";
import { useCallbackRef, useDebouncedValue } from "@mantine/hooks";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { RegisterEntry } from "../catalogue.ts";
import { dayText, isMoney, moneyText, stateText } from "../kit/format.ts";
import { shownColumns } from "../kit/columns.tsx";
import { type Row, useOperation, usePage } from "../kit/operation.ts";
import { useCatalogue } from "../kit/session.tsx";
import { text } from "../text.ts";

interface RecordPickerProps extends Omit<SelectProps, "data" | "value" | "onChange" | "searchable" | "filter"> {
  readonly register: string;
  readonly value: string | null | undefined;
  readonly onChange: (id: string | null) => void;
  /** Leaves only some records to choose from, by column. */
  readonly filter?: Readonly<Record<string, string>>;
}

const hintKinds = new Set(["text", "enum", "day", "money"]);

/** What tells records of the same name apart: whose books they are of, where there are several, and its next two columns. */
function hintOf(register: RegisterEntry, row: Row, rows: readonly Row[]): string {
  const label = String(row[register.label] ?? "");
  const words = shownColumns(register.columns)
    .filter((column) => column.name !== register.label && hintKinds.has(column.kind))
    .flatMap((column) => {
      const value = row[column.name];
      if (value === null || value === undefined || value === "") return [];
      if (isMoney(value)) return [moneyText(value)];
      return [column.kind === "day" ? dayText(String(value)) : column.kind === "enum" ? stateText(String(value)) : String(value)];
    });
  const others = words.filter((one) => !label.includes(one)).slice(0, 2);
  const { books } = row;
  const isOfSeveral = rows.some((one) => one["books"] !== books);
  return [...new Set(isOfSeveral ? [String(books), ...others] : others)].join(" · ");
}

function useChoices(
  register: RegisterEntry | undefined,
  name: string,
  asked: string,
  id: string | null,
  filter?: Readonly<Record<string, string>>,
) {
  const catalogue = useCatalogue();
  const [late] = useDebouncedValue(asked, 160);
  const bySearch = register?.searchable
    ? { search: late || undefined, filter }
    : { filter: late ? { ...filter, [register?.label ?? ""]: `~${late}` } : filter };
  const page = usePage(name, { limit: 20, ...bySearch }, { enabled: Boolean(register), keep: true });
  const rows = page.data?.rows ?? [];
  const missing = Boolean(register && id && !rows.some((row) => row.id === id) && catalogue.may(`${name}.get`));
  const own = useOperation<Row>(`${name}.get`, { id }, { enabled: missing });
  const all = own.data && missing ? [own.data, ...rows] : rows;
  return { rows: all, busy: page.isFetching, isCurrent: late === asked && !page.isFetching };
}

/**
 * Enter takes the first that fits what was typed, also when it is pressed before the answer is there: then the words are kept until it
 * comes, though one has gone on to the next field.
 */
function useEnter(asked: string) {
  const isPressed = useRef(false);
  const [wanted, setWanted] = useState<string>();
  const onKeyDown = (event: KeyboardEvent): void => {
    isPressed.current = event.key === "Enter";
  };
  /** Whether a choice is of a list that is too old. */
  const waits = (isCurrent: boolean): boolean => {
    const isTooEarly = isPressed.current && !isCurrent;
    isPressed.current = false;
    if (isTooEarly) setWanted(asked);
    return isTooEarly;
  };
  return { words: wanted ?? asked, isWaiting: wanted !== undefined, settle: setWanted, onKeyDown, waits };
}

function Option({ label, hint }: { label: string; hint: string | undefined }) {
  return (
    <span className="hw-option">
      <span>{label}</span>
      {hint && (
        <Text size="xs" c="dimmed" component="span">
          {hint}
        </Text>
      )}
    </span>
  );
}

export function RecordPicker({ register: name, value, onChange, filter, ...rest }: RecordPickerProps) {
  const register = useCatalogue().register(name);
  const [asked, setAsked] = useState("");
  const id = value || null;
  const [labelled, setLabelled] = useState("");
  // The words of the chosen record stand in the line; they are no question.
  const enter = useEnter(asked === labelled ? "" : asked);
  const { rows, busy, isCurrent } = useChoices(register, name, enter.words, id, filter);
  const labelOf = (row: Row): string => String(row[register?.label ?? ""] ?? row.id);
  const { isWaiting, settle } = enter;
  const take = useCallbackRef((row: Row | undefined): void => {
    settle(undefined);
    if (!row) return;
    setLabelled(labelOf(row));
    onChange(row.id);
  });
  useEffect(() => {
    if (isWaiting && isCurrent) take(rows[0]);
  }, [isCurrent, isWaiting, rows, take]);
  if (!register) {
    const { label, error, description, required, "aria-label": named, withAsterisk } = rest;
    return (
      <TextInput
        {...{ label, error, description, required, withAsterisk, "aria-label": named }}
        placeholder={text.form.identifier}
        value={value ?? ""}
        onChange={(event) => onChange(event.currentTarget.value || null)}
      />
    );
  }
  const found = rows.map((row) => ({ value: row.id, label: labelOf(row), disabled: false }));
  // An empty list box would be nothing to assistive tools: it says so in a line of its own.
  const choices = found.length > 0 ? found : [{ value: "", label: busy ? text.loading : text.form.nothingFound, disabled: true }];
  const hints = new Map(rows.map((row) => [row.id, hintOf(register, row, rows)]));
  return (
    <Select
      clearable={!rest.required}
      clearButtonProps={{ "aria-label": text.form.clear }}
      allowDeselect={false}
      placeholder={rest["aria-label"] ? text.form.findShort : text.form.find(register.title)}
      comboboxProps={rest["aria-label"] ? { withinPortal: true, width: 320, position: "bottom-start" } : { withinPortal: true }}
      rightSection={busy ? <Loader size={14} /> : undefined}
      {...rest}
      searchable
      openOnFocus={false}
      data={choices}
      filter={({ options }) => options}
      value={id}
      searchValue={asked}
      onSearchChange={setAsked}
      selectFirstOptionOnChange
      onKeyDown={enter.onKeyDown}
      onChange={(chosen, option) => {
        if (enter.waits(isCurrent)) return;
        setLabelled(option?.label ?? "");
        onChange(chosen);
      }}
      renderOption={({ option }) => <Option label={option.label} hint={hints.get(option.value)} />}
    />
  );
}
