// One field of a form: the control its kind wants, and for objects and lists the fields inside.
import { ActionIcon, Button, Input, MultiSelect, Select, TagsInput } from "@mantine/core";
import type { ReactNode } from "react";
import { type JsonSchema, kindOf, present, titleOf } from "../catalogue.ts";
import { stateText } from "../kit/format.ts";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text.ts";
import type { ControlProps, FormHand, Path } from "./control.ts";
import { blankOf, isFields, type Mistakes, pathKey, variantsOf } from "./draft.ts";
import { FileField } from "./file-field.tsx";
import { type FieldRenderer, LinesControl } from "./lines.tsx";
import { RecordPicker } from "./record-picker.tsx";
import {
  BooleanControl,
  ConstControl,
  DayControl,
  EnumControl,
  InstantControl,
  JsonControl,
  LongTextControl,
  MoneyControl,
  NumberControl,
  TextControl,
  wrapOf,
} from "./simple-controls.tsx";

function RefControl(props: ControlProps) {
  const { path, value, hand, schema } = props;
  return (
    <RecordPicker
      {...wrapOf(props)}
      register={present(schema)["x-ref"] ?? ""}
      value={typeof value === "string" ? value : null}
      onChange={(id) => hand.set(path, id)}
      onBlur={() => hand.leave(path)}
    />
  );
}

function FileControl(props: ControlProps) {
  const { path, value, hand } = props;
  return <FileField {...wrapOf(props)} value={typeof value === "string" ? value : null} onChange={(id) => hand.set(path, id)} />;
}

function ObjectControl(props: ControlProps) {
  const { schema, title, path, value, hand, mistakes } = props;
  return (
    <fieldset className="hw-fieldset">
      <legend>{title}</legend>
      <FieldList schema={present(schema)} path={path} value={value} hand={hand} mistakes={mistakes} />
    </fieldset>
  );
}

/** One of several objects: first which, then its fields. */
function VariantControl(props: ControlProps) {
  const { schema, path, value, hand, mistakes } = props;
  const variants = variantsOf(schema);
  const chosen = variants.find((one) => isFields(value) && value[one.by] === one.name);
  const choose = (name: string | null): void => {
    const variant = variants.find((one) => one.name === name);
    hand.set(path, variant ? { ...(blankOf(variant.schema) as object), [variant.by]: variant.name } : null);
  };
  return (
    <fieldset className="hw-fieldset">
      <legend>{props.title}</legend>
      <Select
        aria-label={props.title}
        error={mistakes.get(pathKey(path))}
        data={variants.map((one) => ({ value: one.name, label: stateText(one.name) }))}
        value={chosen?.name ?? null}
        onChange={choose}
        placeholder={text.form.choose}
        allowDeselect={!props.required}
      />
      {chosen && <FieldList schema={chosen.schema} without={[chosen.by]} path={path} value={value} hand={hand} mistakes={mistakes} />}
    </fieldset>
  );
}

const asTexts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function ChoicesControl(props: ControlProps) {
  const { path, value, hand, schema } = props;
  const options = (present(present(schema).items ?? {}).enum ?? []).map((one) => ({ value: String(one), label: stateText(String(one)) }));
  return (
    <MultiSelect
      {...wrapOf(props)}
      data={options}
      searchable
      value={asTexts(value)}
      onChange={(chosen) => hand.set(path, chosen)}
      placeholder={text.form.choose}
    />
  );
}

function TagsControl(props: ControlProps) {
  const { path, value, hand, schema } = props;
  const numeric = ["integer", "number"].includes(kindOf(present(schema).items ?? {}));
  return (
    <TagsInput
      {...wrapOf(props)}
      value={asTexts(value)}
      placeholder={asTexts(value).length === 0 ? text.form.tags : undefined}
      onChange={(said) => hand.set(path, numeric ? said.map((one) => (Number.isNaN(Number(one)) ? one : Number(one))) : said)}
      onBlur={() => hand.leave(path)}
    />
  );
}

