// The filters of a register: each as a chip that says what it leaves, edited by the kind of its column.
import { ActionIcon, Button, Checkbox, Menu, NativeSelect, Popover, Stack, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import type { ColumnEntry, RegisterEntry } from "../catalogue.ts";
import { DayField } from "../form/day-field.tsx";
import { readAmount } from "../form/amount.ts";
import { RecordPicker } from "../form/record-picker.tsx";
import { siblingOf } from "../kit/columns.tsx";
import { dayText, numberText, stateText } from "../kit/format.ts";
import { Icon } from "../kit/icon.tsx";
import { useOperation } from "../kit/operation.ts";
import { useCatalogue } from "../kit/session.tsx";
import { text } from "../text.ts";

const signs = [">=", "<=", ">", "<"] as const;
const splitSign = (value: string): [sign: string, rest: string] => {
  const sign = signs.find((one) => value.startsWith(one)) ?? "";
  return [sign, value.slice(sign.length)];
};

export function filterableColumns(register: RegisterEntry): readonly ColumnEntry[] {
  return register.columns.filter(
    (column) => column.name !== "id" && !["id", "json", "object", "array", "file", "currency"].includes(column.kind),
  );
}

const isNamed = (column: ColumnEntry, register: RegisterEntry): boolean =>
  register.columns.some((one) => siblingOf(one, register.columns)?.name === column.name);

/** Columns offered for a new filter: of a reference and its name only the reference. */
const offered = (register: RegisterEntry): readonly ColumnEntry[] =>
  filterableColumns(register).filter((column) => !isNamed(column, register));

function shownValue(column: ColumnEntry, value: string): string {
  if (value === "!") return text.filter.filled;
  if (value.startsWith("~")) return text.filter.contains(value.slice(1));
  const [sign, rest] = splitSign(value);
  const words = { ">=": "≥ ", "<=": "≤ ", ">": "> ", "<": "< ", "": "" }[sign] ?? "";
  if (column.kind === "day") return words + dayText(rest);
  if (column.kind === "money") return words + numberText(`${rest.slice(0, -2) || "0"}.${rest.slice(-2).padStart(2, "0")}`);
  if (column.kind === "boolean") return value === "true" ? text.yes : text.no;
  return (
    words +
    rest
      .split("|")
      .map((one) => (column.kind === "enum" ? stateText(one) : one))
      .join(", ")
  );
}

/** The name of the record a filter points at. */
function RefName({ register, id }: { register: string; id: string }) {
  const catalogue = useCatalogue();
  const entry = catalogue.register(register);
  const found = useOperation<Readonly<Record<string, unknown>>>(`${register}.get`, { id }, { enabled: Boolean(entry) });
  return <>{entry && found.data ? String(found.data[entry.label] ?? id) : `${id.slice(0, 8)}…`}</>;
}

interface EditorProps {
  readonly column: ColumnEntry;
  readonly value: string;
  readonly onChange: (value: string | undefined) => void;
}

function OptionsEditor({ column, value, onChange }: EditorProps) {
  const chosen = value ? value.split("|") : [];
  return (
    <Checkbox.Group value={chosen} onChange={(next) => onChange(next.join("|") || undefined)} aria-label={column.title}>
      <Stack gap={8} mah={320} style={{ overflow: "auto" }}>
        {(column.options ?? []).map((option) => (
          <Checkbox key={option} value={option} label={stateText(option)} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function ComparingEditor({ column, value, onChange }: EditorProps) {
  const [given, givenRest] = splitSign(value);
  const money = column.kind === "money";
  const [sign, setSign] = useState(given || (value ? "" : ">="));
  const [rest, setRest] = useState(money && givenRest ? (Number(givenRest) / 100).toString() : givenRest);
  const said = (next: string, nextSign: string): void => {
    setRest(next);
    setSign(nextSign);
    // Amounts are compared in minor units.
    const plain = money
      ? readAmount(next).replace(/^(-?\d+)(?:\.(\d{0,2}))?.*$/, (_, whole: string, part = "") => whole + String(part).padEnd(2, "0"))
      : next;
    onChange(plain ? `${nextSign}${plain}` : undefined);
  };
  return (
    <Stack gap={8}>
      <NativeSelect
        aria-label={text.filter.how}
        data={[
          { value: ">=", label: column.kind === "day" ? text.filter.from : text.filter.atLeast },
          { value: "<=", label: column.kind === "day" ? text.filter.until : text.filter.atMost },
          { value: "", label: text.filter.is },
        ]}
        value={sign}
        onChange={(event) => said(rest, event.currentTarget.value)}
      />
      {column.kind === "day" ? (
        <DayField aria-label={column.title} value={rest || null} onChange={(day) => said(day ?? "", sign)} />
      ) : (
        <TextInput aria-label={column.title} inputMode="decimal" value={rest} onChange={(event) => said(event.currentTarget.value, sign)} />
      )}
    </Stack>
  );
}

function WordsEditor({ column, value, onChange }: EditorProps) {
  const [said, setSaid] = useState(value.replace(/^~/, ""));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onChange(said ? `~${said}` : undefined);
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        data-autofocus
        aria-label={text.filter.containing(column.title)}
        placeholder={text.filter.containing(column.title)}
        value={said}
        onChange={(event) => setSaid(event.currentTarget.value)}
        onBlur={() => onChange(said ? `~${said}` : undefined)}
      />
    </form>
  );
}

function Editor(props: EditorProps): ReactNode {
  const { column, value, onChange } = props;
  if (column.options && column.options.length > 0) return <OptionsEditor {...props} />;
  if (column.kind === "boolean") return <OptionsEditor {...props} column={{ ...column, options: ["true", "false"] }} />;
  if (column.kind === "ref" && column.ref) {
    return (
      <RecordPicker
        aria-label={column.title}
        register={column.ref}
        value={value || null}
        onChange={(id) => onChange(id ?? undefined)}
        comboboxProps={{ withinPortal: false }}
      />
    );
  }
  if (["day", "integer", "number", "decimal", "money"].includes(column.kind)) return <ComparingEditor {...props} />;
  return <WordsEditor {...props} />;
}

function Chip({ column, value, onChange, initiallyOpen }: EditorProps & { initiallyOpen?: boolean }) {
  const [open, setOpen] = useState(initiallyOpen ?? false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={260} shadow="md" trapFocus withRoles>
      <span className="hw-chip">
        <Popover.Target>
          <button type="button" onClick={() => setOpen(!open)}>
            <span className="hw-dim">{column.title}:</span>{" "}
            {column.kind === "ref" && column.ref && value ? (
              <RefName register={column.ref} id={value} />
            ) : value ? (
              shownValue(column, value)
            ) : (
              text.filter.any
            )}
          </button>
        </Popover.Target>
        <ActionIcon size={24} aria-label={text.filter.remove(column.title)} onClick={() => onChange(undefined)}>
          <Icon name="close" size={12} />
        </ActionIcon>
      </span>
      <Popover.Dropdown aria-label={text.filter.by(column.title)}>
        <Editor column={column} value={value} onChange={onChange} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface FiltersProps {
  readonly register: RegisterEntry;
  readonly filter: Readonly<Record<string, string>>;
  readonly onFilter: (column: string, value: string | undefined) => void;
}

export function Filters({ register, filter, onFilter }: FiltersProps) {
  const [fresh, setFresh] = useState<string>();
  const columns = offered(register);
  const given = filterableColumns(register).filter((column) => filter[column.name] !== undefined || column.name === fresh);
  const free = columns.filter((column) => !given.includes(column));
  const change = (column: string, value: string | undefined): void => {
    if (value === undefined && column === fresh) setFresh(undefined);
    onFilter(column, value);
  };
  return (
    <>
      {given.map((column) => (
        <Chip
          key={column.name}
          column={column}
          value={filter[column.name] ?? ""}
          onChange={(value) => change(column.name, value)}
          initiallyOpen={column.name === fresh}
        />
      ))}
      {free.length > 0 && (
        <Menu position="bottom-start" shadow="md" width={240}>
          <Menu.Target>
            <Button variant="default" leftSection={<Icon name="filter" size={14} />}>
              {text.filter.label}
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={380} style={{ overflow: "auto" }}>
            {free.map((column) => (
              <Menu.Item key={column.name} onClick={() => setTimeout(() => setFresh(column.name), 0)}>
                {column.title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
