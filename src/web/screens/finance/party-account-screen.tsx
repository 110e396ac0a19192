// The account of one customer or supplier as of a day: what is owed, what is late, how old it is, and everything that was booked.
import { SegmentedControl } from "@mantine/core";
import { RecordPicker } from "../../form/record-picker.tsx";
import {
  amountText,
  DataTable,
  DayText,
  dayText,
  daysFromText,
  EmptyState,
  Figure,
  Loaded,
  moneyText,
  numberText,
  PageHeader,
  RecordLink,
  recordPath,
  Section,
  type TableColumn,
  useCatalogue,
  useGo,
  useToday,
} from "../../kit/index.ts";
import { useQueryFields, useSetQueryFields } from "../../kit/query-state.ts";
import { AgeingBars } from "./ageing-bars.tsx";
import { words } from "./book-words.ts";
import "./finance.css";
import {
  type AccountItem,
  accountOperation,
  type Direction,
  glanceAt,
  isOpen,
  isOverdue,
  type PartyAccount,
  usePartyAccount,
} from "./party-account.ts";
import { isNothing } from "./statement.rules.ts";
import { AsOfControls, ExportMenu, KnownControl, Tools } from "./statement-parts.tsx";

const say = words.partyAccount;

type ItemRow = AccountItem & { readonly id: string };

function Reference({ item }: { item: AccountItem }) {
  const register = useCatalogue().register(item.documentSubject ?? "");
  if (register && item.documentId) return <RecordLink register={register.name} id={item.documentId} label={item.reference} />;
  return <RecordLink register="finance.journalEntry" id={item.entryId} label={item.reference} />;
}

function Due({ item, asOf }: { item: AccountItem; asOf: string }) {
  if (!isOverdue(item, asOf)) return <DayText value={item.dueDay} />;
  return (
    <span className="hw-late" title={say.late(daysFromText(item.dueDay, asOf))}>
      ▲ <DayText value={item.dueDay} />
    </span>
  );
}

function columnsFor(asOf: string, isOnlyOpen: boolean, hasForeign: boolean): readonly TableColumn<ItemRow>[] {
  return [
    { name: "reference", title: words.document, main: true, width: 170, cell: (item) => <Reference item={item} /> },
    { name: "day", title: words.day, width: 112, cell: (item) => <DayText value={item.day} /> },
    { name: "text", title: words.text, width: 260, cell: (item) => <span title={item.text}>{item.text}</span> },
    { name: "due", title: say.due, width: 128, cell: (item) => <Due item={item} asOf={asOf} /> },
    ...(hasForeign
      ? [
          {
            name: "foreign",
            title: say.foreign,
            right: true,
            width: 130,
            isEmpty: (item: ItemRow) => item.foreign === null,
            cell: (item: ItemRow) => item.foreign && moneyText(item.foreign),
          },
        ]
      : []),
    { name: "amount", title: say.amount, right: true, width: 120, cell: (item) => amountText(item.amount.amount) },
    {
      name: "open",
      title: say.stillOpen,
      right: true,
      width: 120,
      isEmpty: (item) => !isOpen(item),
      cell: (item) => (isNothing(item.open) ? <span className="hw-dim">—</span> : amountText(item.open.amount)),
    },
    ...(isOnlyOpen
      ? []
      : [{ name: "balance", title: words.balance, right: true, width: 130, cell: (item: ItemRow) => amountText(item.balance.amount) }]),
  ];
}

function Items({ account }: { account: PartyAccount }) {
  const go = useGo();
  const { show = "all" } = useQueryFields();
  const change = useSetQueryFields();
  const isOnlyOpen = show === "open";
  const items = account.rows.filter((item) => !isOnlyOpen || isOpen(item)).map((item): ItemRow => ({ ...item, id: item.itemId }));
  // What came last is what one looks for.
  const newestFirst = items.toReversed();
  return (
    <Section
      title={isOnlyOpen ? say.owed : say.lines}
      count={numberText(items.length)}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={say.which}
          value={show}
          onChange={(value) => change({ show: value === "open" ? value : undefined })}
          data={[
            { value: "all", label: say.everything },
            { value: "open", label: say.onlyOpen },
          ]}
        />
      }
    >
      {newestFirst.length === 0 ? (
        <EmptyState icon="list" title={isOnlyOpen ? say.noneOpen : say.empty} says={isOnlyOpen ? say.noneOpenSays : say.emptySays} />
      ) : (
        <DataTable
          label={isOnlyOpen ? say.owed : say.lines}
          rows={newestFirst}
          columns={columnsFor(
            account.asOf,
            isOnlyOpen,
            newestFirst.some((item) => item.foreign !== null),
          )}
          onOpen={(item) => go(recordPath("finance.journalEntry", item.entryId))}
        />
      )}
    </Section>
  );
}

function Shown({ account }: { account: PartyAccount }) {
  const glance = glanceAt(account);
  return (
    <>
      <div className="hw-party-top">
        <div className="hw-figures hw-figures-broad">
          <Figure title={say.closing(dayText(account.asOf))} value={account.closing} note={say.itemsOpen(numberText(glance.openCount))} />
          <Figure title={say.overdue} value={glance.overdue} note={say.itemsOpen(numberText(glance.overdueCount))} />
          {glance.creditCount > 0 && <Figure title={say.credit} value={glance.credit} note={say.creditSays} />}
        </div>
        <Section title={say.ageing}>
          <p className="hw-dim hw-small">{say.ageingSays(dayText(account.asOf), account.currency)}</p>
          <AgeingBars ageing={account.ageing} />
        </Section>
      </div>
      <Items account={account} />
    </>
  );
}

export function PartyAccountScreen({ direction }: { direction: Direction }) {
  const today = useToday();
  const { partyId, asOf = today, asKnownAt } = useQueryFields();
  const change = useSetQueryFields();
  const found = usePartyAccount(direction, partyId, asOf, asKnownAt);
  const isCustomer = direction === "customer";
  const register = isCustomer ? "directory.customer" : "directory.supplier";
  const title = isCustomer ? say.customer : say.supplier;
  return (
    <>
      <PageHeader
        title={partyId && found.data ? <RecordLink register={register} id={partyId} label={found.data.party} /> : title}
        tabTitle={found.data ? `${title} ${found.data.party}` : title}
        does={isCustomer ? say.customerDoes : say.supplierDoes}
        crumbs={[{ title: words.finance, to: "/m/finance" }, { title }]}
        actions={partyId && <ExportMenu operation={accountOperation[direction]} asked={{ partyId, asOf, asKnownAt }} />}
      />
      <Tools>
        <div className="hw-tools-account">
          <RecordPicker
            register={register}
            label={isCustomer ? say.chooseCustomer : say.chooseSupplier}
            value={partyId}
            onChange={(id) => change({ partyId: id ?? undefined }, { push: true })}
          />
        </div>
        <AsOfControls />
        <KnownControl />
      </Tools>
      {partyId ? (
        <div className="hw-report" aria-live="polite" aria-busy={found.isFetching}>
          <Loaded query={found} lines={12}>
            {(account) => <Shown account={account} />}
          </Loaded>
        </div>
      ) : (
        <EmptyState icon="person" title={say.chooseTitle} says={say.chooseSays} />
      )}
    </>
  );
}
