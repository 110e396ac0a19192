// The person's own: who they are here, password, second factor, personal tokens, where they are signed in.
import { Button } from "@mantine/core";
import { columnsOf } from "../kit/columns.tsx";
import { DataTable, type DataTableProps } from "../kit/data-table.tsx";
import { RunButton } from "../kit/link.tsx";
import { type Row, useMay, usePage, useRun } from "../kit/operation.ts";
import { EmptyState, Loaded, PageHeader, ProblemAlert, Section } from "../kit/page.tsx";
import { useCatalogue, useMe } from "../kit/session.tsx";
import { text } from "../text.ts";
import { PasswordChange, Sessions } from "./account-sign-in.tsx";
import { Notices } from "./account-notices.tsx";
import { SecondFactor } from "./second-factor.tsx";

function You() {
  const me = useMe();
  return (
    <Section title={text.account.you}>
      <dl className="hw-facts">
        <div>
          <dt>{text.account.name}</dt>
          <dd>{me.user.name}</dd>
        </div>
        <div>
          <dt>{text.account.email}</dt>
          <dd className="hw-anywhere">{me.user.email}</dd>
        </div>
        <div>
          <dt>{text.account.company}</dt>
          <dd>{me.tenant.name}</dd>
        </div>
        <div data-broad>
          <dt>{text.account.roles}</dt>
          <dd>{me.roles.map((role) => role.title).join(", ") || text.member}</dd>
        </div>
      </dl>
    </Section>
  );
}

interface TokenRow extends Row {
  readonly state: string;
}

function Tokens() {
  const register = useCatalogue().register("identity.token");
  const mayRevoke = useMay("identity.token.revoke");
  const revoke = useRun("identity.token.revoke");
  const page = usePage<TokenRow>("identity.token", { limit: 100 }, { enabled: Boolean(register) });
  if (!register) return null;
  const columns = columnsOf(register).map((column) => ({
    ...column,
    cell: (row: TokenRow) => (column.name === register.label ? String(row[column.name]) : column.cell(row)),
  }));
  const ending: DataTableProps<TokenRow>["columns"][number] = {
    name: "revoke",
    title: "",
    width: 110,
    right: true,
    cell: (row) =>
      mayRevoke &&
      row.state === "active" && (
        <Button variant="subtle" color="red" size="compact-xs" onClick={() => void revoke.run({ tokenId: row.id })}>
          {text.account.revoke}
        </Button>
      ),
  };
  return (
    <Section title={text.account.tokens} actions={<RunButton operation="identity.token.create" variant="default" />}>
      <p className="hw-does">{text.account.tokensSays}</p>
      <ProblemAlert problem={revoke.problem} />
      <Loaded query={page} lines={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState compact title={text.account.noTokens} />
          ) : (
            <DataTable label={text.account.tokens} rows={rows} columns={[...columns, ending]} />
          )
        }
      </Loaded>
    </Section>
  );
}

export default function Account() {
  return (
    <div className="hw-account">
      <PageHeader title={text.account.title} />
      <You />
      <Notices />
      <Section title={text.account.password}>
        <PasswordChange />
      </Section>
      <Section title={text.account.second}>
        <SecondFactor />
      </Section>
      <Tokens />
      <Section title={text.account.sessions}>
        <Sessions />
      </Section>
    </div>
  );
}
