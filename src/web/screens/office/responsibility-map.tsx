// The responsibility map: who answers for what, as of a day, as it is and as it would be with another preset.
import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { AsOf } from "../../derived/list-tools.tsx";
import {
  AppLink,
  EmptyState,
  Icon,
  Loaded,
  PageHeader,
  ProblemAlert,
  reportPath,
  RunButton,
  stateText,
  useCatalogue,
  useMay,
  useMe,
  useOperation,
  useQueryState,
  useToday,
} from "../../kit/index.ts";
import { PresetSwitch } from "./preset-switch.tsx";
import "./responsibility.css";
import { ResponsibilityTable } from "./responsibility-table.tsx";
import { changesBetween, departmentOf, fitting, type ResponsibilityMap } from "./responsibility.ts";
import { handOverWords, mapWords as words } from "./words.ts";

function useWish() {
  const me = useMe();
  const [search, setSearch] = useQueryState("search");
  const [department, setDepartment] = useQueryState("department");
  const [mine, setMine] = useQueryState("mine");
  return { search, setSearch, department, setDepartment, mine, setMine, personId: mine ? me.personId : null };
}

function Tools({ wish, map }: { wish: ReturnType<typeof useWish>; map: ResponsibilityMap }) {
  const me = useMe();
  const titles = new Map(useCatalogue().modules.map((one) => [one.name, one.title]));
  const departments = [...new Set(map.rows.map((work) => departmentOf(work.activity)))];
  return (
    <div className="hw-toolbar">
      <TextInput
        size="xs"
        className="hw-list-search"
        aria-label={words.search}
        placeholder={words.search}
        leftSection={<Icon name="search" size={14} />}
        value={wish.search}
        onChange={(event) => wish.setSearch(event.currentTarget.value)}
      />
      <Select
        size="xs"
        aria-label={words.department}
        placeholder={words.everyDepartment}
        clearable
        data={departments.map((value) => ({ value, label: titles.get(value) ?? stateText(value) }))}
        value={wish.department || null}
        onChange={(value) => wish.setDepartment(value ?? undefined)}
      />
      {me.personId && (
        <Checkbox
          size="xs"
          label={words.mine}
          checked={Boolean(wish.mine)}
          onChange={(event) => wish.setMine(event.currentTarget.checked ? "1" : undefined)}
        />
      )}
    </div>
  );
}

function MapShown({ now, then }: { now: ResponsibilityMap; then: ResponsibilityMap | undefined }) {
  const wish = useWish();
  const shown = then ?? now;
  const was = useMemo(
    () => new Map(then ? changesBetween(now.rows, then.rows).map(({ work, from }) => [work.activity, from]) : []),
    [now, then],
  );
  const rows = fitting(shown.rows, wish);
  if (shown.rows.length === 0) return <EmptyState icon="people" title={words.none} says={words.noneSays} />;
  return (
    <>
      <Tools wish={wish} map={shown} />
      {rows.length === 0 ? (
        <EmptyState icon="search" title={words.noneFound} says={words.noneFoundSays} />
      ) : (
        <ResponsibilityTable rows={rows} was={was} />
      )}
    </>
  );
}

export default function ResponsibilityMapScreen() {
  const today = useToday();
  const [asOf, setAsOf] = useQueryState("asOf");
  const [size, setSize] = useQueryState("size");
  const asked = asOf ? { asOf } : {};
  const now = useOperation<ResponsibilityMap>("office.responsibility.map", asked, { keep: true });
  const isOther = Boolean(size) && now.data !== undefined && size !== now.data.inForce;
  const would = useOperation<ResponsibilityMap>("office.responsibility.map", { ...asked, size }, { enabled: isOther });
  const then = isOther ? would.data : undefined;
  const mayHandOver = useMay("office.responsibility.handOver");
  const title = useCatalogue().modules.find((one) => one.name === "office")?.title ?? "";
  return (
    <>
      <PageHeader
        title={words.title}
        does={words.does}
        crumbs={[{ title, to: "/m/office" }]}
        beside={<AsOf value={asOf || undefined} onChange={setAsOf} />}
        actions={
          <>
            <Button component={AppLink} to={reportPath("office.responsibility.answered")} variant="default">
              {words.answered}
            </Button>
            {mayHandOver && (
              <Button component={AppLink} to="/office/hand-over" variant="default">
                {handOverWords.title}
              </Button>
            )}
            <RunButton operation="office.responsibility.assign" fields={{ from: today }} />
          </>
        }
      />
      <Loaded query={now} lines={12}>
        {(map) => (
          <>
            <PresetSwitch now={map} then={then} size={size} onLook={setSize} />
            {isOther && would.error && <ProblemAlert problem={would.error} retry={() => void would.refetch()} />}
            <MapShown now={map} then={then} />
          </>
        )}
      </Loaded>
    </>
  );
}
