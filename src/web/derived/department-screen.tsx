// A department at a glance: its screens and registers with what they are for, its reports, and what can be begun.
import { useParams } from "@tanstack/react-router";
import { moduleOf } from "../catalogue.ts";
import { Icon, type IconName, moduleIcon } from "../kit/icon.tsx";
import { AppLink, formPath, useOpenForm } from "../kit/link.tsx";
import { PageHeader, Section } from "../kit/page.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { NoDepartment } from "../shell/no-entry.tsx";
import { departmentsOf, type Place } from "../shell/places.ts";
import { text } from "../text.ts";

function Places({ places, icon }: { places: readonly Place[]; icon: IconName }) {
  return (
    <ul className="hw-places">
      {places.map((place) => (
        <li key={place.to}>
          <AppLink to={place.to} className="hw-place">
            <Icon name={icon} />
            <span>
              <span className="hw-place-title">{place.title}</span>
              <span className="hw-place-does">{place.does}</span>
            </span>
          </AppLink>
        </li>
      ))}
    </ul>
  );
}

export default function DepartmentScreen() {
  const { module = "" } = useParams({ strict: false }) as { module?: string };
  const catalogue = useCatalogue();
  const openForm = useOpenForm();
  const department = departmentsOf(catalogue).find((one) => one.name === module);
  if (!department) return <NoDepartment title={catalogue.titles[module]} />;
  const beginning = catalogue.operations.filter((one) => one.kind === "write" && !one.target && moduleOf(one.name) === module);
  const reports = department.places.filter((place) => place.kind === "report");
  const lists = department.places.filter((place) => place.kind === "register");
  const made = department.places.filter((place) => place.kind === "screen");
  return (
    <>
      <PageHeader title={department.title} />
      {made.length > 0 && (
        <Section title={text.department.screens}>
          <Places places={made} icon={moduleIcon(module)} />
        </Section>
      )}
      {lists.length > 0 && (
        <Section title={text.department.registers}>
          <Places places={lists} icon="list" />
        </Section>
      )}
      {reports.length > 0 && (
        <Section title={text.nav.reports}>
          <Places places={reports} icon="report" />
        </Section>
      )}
      {beginning.length > 0 && (
        <Section title={text.department.begin}>
          <ul className="hw-begin">
            {beginning.map((one) => (
              <li key={one.name}>
                <AppLink
                  to={formPath(one.name)}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                    event.preventDefault();
                    openForm(one.name);
                  }}
                >
                  <Icon name="plus" size={14} /> {one.title}
                </AppLink>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
