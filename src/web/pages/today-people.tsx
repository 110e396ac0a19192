// People on Today: the parts one plays, who stands in for whom, and whom to ask about what.
import { Anchor, TextInput } from "@mantine/core";
import { useState } from "react";
import { dayText } from "../kit/format.ts";
import { Icon } from "../kit/icon.tsx";
import { AppLink, RecordLink, recordPath } from "../kit/link.tsx";
import { type Row, useMay, useOperation, usePage } from "../kit/operation.ts";
import { Loaded, Section } from "../kit/page.tsx";
import { useCatalogue, useMe } from "../kit/session.tsx";
import { text } from "../text.ts";

/** Titles of the parts one plays; everyone's own is not worth saying. */
export function useHomes(): readonly string[] {
  const may = useMay("platform.today.get");
  const found = useOperation<{ homes: readonly { name: string; title: string }[] }>("platform.today.get", {}, { enabled: may });
  return found.data?.homes.filter((home) => home.name !== "everyone").map((home) => home.title) ?? [];
}

interface StandInRow extends Row {
  readonly principalId: string;
  readonly principal: string;
  readonly standInId: string;
  readonly standIn: string;
  readonly untilDay: string;
}

function StandInLine({ row }: { row: StandInRow }) {
  const { personId } = useMe();
  const mine = row.standInId === personId;
  return (
    <li>
      <Icon name="people" size={14} />{" "}
      {mine ? (
        <>
          {text.today.iStandIn} <RecordLink register="directory.person" id={row.principalId} label={row.principal} />
        </>
      ) : (
        <>
          <RecordLink register="directory.person" id={row.standInId} label={row.standIn} /> {text.today.standsInForMe}
        </>
      )}{" "}
      <AppLink to={recordPath("office.delegation", row.id)} className="hw-quiet hw-dim">
        {text.today.standInUntil(dayText(row.untilDay))}
      </AppLink>
    </li>
  );
}

/** Whom one acts for today, and who acts for oneself; nothing at all when nobody does. */
export function StandIns() {
  const { personId } = useMe();
  const there = Boolean(useCatalogue().register("office.delegation"));
  const asked = { filter: { state: "active" }, limit: 50 };
  const rows = usePage<StandInRow>("office.delegation", asked, { enabled: there }).data?.rows ?? [];
  const mine = rows.filter((row) => row.principalId === personId || row.standInId === personId);
  if (mine.length === 0) return null;
  return (
    <ul className="hw-standins" aria-label={text.today.standIns}>
      {mine.map((row) => (
        <StandInLine key={row.id} row={row} />
      ))}
    </ul>
  );
}

interface Answering {
  readonly activity: string;
  readonly title: string;
  readonly personId: string | null;
  readonly person: string | null;
  readonly standInId: string | null;
  readonly standIn: string | null;
}

const shownMax = 6;

/** Every word that was typed must be found somewhere in the line, one or several. */
function fitting(rows: readonly Answering[], sought: string): readonly Answering[] {
  const words = sought
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => (word.length > 3 ? word.replace(/s$/, "") : word));
  return rows.filter((row) => {
    const line = [row.title, row.activity, row.person, row.standIn].join(" ").toLowerCase();
    return words.every((word) => line.includes(word));
  });
}

/** Whoever fits; when nobody does, whoever answers for the office: there is always someone to ask. */
function Answers({ rows: all, sought }: { rows: readonly Answering[]; sought: string }) {
  const rows = fitting(all, sought);
  if (rows.length > 0) return <Lines rows={rows} />;
  return (
    <>
      <p className="hw-dim hw-small">{text.today.askWhomNothing}</p>
      <Lines rows={all.filter((row) => row.activity.startsWith("office."))} />
    </>
  );
}

function Lines({ rows }: { rows: readonly Answering[] }) {
  return (
    <ul className="hw-works">
      {rows.slice(0, shownMax).map((row) => (
        <li key={row.activity} className="hw-work">
          <span className="hw-work-words">{row.title}</span>
          <span className="hw-askwhom-who">
            <RecordLink register="directory.person" id={row.standInId ?? row.personId} label={row.standIn ?? row.person ?? ""} />
            {row.standIn && row.person && <span className="hw-dim hw-small"> {text.today.away(row.person)}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function AskWhom() {
  const may = useMay("office.responsibility.map");
  const found = useOperation<{ rows: readonly Answering[] }>("office.responsibility.map", {}, { enabled: may });
  const [sought, setSought] = useState("");
  if (!may) return null;
  return (
    <Section
      title={text.today.askWhom}
      actions={
        <Anchor component={AppLink} to="/office/responsibilities" size="sm">
          {text.today.askWhomAll}
        </Anchor>
      }
    >
      <TextInput
        aria-label={text.today.askWhom}
        placeholder={text.today.askWhomHint}
        leftSection={<Icon name="search" size={14} />}
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
        mb={sought ? 8 : 0}
      />
      {sought.trim() && (
        <Loaded query={found} lines={3}>
          {({ rows }) => <Answers rows={rows} sought={sought} />}
        </Loaded>
      )}
    </Section>
  );
}
