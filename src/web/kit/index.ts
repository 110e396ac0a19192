// The door of the kit: what hand-made screens are built from. See ../README.md.
export { columnsOf, type TableColumn } from "./columns.tsx";
export { DataTable, type DataTableProps } from "./data-table.tsx";
export {
  agoText,
  amountText,
  dayText,
  daysFromText,
  instantText,
  isMoney,
  moneyText,
  type MoneyValue,
  numberText,
  sentenceText,
  sizeText,
  stateText,
} from "./format.ts";
export { Icon, type IconName } from "./icon.tsx";
export { AppLink, formPath, RecordLink, recordPath, registerPath, reportPath, RunButton, useGo, useOpenForm } from "./link.tsx";
export { type Page, type Row, useMay, useOperation, usePage, useRecord, useRows, useRun } from "./operation.ts";
export { Beside, EmptyState, Loaded, LoadingLines, PageHeader, ProblemAlert, Says, Section } from "./page.tsx";
export { useQueryState } from "./query-state.ts";
export { type Me, useCalled, useCatalogue, useMe, useToday } from "./session.tsx";
export { DayText, InstantText, LongTextShown, MoneyText, StateBadge, toneOf, ValueText } from "./show.tsx";
export { Figure } from "./figure.tsx";
