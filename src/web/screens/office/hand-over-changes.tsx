// What a hand-over changes: who answers before and after, the open work that follows, and the roles that are still missing.
import { Alert, Button } from "@mantine/core";
import { AppLink, Icon, RecordLink, registerPath, useCatalogue, useMay } from "../../kit/index.ts";
import { handOverWords as words, mapWords } from "./words.ts";

export interface HandOver {
  readonly rows: readonly {
    readonly activity: string;
    readonly title: string;
    readonly beforeId: string | null;
    readonly before: string | null;
    readonly afterId: string | null;
    readonly after: string | null;
    readonly openTasks: number;
  }[];
  readonly rerouted: number;
  readonly lacks: readonly string[];
}

function Lacking({ roles }: { roles: readonly string[] }) {
  const titles = useCatalogue().roles;
  const mayGive = useMay("identity.roleGrant.give");
  return (
    <Alert color="yellow" icon={<Icon name="info" />} className="hw-would">
      <p>{words.lacks(roles.map((role) => titles[role] ?? role).join(", "))}</p>
      {mayGive && (
        <Button component={AppLink} to={registerPath("identity.member")} variant="default" size="compact-sm">
          {words.giveRole}
        </Button>
      )}
    </Alert>
  );
}

export function HandedOver({ would }: { would: HandOver }) {
  return (
    <>
      <div className="hw-tablebox">
        <table className="hw-handover-table" aria-label={words.changes}>
          <thead>
            <tr>
              <th scope="col">{mapWords.activity}</th>
              <th scope="col">{words.before}</th>
              <th scope="col">{words.after}</th>
              <th scope="col" className="hw-raci-tasks">
                {words.openTasks}
              </th>
            </tr>
          </thead>
          <tbody>
            {would.rows.map((row) => (
              <tr key={row.activity}>
                <th scope="row">{row.title}</th>
                <td>
                  <RecordLink register="directory.person" id={row.beforeId} label={row.before ?? mapWords.nobody} />
                </td>
                <td>
                  <RecordLink register="directory.person" id={row.afterId} label={row.after ?? mapWords.nobody} />
                </td>
                <td className="hw-raci-tasks hw-number">{row.openTasks}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        {words.rerouted(would.rerouted)} <span className="hw-dim">{words.history}</span>
      </p>
      {would.lacks.length > 0 && <Lacking roles={would.lacks} />}
    </>
  );
}
