// A department at a glance: its screens and registers with what they are for, its reports, and what can be begun; by area where there is
// much of it.
import { useParams } from "@tanstack/react-router";
import type { OperationEntry } from "../catalogue.ts";
import { Icon, type IconName, moduleIcon } from "../kit/icon.tsx";
import { AppLink, formPath, useOpenForm } from "../kit/link.tsx";
import { PageHeader, Section } from "../kit/page.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { NoDepartment } from "../shell/no-entry.tsx";
import { type Area, departmentsOf, type Place } from "../shell/places.ts";
import { text } from "../text.ts";

function Places({ places, iconOf }: { places: readonly Place[]; iconOf: (place: Place) => IconName }) {
  return (
    <ul className="hw-places">
      {places.map((place) => (
        <li key={place.to}>
          <AppLink to={place.to} className="hw-place">
            <Icon name={iconOf(place)} />
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

function Begins({ begins }: { begins: readonly OperationEntry[] }) {
  const openForm = useOpenForm();
  return (
    <ul className="hw-begin">
      {begins.map((one) => (
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
  );
}

/** A department that is one area: by kind of place. */
function Whole({ area: { places, begins }, icon }: { area: Area; icon: IconName }) {
  const kinds = [
    { kind: "screen", title: text.department.screens, icon },
    { kind: "register", title: text.department.registers, icon: "list" },
    { kind: "report", title: text.nav.reports, icon: "report" },
  ] as const;
  return (
    <>
      {kinds.map(({ kind, title, icon: mark }) => {
        const some = places.filter((place) => place.kind === kind);
        return (
          some.length > 0 && (
            <Section key={kind} title={title}>
              <Places places={some} iconOf={() => mark} />
            </Section>
          )
        );
      })}
      {begins.length > 0 && (
        <Section title={text.department.begin}>
          <Begins begins={begins} />
        </Section>
      )}
    </>
  );
}

export default function DepartmentScreen() {
  const { module = "" } = useParams({ strict: false }) as { module?: string };
  const catalogue = useCatalogue();
  const department = departmentsOf(catalogue).find((one) => one.name === module);
  if (!department) return <NoDepartment title={catalogue.titles[module]} />;
  const icons = { screen: moduleIcon(module), register: "list", report: "report" } as const;
  return (
    <>
      <PageHeader title={department.title} />
      {department.areas.map((area) =>
        area.title === undefined ? (
          <Whole key="" area={area} icon={moduleIcon(module)} />
        ) : (
          <Section key={area.title} title={area.title}>
            <Places places={area.places} iconOf={(place) => icons[place.kind]} />
            <Begins begins={area.begins} />
          </Section>
        ),
      )}
    </>
  );
}
