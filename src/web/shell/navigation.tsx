// The left side: Today, the person's own work, then each department with its screens, registers and reports, in areas where there are many.
import { useLocalStorage } from "@mantine/hooks";
import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { Icon, type IconName, moduleIcon } from "../kit/icon.tsx";
import { AppLink } from "../kit/link.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { text } from "../text.ts";
import { type Department, departmentsOf, type Place } from "./places.ts";
import { useOpenWork } from "./open-work.ts";

interface ItemProps {
  readonly to: string;
  readonly here: boolean;
  readonly icon?: IconName;
  readonly badge?: number;
  readonly onFollow?: () => void;
  readonly children: ReactNode;
}

function Item({ to, here, icon, badge, onFollow, children }: ItemProps) {
  return (
    <li>
      <AppLink to={to} className="hw-nav-item" aria-current={here ? "page" : undefined} onClick={onFollow}>
        {icon && <Icon name={icon} size={16} />}
        <span className="hw-nav-words">{children}</span>
        {badge !== undefined && badge > 0 && (
          <span className="hw-nav-badge" aria-label={text.openCount(badge)}>
            {badge > 99 ? "99+" : badge}
          </span>
        )}
      </AppLink>
    </li>
  );
}

const covers = (to: string, path: string): boolean => path === to || path.startsWith(`${to}/`);

interface PlacesProps {
  readonly places: readonly Place[];
  readonly path: string;
  readonly onFollow?: () => void;
}

function Places({ places, path, onFollow }: PlacesProps) {
  return places.map((place) => (
    <Item key={place.to} to={place.to} here={covers(place.to, path)} onFollow={onFollow}>
      {place.title}
    </Item>
  ));
}

/** Lists and screens first, then what is only read. */
function AllPlaces({ places, ...rest }: PlacesProps) {
  const reports = places.filter((place) => place.kind === "report");
  const others = places.filter((place) => place.kind !== "report");
  return (
    <>
      <Places places={others} {...rest} />
      {reports.length > 0 && others.length > 0 && <li className="hw-nav-caption">{text.nav.reports}</li>}
      <Places places={reports} {...rest} />
    </>
  );
}

interface FoldProps {
  readonly id: string;
  readonly title: string;
  readonly icon?: IconName;
  readonly folding: Folding;
  /** Where the person is: that much is open until they close it. */
  readonly here: boolean;
  readonly children: ReactNode;
}

/** What a person opened and closed, by identifier. */
interface Folding {
  isOpen(id: string, here: boolean): boolean;
  toggle(id: string, here: boolean): void;
}

function Fold({ id, title, icon, folding, here, children }: FoldProps) {
  const list = `hw-nav-${id.replaceAll(/\W/g, "-")}`;
  const open = folding.isOpen(id, here);
  return (
    <li className="hw-nav-group">
      <button type="button" className="hw-nav-head" aria-expanded={open} aria-controls={list} onClick={() => folding.toggle(id, here)}>
        {icon && <Icon name={icon} size={16} />}
        <span className="hw-nav-words">{title}</span>
        <span className="hw-nav-chevron" data-open={open || undefined}>
          <Icon name="chevron" size={12} />
        </span>
      </button>
      <ul id={list} hidden={!open}>
        {children}
      </ul>
    </li>
  );
}

interface GroupProps extends Omit<PlacesProps, "places"> {
  readonly department: Department;
  readonly here: boolean;
  readonly folding: Folding;
}

function Group({ department: { name, title, areas }, here, folding, ...rest }: GroupProps) {
  const overview = `/m/${name}`;
  return (
    <Fold id={name} title={title} icon={moduleIcon(name)} here={here} folding={folding}>
      <Item to={overview} here={rest.path === overview} onFollow={rest.onFollow}>
        {text.nav.overview}
      </Item>
      {areas.map(({ title: called, places }) =>
        called === undefined ? (
          <AllPlaces key="" places={places} {...rest} />
        ) : (
          <Fold
            key={called}
            id={`${name} ${called}`}
            title={called}
            here={places.some(({ to }) => covers(to, rest.path))}
            folding={folding}
          >
            <Places places={places} {...rest} />
          </Fold>
        ),
      )}
    </Fold>
  );
}

/** The department an address belongs to. */
function moduleAt(path: string, departments: readonly Department[]): string | undefined {
  const found = departments.find((one) => one.places.some((place) => covers(place.to, path)));
  return found?.name ?? /^\/(?:r|m|do|report)\/([a-zA-Z]+)/.exec(path)?.[1];
}

export function Navigation({ onFollow }: { onFollow?: () => void }) {
  const catalogue = useCatalogue();
  const path = useLocation({ select: (location) => location.pathname });
  const departments = useMemo(() => departmentsOf(catalogue), [catalogue]);
  const [opened, setOpened] = useLocalStorage<Record<string, boolean>>({
    key: "heartwood.navigation",
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const here = moduleAt(path, departments);
  const work = useOpenWork();
  const few = departments.filter((one) => !one.ofHouse).length <= 2;
  const isOpen = (id: string, isHere: boolean): boolean => opened[id] ?? isHere;
  const folding: Folding = { isOpen, toggle: (id, isHere) => setOpened({ ...opened, [id]: !isOpen(id, isHere) }) };
  return (
    <nav aria-label={text.nav.label} className="hw-nav">
      <ul>
        <Item to="/" here={path === "/"} icon="today" onFollow={onFollow} badge={work.approvals}>
          {text.nav.today}
        </Item>
        {catalogue.register("office.task") && (
          <Item to={work.tasksTo} here={false} icon="check" onFollow={onFollow} badge={work.tasks}>
            {text.nav.tasks}
          </Item>
        )}
      </ul>
      {[departments.filter((one) => !one.ofHouse), departments.filter((one) => one.ofHouse)].map((some, index) => (
        <ul key={index}>
          {some.map((department) => (
            <Group
              key={department.name}
              department={department}
              path={path}
              here={department.name === here || few}
              folding={folding}
              onFollow={onFollow}
            />
          ))}
        </ul>
      ))}
    </nav>
  );
}
