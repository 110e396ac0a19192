// The controls for single values: text, numbers, yes or no, a choice, a day, an amount.
import { Checkbox, Group, Select, Textarea, TextInput } from "@mantine/core";
import { present } from "../catalogue.ts";
import { stateText } from "../kit/format.ts";
import { text } from "../text.ts";
import type { ControlProps } from "./control.ts";
import { DayField } from "./day-field.tsx";
import { isFields, pathKey } from "./draft.ts";
import { MoneyField } from "./money-field.tsx";

/** Label, remark, mistake and naming, the same for every control. */
export function wrapOf({ schema, title, path, required, mistakes, bare }: ControlProps) {
  const error = mistakes.get(pathKey(path));
  const description = schema.description ?? present(schema).description;
  if (bare) return { "aria-label": title, error, required };
  const label = required ? (
    title
  ) : (
    <>
      {title} <span className="hw-optional">{text.optional}</span>
    </>
  );
  // The mark of what must be filled is the absence of "optional"; a star beside every label is noise.
  return { label, description, error, required, withAsterisk: false };
}

export function TextControl(props: ControlProps) {
  const { path, value, hand, schema } = props;
  const inner = present(schema);
  const kind = inner.format === "email" ? "email" : inner.format === "uri" ? "url" : "text";
  return (
    <TextInput
      {...wrapOf(props)}
      type={kind}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => hand.set(path, event.currentTarget.value === "" ? null : event.currentTarget.value)}
      onBlur={() => hand.leave(path)}
    />
  );
}

export function LongTextControl(props: ControlProps) {
  const { path, value, hand, bare } = props;
  return (
    <Textarea
      {...wrapOf(props)}
      autosize
      minRows={bare ? 1 : 3}
      maxRows={14}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => hand.set(path, event.currentTarget.value === "" ? null : event.currentTarget.value)}
      onBlur={() => hand.leave(path)}
    />
  );
}

export function NumberControl(props: ControlProps) {
  const { kind, path, value, hand } = props;
  const read = (said: string): unknown => {
    const plain = said.trim().replace(",", ".");
    if (plain === "") return null;
    if (kind === "decimal") return plain;
    return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : said;
  };
  return (
    <TextInput
      {...wrapOf(props)}
      inputMode={kind === "integer" ? "numeric" : "decimal"}
      autoComplete="off"
      classNames={{ input: "hw-number-input" }}
      value={value === undefined || value === null ? "" : String(value)}
      onChange={(event) => hand.set(path, kind === "number" ? event.currentTarget.value || null : read(event.currentTarget.value))}
      onBlur={(event) => {
        hand.set(path, read(event.currentTarget.value));
        hand.leave(path);
      }}
    />
  );
}

export function BooleanControl(props: ControlProps) {
  const { path, value, hand, title, bare, schema, mistakes } = props;
  return (
    <Checkbox
      className="hw-checkbox"
      label={bare ? undefined : title}
      aria-label={bare ? title : undefined}
      description={bare ? undefined : (schema.description ?? present(schema).description)}
      error={mistakes.get(pathKey(path))}
      checked={value === true}
      onChange={(event) => hand.set(path, event.currentTarget.checked)}
    />
  );
}

export function EnumControl(props: ControlProps) {
  const { path, value, hand, schema, required } = props;
  const options = (present(schema).enum ?? []).map((one) => ({ value: String(one), label: stateText(String(one)) }));
  return (
    <Select
      {...wrapOf(props)}
      data={options}
      searchable={options.length > 7}
      clearable={!required}
      allowDeselect={!required}
      checkIconPosition="right"
      comboboxProps={{ withinPortal: true }}
      clearButtonProps={{ "aria-label": text.form.clear }}
      placeholder={text.form.choose}
      value={typeof value === "string" ? value : null}
      onChange={(chosen) => hand.set(path, chosen)}
      onBlur={() => hand.leave(path)}
    />
  );
}

export function DayControl(props: ControlProps) {
  const { path, value, hand } = props;
  return (
    <DayField
      {...wrapOf(props)}
      value={typeof value === "string" ? value : null}
      onChange={(day) => hand.set(path, day)}
      onBlur={() => hand.leave(path)}
    />
  );
}

export function InstantControl(props: ControlProps) {
  const { path, value, hand } = props;
  const local = (instant: string): string => {
    const at = new Date(instant);
    return Number.isNaN(at.getTime()) ? "" : new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  };
  return (
    <TextInput
      {...wrapOf(props)}
      type="datetime-local"
      value={typeof value === "string" ? local(value) : ""}
      onChange={(event) => hand.set(path, event.currentTarget.value ? new Date(event.currentTarget.value).toISOString() : null)}
      onBlur={() => hand.leave(path)}
    />
  );
}

export function MoneyControl(props: ControlProps) {
  const { path, value, hand } = props;
  const money = isFields(value) ? { amount: String(value["amount"] ?? ""), currency: String(value["currency"] ?? "") } : null;
  return <MoneyField {...wrapOf(props)} value={money} onChange={(next) => hand.set(path, next)} onBlur={() => hand.leave(path)} />;
}

/** What no other control fits: written as JSON. */
export function JsonControl(props: ControlProps) {
  const { path, value, hand } = props;
  return (
    <Textarea
      {...wrapOf(props)}
      autosize
      minRows={2}
      maxRows={12}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      value={typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value, null, 2)}
      onChange={(event) => hand.set(path, event.currentTarget.value)}
      onBlur={() => hand.leave(path)}
    />
  );
}

export function ConstControl({ title, value }: ControlProps) {
  return (
    <Group gap={6}>
      <span className="hw-dim">{title}</span> {stateText(String(value ?? ""))}
    </Group>
  );
}
