// What can be done with a record now, and what can be looked at about it.
import { Button, Menu } from "@mantine/core";
import type { MouseEvent } from "react";
import { isGrave, type OperationEntry, type RegisterEntry, subjectOf, verbOf } from "../catalogue.ts";
import { Icon } from "../kit/icon.tsx";
import { formPath, reportPath, RunButton, useGo, useOpenForm } from "../kit/link.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { text } from "../text.ts";

/** The step that carries the work on comes first; changes of details and what takes away come last. */
function weightOf(operation: OperationEntry): number {
  const verb = verbOf(operation.name);
  if (isGrave(operation.name)) return 4;
  // What another department does with the record is rarely its next step.
  if (operation.on !== subjectOf(operation.name)) return 3;
  if (/^(update|change|edit|rename|correct|revise)/.test(verb)) return 1;
  return /^(add|set|note|attach|tag|import)/.test(verb) ? 2 : 0;
}

interface RecordActionsProps {
  readonly register: RegisterEntry;
  readonly id: string;
  readonly can: readonly string[];
}

const onPlainClick = (does: () => void) => (event: MouseEvent) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  does();
};

export function RecordActions({ register, id, can }: RecordActionsProps) {
  const catalogue = useCatalogue();
  const open = useOpenForm();
  const go = useGo();
  const actions = can
    .flatMap((name) => catalogue.operation(name) ?? [])
    .filter((one) => one.target)
    .toSorted((a, b) => weightOf(a) - weightOf(b));
  const views = catalogue.viewing(register.name);
  const [main, second] = actions.filter((one) => !isGrave(one.name));
  const rest = actions.filter((one) => one !== main && one !== second);
  const fieldsOf = (operation: OperationEntry): Record<string, string> => ({ [operation.target!]: id });
  return (
    <>
      {(rest.length > 0 || views.length > 0) && (
        <Menu position="bottom-end" shadow="md" width={280}>
          <Menu.Target>
            <Button variant="default" rightSection={<Icon name="down" size={12} />}>
              {text.more}
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={460} style={{ overflow: "auto" }}>
            {views.length > 0 && <Menu.Label>{text.record.views}</Menu.Label>}
            {views.map((one) => (
              <Menu.Item
                key={one.name}
                component="a"
                href={reportPath(one.name, fieldsOf(one))}
                leftSection={<Icon name="report" size={14} />}
                onClick={onPlainClick(() => go(reportPath(one.name, fieldsOf(one))))}
              >
                {one.title}
              </Menu.Item>
            ))}
            {rest.length > 0 && views.length > 0 && <Menu.Divider />}
            {rest.map((one) => (
              <Menu.Item
                key={one.name}
                component="a"
                href={formPath(one.name, fieldsOf(one))}
                className={isGrave(one.name) ? "hw-grave" : undefined}
                onClick={onPlainClick(() => open(one.name, fieldsOf(one)))}
              >
                {one.title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {second && <RunButton operation={second.name} fields={fieldsOf(second)} variant="default" />}
      {main && <RunButton operation={main.name} fields={fieldsOf(main)} variant={weightOf(main) === 0 ? "filled" : "default"} />}
    </>
  );
}
