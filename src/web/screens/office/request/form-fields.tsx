// The fields of a form as its version has them, each with the control of its kind.
import { Input, MultiSelect, SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { DayField } from "../../../form/day-field.tsx";
import { FileField } from "../../../form/file-field.tsx";
import { MoneyField } from "../../../form/money-field.tsx";
import { RecordPicker } from "../../../form/record-picker.tsx";
import type { MoneyValue } from "../../../kit/index.ts";
import { type Answers, type FormField, shownFields } from "./form.rules.ts";
import { words } from "./words.ts";

interface ControlProps {
  readonly field: FormField;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly set: (value: unknown) => void;
}

const wrapOf = ({ field, error }: ControlProps) => ({
  label: field.required ? (
    field.label
  ) : (
    <>
      {field.label} <span className="hw-optional">optional</span>
    </>
  ),
  description: field.help,
  error,
  required: field.required,
  withAsterisk: false,
});

const textOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

function YesNo(props: ControlProps) {
  const { field, value, set, error } = props;
  return (
    <Input.Wrapper {...wrapOf(props)} labelElement="div" error={error}>
      <SegmentedControl
        aria-label={field.label}
        className="hw-request-yesno"
        data={[
          { value: "no", label: words.ask.no },
          { value: "yes", label: words.ask.yes },
        ]}
        value={value === true ? "yes" : value === false ? "no" : ""}
        onChange={(chosen) => set(chosen === "yes")}
      />
    </Input.Wrapper>
  );
}

const registerOf = ({ kind, register }: FormField): string =>
  kind === "person" ? "directory.person" : kind === "place" ? "directory.place" : (register ?? "");

function Picker(props: ControlProps) {
  return <RecordPicker {...wrapOf(props)} register={registerOf(props.field)} value={textOf(props.value) || null} onChange={props.set} />;
}

const controls: Readonly<Record<string, (props: ControlProps) => ReactNode>> = {
  text: (props) => <TextInput {...wrapOf(props)} value={textOf(props.value)} onChange={(event) => props.set(event.currentTarget.value)} />,
  longText: (props) => (
    <Textarea
      {...wrapOf(props)}
      autosize
      minRows={3}
      maxRows={14}
      value={textOf(props.value)}
      onChange={(event) => props.set(event.currentTarget.value)}
    />
  ),
  number: (props) => (
    <TextInput
      {...wrapOf(props)}
      inputMode="decimal"
      autoComplete="off"
      value={textOf(props.value)}
      onChange={(event) => props.set(event.currentTarget.value.replace(",", "."))}
    />
  ),
  money: (props) => <MoneyField {...wrapOf(props)} value={props.value as MoneyValue | null} onChange={props.set} />,
  day: (props) => <DayField {...wrapOf(props)} value={textOf(props.value) || null} onChange={props.set} />,
  choice: (props) => (
    <Select
      {...wrapOf(props)}
      data={[...(props.field.options ?? [])]}
      placeholder={words.ask.choose}
      allowDeselect={!props.field.required}
      searchable={(props.field.options?.length ?? 0) > 7}
      value={textOf(props.value) || null}
      onChange={props.set}
    />
  ),
  choices: (props) => (
    <MultiSelect
      {...wrapOf(props)}
      data={[...(props.field.options ?? [])]}
      placeholder={words.ask.choose}
      value={Array.isArray(props.value) ? props.value.map(String) : []}
      onChange={props.set}
    />
  ),
  yesNo: YesNo,
  person: Picker,
  place: Picker,
  record: Picker,
  file: (props) => <FileField {...wrapOf(props)} value={textOf(props.value) || null} onChange={(id) => props.set(id)} />,
};

interface FormFieldsProps {
  readonly fields: readonly FormField[];
  readonly answers: Answers;
  readonly mistakes: Readonly<Record<string, string>>;
  readonly onAnswer: (name: string, value: unknown) => void;
}

export function FormFields({ fields, answers, mistakes, onAnswer }: FormFieldsProps) {
  return (
    <>
      {shownFields(fields, answers).map((field) => {
        const Control = controls[field.kind] ?? controls["text"]!;
        return (
          <div key={field.name} className="hw-request-field" data-field={field.name}>
            <Control field={field} value={answers[field.name]} error={mistakes[field.name]} set={(value) => onAnswer(field.name, value)} />
          </div>
        );
      })}
    </>
  );
}
