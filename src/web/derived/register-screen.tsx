// Any register as a screen: columns, filters, search, order, totals, export, selection, and what can be begun here.
import { Button, Menu, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { moduleOf, type OperationEntry, type RegisterEntry, verbOf } from "../catalogue.ts";
import { columnsOf } from "../kit/columns.tsx";
import { DataTable } from "../kit/data-table.tsx";
import { numberText } from "../kit/format.ts";
import { Icon, moduleIcon } from "../kit/icon.tsx";
import { formPath, recordPath, RunButton, useGo, useOpenForm } from "../kit/link.tsx";
import { type Row, type Total, usePages } from "../kit/operation.ts";
import { EmptyState, LoadingLines, PageHeader, ProblemAlert } from "../kit/page.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { MoneyText } from "../kit/show.tsx";
import { screens } from "../screens.ts";
import { NoEntry } from "../shell/no-entry.tsx";
import { ScreenGate } from "../shell/screen-gate.tsx";
import { text } from "../text.ts";
import { BulkBar } from "./bulk.tsx";
import { Filters } from "./filters.tsx";
import { AsOf, ColumnChooser, ExportMenu, SavedViews } from "./list-tools.tsx";
import { type ListState, useListState } from "./use-list.ts";
import { usualOf } from "../kit/usual-columns.ts";

/** The filters already in force are what the new record will mostly be about. */
function CreateButtons({ register, fields }: { register: RegisterEntry; fields: Readonly<Record<string, string>> }) {
  const creating = useCatalogue().creating(register.name);
  const open = useOpenForm();
  const main = creating.find((one) => verbOf(one.name) === "create") ?? creating[0];
  const others = creating.filter((one) => one !== main);
  if (!main) return null;
  const known = (operation: OperationEntry): Record<string, string> =>
    Object.fromEntries(Object.entries(fields).filter(([name, value]) => operation.input.properties?.[name] && /^[\w-]+$/.test(value)));
  return (
    <>
      {others.length > 0 && (
        <Menu position="bottom-end" shadow="md" width={260}>
          <Menu.Target>
            <Button variant="default" rightSection={<Icon name="down" size={12} />}>
              {text.more}
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={420} style={{ overflow: "auto" }}>
            {others.map((one) => (
              <Menu.Item
                key={one.name}
                component="a"
                href={formPath(one.name, known(one))}
                onClick={(event: React.MouseEvent) => {
                  event.preventDefault();
                  open(one.name, known(one));
                }}
              >
                {one.title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <RunButton operation={main.name} fields={known(main)} leftSection={<Icon name="plus" size={14} />} />
    </>
  );
}

function SearchLine({ register, list }: { register: RegisterEntry; list: ListState }) {
  const input = useRef<HTMLInputElement>(null);
  const [asked, setAsked] = useState(list.search);
  const late = useDebouncedCallback((words: string) => list.set("search", words || undefined), 220);
  useHotkeys([["/", () => input.current?.focus()]]);
  useEffect(() => setAsked(list.search), [list.search]);
  if (!register.searchable) return null;
  return (
    <TextInput
      ref={input}
      size="xs"
      w={240}
      type="search"
      className="hw-list-search"
      leftSection={<Icon name="search" size={14} />}
      placeholder={text.list.search(register.title)}
      aria-label={text.list.search(register.title)}
      value={asked}
      onChange={(event) => {
        setAsked(event.currentTarget.value);
        late(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
        if (event.key === "ArrowDown") document.querySelector<HTMLElement>(".hw-tablebox")?.focus();
      }}
    />
  );
}

function footOf(totals: readonly Total[], shown: readonly string[]): Record<string, ReactNode> | undefined {
  const columns = [...new Set(totals.map((total) => total.column))].filter((column) => shown.includes(column));
  if (columns.length === 0) return undefined;
  return Object.fromEntries(
    columns.map((column) => [
      column,
      <span key={column} className="hw-totals">
        {totals
          .filter((total) => total.column === column)
          .map((total) => (
            <MoneyText key={total.currency} value={total} />
          ))}
      </span>,
    ]),
  );
}

function NothingHere({ register, list, isFiltered }: { register: RegisterEntry; list: ListState; isFiltered: boolean }) {
  const main = useCatalogue().creating(register.name)[0];
  if (isFiltered) {
    return (
      <EmptyState
        icon="filter"
        title={text.list.noneFound}
        says={text.list.noneFoundSays}
        action={
          <Button variant="default" onClick={list.clear}>
            {text.list.clearFilters}
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={moduleIcon(moduleOf(register.name))}
      title={text.list.empty(register.title)}
      says={register.does}
      action={main && <RunButton operation={main.name} />}
    />
  );
}

function Toolbar({
  register,
  list,
  all,
  shown,
  asked,
}: {
  register: RegisterEntry;
  list: ListState;
  all: readonly { name: string; title: string }[];
  shown: readonly string[];
  asked: Readonly<Record<string, unknown>>;
}) {
  const listing = useCatalogue().operation(`${register.name}.list`);
  return (
    <div className="hw-toolbar" role="toolbar" aria-label={text.list.tools}>
      <SearchLine key={register.name} register={register} list={list} />
      <Filters key={`${register.name}-filters`} register={register} filter={list.filter} onFilter={list.setFilter} />
      <span className="hw-toolbar-gap" />
      {register.dated && <AsOf value={list.asOf} onChange={(day) => list.set("asOf", day)} />}
      <SavedViews register={register} />
      <ColumnChooser all={all} shown={shown} onChange={(names) => list.set("columns", names.join(","))} />
      {listing && <ExportMenu register={register} list={listing} asked={asked} />}
    </div>
  );
}

function useTableFocus(): void {
  // The arrows go into the table from anywhere on the page that does not need them itself.
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "ArrowDown" || event.defaultPrevented) return;
      const at = document.activeElement;
      if (at && at !== document.body && at.id !== "page") return;
      const table = document.querySelector<HTMLElement>(".hw-tablebox");
      if (!table) return;
      event.preventDefault();
      table.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function Rows({ register, list }: { register: RegisterEntry; list: ListState }) {
  const asked = useMemo(
    () => ({ filter: list.filter, search: list.search || undefined, sort: list.sort, asOf: list.asOf }),
    [list.asOf, list.filter, list.search, list.sort],
  );
  const found = usePages(register.name, asked);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const go = useGo();
  const all = useMemo(() => columnsOf(register), [register]);
  const shown = useMemo(() => list.columns ?? usualOf(register), [list.columns, register]);
  const columns = useMemo(() => shown.flatMap((name) => all.find((column) => column.name === name) ?? []), [all, shown]);
  useTableFocus();
  const rows = found.rows;
  const chosenRows = useMemo(() => rows?.pick(chosen) ?? [], [rows, chosen]);
  const isFiltered = Object.keys(list.filter).length > 0 || list.search !== "";
  return (
    <>
      {chosenRows.length > 0 ? (
        <BulkBar register={register} rows={chosenRows} onClear={() => setChosen(new Set())} />
      ) : (
        <Toolbar register={register} list={list} all={all} shown={shown} asked={asked} />
      )}
      {found.error && <ProblemAlert problem={found.error} retry={() => void found.refetch()} />}
      {!rows && !found.error && <LoadingLines lines={12} />}
      {rows && rows.length === 0 && <NothingHere register={register} list={list} isFiltered={isFiltered} />}
      {rows && rows.length > 0 && (
        <DataTable<Row>
          fill
          label={register.title}
          rows={rows}
          columns={columns}
          sort={list.sort}
          onSort={(sort) => list.set("sort", sort)}
          onOpen={(row) => go(recordPath(register.name, row.id))}
          selected={chosen}
          onSelect={setChosen}
          onEnd={found.more}
          foot={footOf(found.totals, shown)}
        />
      )}
      {rows && rows.length > 0 && (
        <p className="hw-listfoot" role="status">
          {text.list.shown(numberText(rows.length), numberText(found.count ?? rows.length))}
          {found.isFetchingNextPage && ` ${text.loading}…`}
        </p>
      )}
    </>
  );
}

export default function RegisterScreen() {
  const { module = "", subject = "" } = useParams({ strict: false }) as { module?: string; subject?: string };
  const catalogue = useCatalogue();
  const name = `${module}.${subject}`;
  const register = catalogue.register(name);
  const list = useListState();
  const made = screens.find((screen) => screen.insteadOf?.register === name);
  if (made) {
    return (
      <ScreenGate needs={made.needs}>
        <made.component />
      </ScreenGate>
    );
  }
  if (!register) return <NoEntry needs={`${name}.list`} />;
  const department = catalogue.modules.find((one) => one.name === module);
  return (
    <div className="hw-listpage" key={name}>
      <PageHeader
        title={register.title}
        does={register.does}
        crumbs={department ? [{ title: department.title, to: `/m/${module}` }] : []}
        actions={<CreateButtons register={register} fields={list.filter} />}
      />
      <Rows register={register} list={list} />
    </div>
  );
}
