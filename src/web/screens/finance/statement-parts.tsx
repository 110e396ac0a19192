// What the three statements share: the way between them, the controls of their days, the export, and the proof that they are right.
import { Alert, Button, Menu, NativeSelect } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type ReactNode, useState } from "react";
import type { Day } from "../../../kernel/day.ts";
import { asProblem, download, readPath } from "../../client.ts";
import { DayField } from "../../form/day-field.tsx";
import { RecordPicker } from "../../form/record-picker.tsx";
import { amountText, AppLink, dayText, Icon, useCatalogue, useMay, usePage, useToday } from "../../kit/index.ts";
import { queryText } from "../../kit/query.ts";
import { useQueryFields, useSetQueryFields } from "../../kit/query-state.ts";
import { useWithin } from "../../kit/within.ts";
import { words } from "./book-words.ts";
import { words as reportWords } from "./reports/words.ts";
import { type DayName, daysOn, type RangeName, rangesOn } from "./range.rules.ts";
import { differenceOf, isNothing, percentOf, type StatementLine } from "./statement.rules.ts";
import { AmountShown, type StatementColumn } from "./statement-table.tsx";

/** What a statement is narrowed to, and read as known at. */
export interface Narrowed {
  readonly unitId: string | undefined;
  readonly dimensionValueId: string | undefined;
  readonly bookId: string | undefined;
  readonly asKnownAt: string | undefined;
}

export function useNarrowed(): Narrowed {
  const { unitId, dimensionValueId, bookId, asKnownAt } = useQueryFields();
  return { unitId, dimensionValueId, bookId, asKnownAt };
}

/** The lines behind an account's amount. */
export const linesPath = (account: StatementLine, from: string, to: string, narrowed?: Narrowed): string =>
  ledgerPath(account.code ?? account.key, from, to, narrowed);

export const ledgerPath = (account: string, from: string, to: string, narrowed?: Narrowed): string =>
  `/finance/ledger${queryText(Object.entries({ account, from, to, ...narrowed }))}`;

/** What an amount of an account, a group or a total is asked for its explanation. */
export function explainedIn(report: string, asked: Readonly<Record<string, string | undefined>>) {
  return (line: StatementLine): Readonly<Record<string, string | undefined>> | undefined => {
    if (line.part) return { report, part: line.part, ...asked };
    return line.isTotal || line.to ? undefined : { report, accountId: line.key, ...asked };
  };
}

/** The day whose knowledge a report is read with; empty is now. */
export function KnownControl({ isSmall = false }: { isSmall?: boolean }) {
  const { asKnownAt } = useQueryFields();
  const change = useSetQueryFields();
  return (
    <DayField
      {...(isSmall ? { size: "xs", "aria-label": reportWords.known.label } : { label: reportWords.known.label })}
      title={reportWords.known.description}
      placeholder={isSmall ? reportWords.known.small : reportWords.known.now}
      value={asKnownAt}
      onChange={(day) => change({ asKnownAt: day ?? undefined })}
    />
  );
}

/** A choice that stands in the address. */
export function ChoiceControl({ name, label, choices }: { name: string; label: string; choices: readonly (readonly [string, string])[] }) {
  const { [name]: chosen = choices[0]![0] } = useQueryFields();
  const change = useSetQueryFields();
  return (
    <NativeSelect
      label={label}
      data={choices.map(([value, title]) => ({ value, label: title }))}
      value={chosen}
      onChange={(event) => change({ [name]: event.currentTarget.value === choices[0]![0] ? undefined : event.currentTarget.value })}
    />
  );
}

const family = [
  { title: words.statement.trialBalance, path: "/finance/trial-balance", operation: "finance.trialBalance.get", hasRange: false },
  { title: words.statement.profitAndLoss, path: "/finance/profit-and-loss", operation: "finance.profitAndLoss.get", hasRange: true },
  { title: words.statement.balanceSheet, path: "/finance/balance-sheet", operation: "finance.balanceSheet.get", hasRange: false },
  { title: reportWords.cashFlow.title, path: "/finance/cash-flow", operation: "finance.cashFlow.get", hasRange: true },
  { title: reportWords.equity.title, path: "/finance/equity", operation: "finance.equity.get", hasRange: true },
];

/** The three statements side by side; the last day shown goes along. */
export function StatementFamily({ here }: { here: string }) {
  const { asOf, to, bookId, asKnownAt } = useQueryFields();
  const catalogue = useCatalogue();
  const until = asOf ?? to;
  return (
    <nav aria-label={words.statement.family} className="hw-family">
      {family
        .filter((one) => catalogue.may(one.operation))
        .map((one) => (
          <AppLink
            key={one.path}
            to={`${one.path}${queryText([
              [one.hasRange ? "to" : "asOf", until],
              ["bookId", bookId],
              ["asKnownAt", asKnownAt],
            ])}`}
            aria-current={one.operation === here ? "page" : undefined}
          >
            {one.title}
          </AppLink>
        ))}
    </nav>
  );
}

