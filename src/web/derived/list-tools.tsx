// The tools beside a register: columns, saved views, export, the day it is seen as of.
import { ActionIcon, Button, Checkbox, Menu, Popover, Stack, TextInput, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useLocalStorage } from "@mantine/hooks";
import { useLocation } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { OperationEntry, RegisterEntry } from "../catalogue.ts";
import { asProblem, download, readPath } from "../client.ts";
import { DayField } from "../form/day-field.tsx";
import { Icon } from "../kit/icon.tsx";
import { useGo } from "../kit/link.tsx";
import { useToday } from "../kit/session.tsx";
import { text } from "../text.ts";

interface ChooserProps {
  readonly all: readonly { readonly name: string; readonly title: string }[];
  readonly shown: readonly string[];
  readonly onChange: (names: readonly string[]) => void;
}

export function ColumnChooser({ all, shown, onChange }: ChooserProps) {
  return (
    <Popover position="bottom-end" shadow="md" width={260} trapFocus withRoles>
      <Popover.Target>
        <Tooltip label={text.list.columns}>
          <ActionIcon variant="default" size={30} aria-label={text.list.columns}>
            <Icon name="columns" size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={text.list.columns}>
        <Stack gap={8} mah={380} style={{ overflow: "auto" }}>
          {all.map((column) => (
            <Checkbox
              key={column.name}
              label={column.title}
              checked={shown.includes(column.name)}
              disabled={shown.length === 1 && shown.includes(column.name)}
              onChange={(event) => {
                const on = event.currentTarget.checked;
                onChange(all.map((one) => one.name).filter((name) => (name === column.name ? on : shown.includes(name))));
              }}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface View {
  readonly name: string;
  readonly query: string;
}

export function SavedViews({ register }: { register: RegisterEntry }) {
  const [views, setViews] = useLocalStorage<View[]>({
    key: `heartwood.views.${register.name}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const { pathname, searchStr } = useLocation();
  const [name, setName] = useState("");
  const go = useGo();
  const here = views.find((view) => view.query === searchStr);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (!name.trim()) return;
    setViews([...views.filter((view) => view.name !== name.trim()), { name: name.trim(), query: searchStr }]);
    setName("");
  };
  return (
    <Popover position="bottom-end" shadow="md" width={280} trapFocus withRoles>
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="bookmark" size={14} />}>
          {here?.name ?? text.list.views}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={text.list.views}>
        {views.length === 0 && <p className="hw-dim hw-small">{text.list.noViews}</p>}
        <ul className="hw-views">
          {views.map((view) => (
            <li key={view.name}>
              <button
                type="button"
                className="hw-textbutton"
                aria-current={view === here || undefined}
                onClick={() => go(`${pathname}${view.query}`)}
              >
                {view.name}
              </button>
              <ActionIcon
                size={24}
                aria-label={text.list.removeView(view.name)}
                onClick={() => setViews(views.filter((one) => one !== view))}
              >
                <Icon name="close" size={12} />
              </ActionIcon>
            </li>
          ))}
        </ul>
        <form onSubmit={save} className="hw-inline-form">
          <TextInput
            aria-label={text.list.viewName}
            placeholder={text.list.viewName}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!name.trim()}>
            {text.save}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

interface ExportProps {
  readonly register: RegisterEntry;
  readonly list: OperationEntry;
  readonly asked: Readonly<Record<string, unknown>>;
}

export function ExportMenu({ register, list, asked }: ExportProps) {
  const [busy, setBusy] = useState(false);
  const fetchAs = async (format: "csv" | "xlsx"): Promise<void> => {
    setBusy(true);
    try {
      await download(readPath(list, { ...asked, format }), `${register.title}.${format}`);
    } catch (error) {
      const problem = asProblem(error);
      notifications.show({ color: "red", title: text.list.exportFailed, message: problem.detail || problem.title });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Tooltip label={text.list.export}>
          <ActionIcon variant="default" size={30} aria-label={text.list.export} loading={busy}>
            <Icon name="download" size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void fetchAs("csv")}>{text.list.csv}</Menu.Item>
        <Menu.Item onClick={() => void fetchAs("xlsx")}>{text.list.xlsx}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** For a register with a history: how it stood on another day. */
export function AsOf({ value, onChange }: { value: string | undefined; onChange: (day: string | undefined) => void }) {
  const today = useToday();
  return (
    <div className="hw-asof" data-on={value ? true : undefined}>
      <Icon name="clock" size={14} />
      <span>{text.list.asOf}</span>
      <DayField
        aria-label={text.list.asOfDay}
        variant="unstyled"
        size="xs"
        w={value ? 118 : 92}
        value={value ?? today}
        clearable={Boolean(value)}
        onChange={(day) => onChange(day && day !== today ? day : undefined)}
      />
    </div>
  );
}
