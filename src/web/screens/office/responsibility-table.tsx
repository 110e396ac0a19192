// Who answers for what, as a table: kinds of work by department, a line for each place that has its own, the four parts across.
import { Badge, Button, Menu } from "@mantine/core";
import { Fragment, useState } from "react";
import { AppLink, RecordLink, registerPath, stateText, useCatalogue, useMay, useOpenForm, useToday } from "../../kit/index.ts";
import { groupBy } from "../group.ts";
import { AssignHolder } from "./assign-holder.tsx";
import { departmentOf, type Line, linesOf, type Part, parts, type Work } from "./responsibility.ts";
import { mapWords as words } from "./words.ts";

/** "holds the role it.manager" with the role by its title. */
function useVia(): (via: string) => string {
  const { roles } = useCatalogue();
  return (via) => {
    const role = /^holds the role (.+)$/.exec(via)?.[1];
    return role ? words.role(roles[role] ?? role) : via;
  };
}

/** Who has the work of whoever answers for it on this day. */
const StandIn = ({ work }: { work: Work }) =>
  work.standInId && (
    <span className="hw-small">
      {words.standIn} <RecordLink register="directory.person" id={work.standInId} label={work.standIn ?? words.nobody} />
    </span>
  );

function Holder({ line, was }: { line: Line; was: string | null | undefined }) {
  const via = useVia();
  const { work } = line;
  const byName = line.byPart.accountable;
  if (line.scope !== null || byName.length > 0)
    return (
      <span className="hw-holder">
        <Named line={line} part="accountable" />
        {line.scope === null && <StandIn work={work} />}
      </span>
    );
  return (
    <span className="hw-holder">
      <RecordLink register="directory.person" id={work.personId} label={work.person ?? words.nobody} />
      {work.standInId ? <StandIn work={work} /> : <span className="hw-dim hw-small">{via(work.via)}</span>}
      {was !== undefined && (
        <Badge color="yellow" variant="light" leftSection={<span aria-hidden>◆</span>}>
          {words.was(was ?? words.nobody)}
        </Badge>
      )}
    </span>
  );
}

function Named({ line, part }: { line: Line; part: Part }) {
  const some = line.byPart[part];
  if (some.length === 0) return <span className="hw-dim">—</span>;
  return (
    <ul className="hw-holders">
      {some.map((one) => (
        <li key={one.id}>
          <RecordLink register="directory.person" id={one.personId} label={one.person ?? one.position ?? words.nobody} />
          {one.position && one.person && <span className="hw-dim hw-small"> {one.position}</span>}
        </li>
      ))}
    </ul>
  );
}

interface Wish {
  readonly activity: string;
  readonly title: string;
  readonly part: Part;
}

/** What can be changed on a line: assigning each part, ending each that is assigned. */
function Change({ line, onAssign }: { line: Line; onAssign: (wish: Wish) => void }) {
  const open = useOpenForm();
  const today = useToday();
  const mayEnd = useMay("office.responsibility.end");
  const { activity, title } = line.work;
  const named = parts.flatMap((part) => line.byPart[part].map((one) => ({ part, one })));
  const where = line.scope === null ? title : `${title}, ${line.scope}`;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="subtle" size="compact-xs" aria-label={words.assign(where)}>
          {words.actions}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {line.first &&
          parts.map((part) => (
            <Menu.Item key={part} onClick={() => onAssign({ activity, title, part })}>
              {words.assignAs(words.parts[part])}
            </Menu.Item>
          ))}
        {mayEnd &&
          named.map(({ part, one }) => (
            <Menu.Item
              key={one.id}
              color="red"
              onClick={() => open("office.responsibility.end", { responsibilityId: one.id, lastDay: today })}
            >
              {words.end(one.person ?? one.position ?? words.nobody, words.parts[part])}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface LineProps {
  readonly line: Line;
  readonly was: string | null | undefined;
  /** How many lines the kind of work has. */
  readonly rows: number;
  /** Absent for people who may not change anything. */
  readonly onAssign: ((wish: Wish) => void) | undefined;
}

function LineShown({ line, was, rows, onAssign }: LineProps) {
  const { work } = line;
  return (
    <tr data-first={line.first || undefined} data-changed={(line.first && was !== undefined) || undefined}>
      {line.first && (
        <th scope="rowgroup" rowSpan={rows} className="hw-raci-work">
          {work.title}
        </th>
      )}
      <td data-title={words.scope}>{line.scope ?? words.everywhere}</td>
      <td data-title={words.parts.accountable}>
        <Holder line={line} was={line.first ? was : undefined} />
      </td>
      {(["responsible", "consulted", "informed"] as const).map((part) => (
        <td key={part} data-title={words.parts[part]} data-none={line.byPart[part].length === 0 || undefined}>
          <Named line={line} part={part} />
        </td>
      ))}
      <td data-title={words.openTasks} className="hw-raci-tasks" data-none={work.openTasks === 0 || !line.first || undefined}>
        {line.first &&
          (work.openTasks > 0 ? (
            <AppLink to={registerPath("office.task", { state: "open", activity: work.activity })} className="hw-number">
              {work.openTasks}
            </AppLink>
          ) : (
            <span className="hw-dim">0</span>
          ))}
      </td>
      {onAssign && (
        <td className="hw-raci-change">
          <Change line={line} onAssign={onAssign} />
        </td>
      )}
    </tr>
  );
}

function Head({ mayChange }: { mayChange: boolean }) {
  return (
    <thead>
      <tr>
        <th scope="col">{words.activity}</th>
        <th scope="col">{words.scope}</th>
        {parts.map((part) => (
          <th scope="col" key={part}>
            <span className="hw-raci-letter" aria-hidden>
              {words.letters[part]}
            </span>
            {words.parts[part]}
          </th>
        ))}
        <th scope="col" className="hw-raci-tasks">
          {words.openTasks}
        </th>
        {mayChange && (
          <th scope="col">
            <span className="hw-hidden">{words.actions}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

interface TableProps {
  readonly rows: readonly Work[];
  /** Who answers now, for kinds of work where that would change. */
  readonly was: ReadonlyMap<string, string | null>;
}

export function ResponsibilityTable({ rows, was }: TableProps) {
  const titles = new Map(useCatalogue().modules.map((one) => [one.name, one.title]));
  const mayChange = useMay("office.responsibility.assign");
  const [wish, setWish] = useState<Wish>();
  const groups = [...groupBy(rows, (work) => departmentOf(work.activity))];
  return (
    <div className="hw-tablebox hw-raci-box">
      <table className="hw-raci" aria-label={words.title}>
        <Head mayChange={mayChange} />
        {groups.map(([department, some]) => (
          <Fragment key={department}>
            <tbody className="hw-raci-group">
              <tr>
                <th scope="rowgroup" colSpan={mayChange ? 8 : 7}>
                  {titles.get(department) ?? stateText(department)}
                </th>
              </tr>
            </tbody>
            {some.map((work) => {
              const lines = linesOf(work);
              return (
                <tbody key={work.activity} className="hw-raci-one">
                  {lines.map((line) => (
                    <LineShown
                      key={line.scope ?? ""}
                      line={line}
                      was={was.get(work.activity)}
                      rows={lines.length}
                      onAssign={mayChange ? setWish : undefined}
                    />
                  ))}
                </tbody>
              );
            })}
          </Fragment>
        ))}
      </table>
      {wish && <AssignHolder {...wish} onClose={() => setWish(undefined)} />}
    </div>
  );
}