/** A list of single values each with its own control: records, files, days, amounts. */
function RepeatControl(props: ControlProps) {
  const { schema, path, value, hand, mistakes, title } = props;
  const items = present(schema).items ?? {};
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  return (
    <fieldset className="hw-fieldset">
      <legend>
        {title} {!props.required && <span className="hw-optional">{text.optional}</span>}
      </legend>
      {list.map((one, index) => (
        <div key={index} className="hw-repeat">
          <div className="hw-repeat-field">
            <Field
              schema={items}
              name={title}
              title={`${title} ${index + 1}`}
              path={[...path, index]}
              value={one}
              required
              mistakes={mistakes}
              hand={hand}
              bare
            />
          </div>
          <ActionIcon
            aria-label={text.form.removeLine(index + 1)}
            onClick={() =>
              hand.set(
                path,
                list.filter((_, at) => at !== index),
              )
            }
          >
            <Icon name="close" size={14} />
          </ActionIcon>
        </div>
      ))}
      {mistakes.get(pathKey(path)) && <Input.Error>{mistakes.get(pathKey(path))}</Input.Error>}
      <Button
        variant="subtle"
        leftSection={<Icon name="plus" size={14} />}
        onClick={() => hand.set([...path, list.length], blankOf(items) ?? null)}
      >
        {text.form.addOne}
      </Button>
    </fieldset>
  );
}

function ArrayControl(props: ControlProps) {
  const items = present(present(props.schema).items ?? {});
  const kind = kindOf(items);
  if (kind === "object" && items.properties) return <LinesControl {...props} render={renderField} />;
  if (kind === "enum") return <ChoicesControl {...props} />;
  if (kind === "text" || kind === "id" || kind === "integer" || kind === "number") return <TagsControl {...props} />;
  return <RepeatControl {...props} />;
}

const controls: Readonly<Record<string, (props: ControlProps) => ReactNode>> = {
  text: TextControl,
  id: TextControl,
  longText: LongTextControl,
  integer: NumberControl,
  number: NumberControl,
  decimal: NumberControl,
  boolean: BooleanControl,
  enum: EnumControl,
  currency: EnumControl,
  day: DayControl,
  instant: InstantControl,
  money: MoneyControl,
  ref: RefControl,
  file: FileControl,
  array: ArrayControl,
  const: ConstControl,
};

type FieldProps = Omit<ControlProps, "kind"> & { readonly name: string };

export function Field({ name: _, ...props }: FieldProps) {
  const kind = kindOf(props.schema);
  if (variantsOf(props.schema).length > 0) return <VariantControl {...props} kind={kind} />;
  if (kind === "object") {
    return present(props.schema).properties ? <ObjectControl {...props} kind={kind} /> : <JsonControl {...props} kind={kind} />;
  }
  const Control = controls[kind] ?? JsonControl;
  return <Control {...props} kind={kind} />;
}

const renderField: FieldRenderer = (props) => <Field {...props} />;

interface FieldListProps {
  readonly schema: JsonSchema;
  readonly path: Path;
  readonly value: unknown;
  readonly hand: FormHand;
  readonly mistakes: Mistakes;
  /** Fields not shown. */
  readonly without?: readonly string[];
}

const broad = new Set(["longText", "array", "object", "json", "file"]);

/** The fields of an object, short ones side by side. */
export function FieldList({ schema, path, value, hand, mistakes, without = [] }: FieldListProps) {
  const required = new Set(schema.required ?? []);
  return (
    <div className="hw-fields">
      {Object.entries(schema.properties ?? {})
        .filter(([name, field]) => !without.includes(name) && kindOf(field) !== "const")
        .map(([name, field]) => (
          <div key={name} className="hw-field" data-broad={broad.has(kindOf(field)) || undefined}>
            <Field
              name={name}
              schema={field}
              title={titleOf(name, field)}
              path={[...path, name]}
              value={isFields(value) ? value[name] : undefined}
              required={required.has(name)}
              mistakes={mistakes}
              hand={hand}
            />
          </div>
        ))}
    </div>
  );
}
