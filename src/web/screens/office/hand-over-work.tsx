// Choosing kinds of work: all that a role usually has at once, or one by one.
import { Button, Checkbox } from "@mantine/core";
import { Section, stateText, useCatalogue } from "../../kit/index.ts";
import { groupBy } from "../group.ts";
import { departmentOf, type Work } from "./responsibility.ts";
import { handOverWords as words } from "./words.ts";

interface PickerProps {
  readonly rows: readonly Work[];
  readonly chosen: readonly string[];
  readonly onChoose: (activities: readonly string[]) => void;
}

/** Roles with the kinds of work that are theirs in a large company. */
function Roles({ rows, chosen, onChoose }: PickerProps) {
  const { roles } = useCatalogue();
  const byRole = [...groupBy(rows, (work) => work.roles[0] ?? "owner")].filter(([role]) => role !== "owner");
  return (
    <div className="hw-handover-roles" role="group" aria-label={words.pick}>
      <span className="hw-dim hw-small">{words.pick}</span>
      {byRole.map(([role, some]) => {
        const names = some.map((work) => work.activity);
        const isAll = names.every((name) => chosen.includes(name));
        return (
          <Button
            key={role}
            size="compact-xs"
            variant={isAll ? "filled" : "default"}
            aria-pressed={isAll}
            onClick={() => onChoose(isAll ? chosen.filter((one) => !names.includes(one)) : [...new Set([...chosen, ...names])])}
          >
            {words.pickRole(roles[role] ?? role, names.length)}
          </Button>
        );
      })}
    </div>
  );
}

export function WorkPicker(props: PickerProps) {
  const { rows, chosen, onChoose } = props;
  const titles = new Map(useCatalogue().modules.map((one) => [one.name, one.title]));
  return (
    <Section
      title={words.work}
      count={chosen.length === 0 ? words.all : words.chosen(chosen.length)}
      actions={
        chosen.length > 0 && (
          <Button variant="subtle" size="compact-xs" onClick={() => onChoose([])}>
            {words.clear}
          </Button>
        )
      }
    >
      <Roles {...props} />
      <div className="hw-handover-work">
        {[...groupBy(rows, (work) => departmentOf(work.activity))].map(([department, some]) => (
          <fieldset key={department} className="hw-handover-group">
            <legend>{titles.get(department) ?? stateText(department)}</legend>
            {some.map((work) => (
              <Checkbox
                key={work.activity}
                size="xs"
                label={work.title}
                checked={chosen.includes(work.activity)}
                onChange={(event) =>
                  onChoose(event.currentTarget.checked ? [...chosen, work.activity] : chosen.filter((one) => one !== work.activity))
                }
              />
            ))}
          </fieldset>
        ))}
      </div>
    </Section>
  );
}
