// The left side: Today, the person's own work, then each department with its screens, registers and reports.
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

function Places({ places, path, onFollow }: { places: readonly Place[]; path: string; onFollow?: () => void }) {
  const reports = places.filter((place) => place.kind === "report");
  const others = places.filter((place) => place.kind !== "report");
  return (
    <>
      {others.map((place) => (
        <Item key={place.to} to={place.to} here={covers(place.to, path)} onFollow={onFollow}>
          {place.title}
        </Item>
      ))}
      {reports.length > 0 && others.length > 0 && <li className="hw-nav-caption">{text.nav.reports}</li>}
      {reports.map((place) => (
        <Item key={place.to} to={place.to} here={covers(place.to, path)} onFollow={onFollow}>
          {place.title}
        </Item>
      ))}
    </>
  );
}

interface GroupProps {
  readonly department: Department;
  readonly path: string;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onFollow?: () => void;
}

function Group({ department, path, open, onToggle, onFollow }: GroupProps) {
  const list = `hw-nav-${department.name}`;
  const overview = `/m/${department.name}`;
  return (
    <li className="hw-nav-group">
      <button type="button" className="hw-nav-head" aria-expanded={open} aria-controls={list} onClick={onToggle}>
        <Icon name={moduleIcon(department.name)} size={16} />
        <span className="hw-nav-words">{department.title}</span>
        <span className="hw-nav-chevron" data-open={open || undefined}>
          <Icon name="chevron" size={12} />
        </span>
      </button>
      <ul id={list} hidden={!open}>
        <Item to={overview} here={path === overview} onFollow={onFollow}>
          {text.nav.overview}
        </Item>
        <Places places={department.places} path={path} onFollow={onFollow} />
      </ul>
    </li>
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
  const isOpen = (name: string): boolean => opened[name] ?? (name === here || few);
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
              open={isOpen(department.name)}
              onToggle={() => setOpened({ ...opened, [department.name]: !isOpen(department.name) })}
              onFollow={onFollow}
            />
          ))}
        </ul>
      ))}
    </nav>
  );
}