export function ExportMenu({ operation, asked }: { operation: string; asked: Readonly<Record<string, unknown>> }) {
  const entry = useCatalogue().operation(operation);
  const within = useWithin();
  const [busy, setBusy] = useState(false);
  if (!entry) return null;
  const save = async (format: "csv" | "xlsx"): Promise<void> => {
    setBusy(true);
    try {
      await download(readPath(entry, { ...within(operation, asked), format }), `${entry.title}.${format}`);
    } catch (error) {
      const problem = asProblem(error);
      notifications.show({ color: "red", title: words.exportFailed, message: problem.detail || problem.title });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="download" size={14} />} loading={busy}>
          {words.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save("csv")}>{words.exportCsv}</Menu.Item>
        <Menu.Item onClick={() => void save("xlsx")}>{words.exportXlsx}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The controls above a statement. */
export const Tools = ({ children }: { children: ReactNode }) => <div className="hw-parameters hw-tools">{children}</div>;

/** The day a balance is looked at. */
export function AsOfControls() {
  const today = useToday();
  const { asOf = today } = useQueryFields();
  const change = useSetQueryFields();
  const days = daysOn(today as Day);
  const named = (Object.keys(days) as DayName[]).find((name) => days[name] === asOf) ?? "other";
  const set = (day: string | null | undefined): void => change({ asOf: !day || day === today ? undefined : day });
  const names: readonly (DayName | "other")[] = [...(Object.keys(days) as DayName[]), ...(named === "other" ? (["other"] as const) : [])];
  return (
    <>
      <NativeSelect
        label={words.statement.when}
        data={names.map((name) => ({ value: name, label: words.statement.ranges[name] }))}
        value={named}
        onChange={(event) => set(days[event.currentTarget.value as DayName])}
      />
      <DayField label={words.asOf} required withAsterisk={false} value={asOf} onChange={set} />
    </>
  );
}

/** The days between which one looks; `shown` are those of the answer, when the address leaves them open. */
export function RangeControls({ shown }: { shown: { readonly from?: string; readonly to?: string } }) {
  const today = useToday();
  const { from, to } = useQueryFields();
  const change = useSetQueryFields();
  const ranges = rangesOn(today as Day);
  const found = (Object.keys(ranges) as RangeName[]).find((name) => ranges[name].from === from && ranges[name].to === to);
  const named = found ?? (from || to ? "other" : "year");
  const names: readonly (RangeName | "year" | "other")[] = [
    "year",
    ...(Object.keys(ranges) as RangeName[]),
    ...(named === "other" ? (["other"] as const) : []),
  ];
  return (
    <>
      <NativeSelect
        label={words.statement.when}
        data={names.map((name) => ({ value: name, label: words.statement.ranges[name] }))}
        value={named}
        onChange={(event) => {
          const range = ranges[event.currentTarget.value as RangeName];
          change({ from: range?.from, to: range?.to });
        }}
      />
      <DayField
        label={words.from}
        required
        withAsterisk={false}
        value={from ?? shown.from}
        onChange={(day) => day && change({ from: day, to: to ?? shown.to })}
      />
      <DayField
        label={words.until}
        required
        withAsterisk={false}
        value={to ?? shown.to}
        onChange={(day) => day && change({ from: from ?? shown.from, to: day })}
      />
    </>
  );
}

type CompareName = keyof typeof words.statement.compares;

/** What stands beside it; the word is in the address. */
export function CompareControl({ names }: { names: readonly CompareName[] }) {
  const { compare = "nothing" } = useQueryFields();
  const change = useSetQueryFields();
  return (
    <NativeSelect
      label={words.statement.compare}
      data={names.map((name) => ({ value: name, label: words.statement.compares[name] }))}
      value={compare}
      onChange={(event) => change({ compare: event.currentTarget.value === "nothing" ? undefined : event.currentTarget.value })}
    />
  );
}

/** Of which cost centre, and of which value of a dimension where the company has any. */
export function NarrowControls() {
  const { unitId, dimensionValueId } = useQueryFields();
  const change = useSetQueryFields();
  const hasUnits = useMay("directory.unit.list");
  const hasValues = useMay("finance.dimensionValue.list");
  const values = usePage("finance.dimensionValue", { limit: 1 }, { enabled: hasValues });
  return (
    <>
      {hasUnits && (
        <RecordPicker
          register="directory.unit"
          label={words.unit}
          placeholder={words.everyUnit}
          value={unitId}
          onChange={(id) => change({ unitId: id ?? undefined })}
        />
      )}
      {(values.data?.rows.length ?? 0) > 0 && (
        <RecordPicker
          register="finance.dimensionValue"
          label={words.dimensionValue}
          placeholder={words.everyValue}
          value={dimensionValueId}
          onChange={(id) => change({ dimensionValueId: id ?? undefined })}
        />
      )}
    </>
  );
}

export const WithoutPay = () => (
  <p className="hw-dim hw-small" role="note">
    {words.withoutPay}
  </p>
);

/** Says that both sides are equal, or that they are not. */
export function Proof({ holds, says }: { holds: boolean; says: string }) {
  if (!holds) {
    return (
      <Alert color="red" role="alert" icon={<Icon name="alert" />} title={says} className="hw-problem">
        {words.statement.neverSo}
      </Alert>
    );
  }
  return (
    <p className="hw-proof">
      <Icon name="check" size={16} /> <span className="hw-number">{says}</span>
    </p>
  );
}

export const rangeWords = (from: string, to: string): string => words.statement.rangeText(dayText(from), dayText(to));

/** The two columns that say what changed between the first two amounts of a line. */
export const changeColumns: readonly StatementColumn[] = [
  {
    name: "change",
    title: words.statement.change,
    isQuiet: true,
    cell: ({ amounts: [now, before] }) => {
      const change = now && before ? differenceOf(now, before) : null;
      return change && !isNothing(change) ? <AmountShown amount={change} /> : null;
    },
  },
  {
    name: "percent",
    title: words.statement.percent,
    isQuiet: true,
    cell: ({ amounts: [now, before] }) => {
      const percent = now && before ? percentOf(now, before) : null;
      return percent === null || percent === "0.0" ? null : <span className="hw-number">{amountText(percent)} %</span>;
    },
  },
];
