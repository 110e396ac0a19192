// A list of objects as an editable grid: one line each, worked with Tab and Enter; on a phone each line is a card.
import { ActionIcon, Button, Input } from "@mantine/core";
import { type KeyboardEvent, memo, type ReactNode, useRef } from "react";
import { type JsonSchema, kindOf, present, titleOf } from "../catalogue.ts";
import { Icon } from "../kit/icon.tsx";
import { isRightAligned } from "../kit/show.tsx";
import { text } from "../text.ts";
import type { ControlProps, FormHand, Path } from "./control.ts";
import { blankOf, isFields, type Mistakes, pathKey } from "./draft.ts";

export type FieldRenderer = (props: Omit<ControlProps, "kind"> & { readonly name: string }) => ReactNode;

interface LineProps {
  readonly schema: JsonSchema;
  readonly line: unknown;
  readonly path: Path;
  readonly index: number;
  readonly hand: FormHand;
  readonly mistakes: Mistakes;
  /** The mistakes of this line as one text, so that a line is drawn anew only when its own change. */
  readonly said: string;
  readonly render: FieldRenderer;
  readonly onRemove: (index: number) => void;
}

const Line = memo(
  function Line({ schema, line, path, index, hand, mistakes, render, onRemove }: LineProps) {
    const required = new Set(schema.required ?? []);
    return (
      <tr>
        <td className="hw-lines-number">{index + 1}</td>
        {Object.entries(schema.properties ?? {}).map(([name, field]) => (
          <td key={name} data-title={titleOf(name, field)}>
            {render({
              name,
              schema: field,
              title: `${titleOf(name, field)}, ${text.form.line(index + 1)}`,
              path: [...path, index, name],
              value: isFields(line) ? line[name] : undefined,
              required: required.has(name),
              mistakes,
              hand,
              bare: true,
            })}
          </td>
        ))}
        <td className="hw-lines-remove">
          <ActionIcon aria-label={text.form.removeLine(index + 1)} onClick={() => onRemove(index)}>
            <Icon name="close" size={14} />
          </ActionIcon>
        </td>
      </tr>
    );
  },
  (before, after) =>
    before.line === after.line && before.index === after.index && before.said === after.said && before.onRemove === after.onRemove,
);

const wide: Readonly<Record<string, number>> = {
  money: 190,
  day: 140,
  ref: 200,
  longText: 220,
  file: 220,
  integer: 84,
  decimal: 92,
  boolean: 60,
  enum: 140,
};
const widthOfField = (field: JsonSchema): number => wide[kindOf(field)] ?? 170;

const saidOf = (mistakes: Mistakes, path: Path): string => {
  const start = `${pathKey(path)}.`;
  return [...mistakes].filter(([key]) => key.startsWith(start)).join("|");
};

function Grid({
  items,
  list,
  path,
  hand,
  mistakes,
  render,
  onRemove,
}: {
  items: JsonSchema;
  list: readonly unknown[];
  path: Path;
  hand: FormHand;
  mistakes: Mistakes;
  render: FieldRenderer;
  onRemove: (index: number) => void;
}) {
  const fields = Object.entries(items.properties ?? {});
  const least = fields.reduce((sum, [, field]) => sum + widthOfField(field), 76);
  return (
    <div className="hw-scroll">
      <table className="hw-lines" style={{ minWidth: least }}>
        <colgroup>
          <col style={{ width: 34 }} />
          {fields.map(([name, field]) => (
            <col key={name} style={{ width: widthOfField(field) }} />
          ))}
          <col style={{ width: 42 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <span className="hw-hidden">{text.form.number_}</span>
            </th>
            {fields.map(([name, field]) => (
              <th scope="col" key={name} data-right={isRightAligned(kindOf(field)) || undefined}>
                {titleOf(name, field)}
              </th>
            ))}
            <th scope="col">
              <span className="hw-hidden">{text.remove}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map((line, index) => (
            <Line
              key={index}
              schema={items}
              line={line}
              path={path}
              index={index}
              hand={hand}
              mistakes={mistakes}
              said={saidOf(mistakes, [...path, index])}
              render={render}
              onRemove={onRemove}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** An array of objects. `render` draws one field; it is given, so that grid and fields do not import each other. */
export function LinesControl({ render, ...props }: ControlProps & { readonly render: FieldRenderer }) {
  const { schema, path, value, hand, mistakes, title } = props;
  const items = present(present(schema).items ?? {});
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  const box = useRef<HTMLFieldSetElement>(null);
  const now = useRef(list);
  now.current = list;
  const remove = useRef((index: number) =>
    hand.set(
      path,
      now.current.filter((_, at) => at !== index),
    ),
  );
  const add = (): void => {
    hand.set([...path, list.length], blankOf(items) ?? {});
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>("tbody tr:last-child input, tbody tr:last-child textarea")?.focus(),
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (
      event.key !== "Enter" ||
      event.defaultPrevented ||
      !target.matches("input:not([type=file])") ||
      target.getAttribute("aria-expanded") === "true"
    )
      return;
    // Enter goes to the next line; in the last one it begins another.
    event.preventDefault();
    const row = target.closest("tr");
    const next = row?.nextElementSibling;
    const column = target.closest("td") as HTMLTableCellElement | null;
    if (next && column) (next as HTMLTableRowElement).cells[column.cellIndex]?.querySelector<HTMLElement>("input")?.focus();
    else add();
  };
  const own = mistakes.get(pathKey(path));
  return (
    <fieldset ref={box} className="hw-fieldset" onKeyDown={onKeyDown}>
      <legend>{title}</legend>
      {schema.description && <Input.Description>{schema.description}</Input.Description>}
      {list.length > 0 && (
        <Grid items={items} list={list} path={path} hand={hand} mistakes={mistakes} render={render} onRemove={remove.current} />
      )}
      {own && <Input.Error mt={4}>{own}</Input.Error>}
      <Button variant="subtle" leftSection={<Icon name="plus" size={14} />} onClick={add} mt={4}>
        {text.form.addLine}
      </Button>
    </fieldset>
  );
}
