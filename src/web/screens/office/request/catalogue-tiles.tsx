// What one may ask for, as tiles by department; the words typed narrow them.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { AppLink, EmptyState, Icon, Loaded, Section, useMay, useOperation, useRun } from "../../../kit/index.ts";
import { groupBy } from "../../group.ts";
import { departmentText, words } from "./words.ts";

interface KindTile {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly says: string | null;
  readonly department: string;
  readonly confidential: boolean;
  readonly mine: number;
}

function Tile({ kind }: { kind: KindTile }) {
  return (
    <li>
      <AppLink to={`/requests/new?kind=${encodeURIComponent(kind.code)}`} className="hw-request-tile">
        <span className="hw-request-tile-title">
          {kind.title}
          {kind.confidential && (
            <span className="hw-dim" title={words.ask.confidential}>
              {" "}
              <Icon name="lock" size={14} />
              <span className="hw-hidden">{words.ask.confidential}</span>
            </span>
          )}
        </span>
        {kind.says && <span className="hw-dim hw-small">{kind.says}</span>}
      </AppLink>
    </li>
  );
}

function Empty({ asked }: { asked: boolean }) {
  const may = useMay("office.requestKind.addUsual");
  const fill = useRun("office.requestKind.addUsual");
  if (asked) return <EmptyState icon="search" title={words.ask.nothing} says={words.ask.nothingSays} />;
  const button = (
    <Button loading={fill.pending} onClick={() => void fill.run({})}>
      {words.ask.fill}
    </Button>
  );
  return <EmptyState title={words.ask.empty} says={words.ask.emptySays} action={may && button} />;
}

export function CatalogueTiles() {
  const [typed, setTyped] = useState("");
  const found = useOperation<{ kinds: readonly KindTile[] }>("office.requestKind.catalogue");
  const wanted = typed.trim().toLowerCase().split(/\s+/);
  const fits = (kind: KindTile): boolean => {
    const text = `${kind.title} ${kind.says ?? ""} ${departmentText(kind.department)}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  return (
    <>
      <TextInput
        size="md"
        type="search"
        className="hw-request-find"
        aria-label={words.ask.find}
        placeholder={words.ask.find}
        leftSection={<Icon name="search" size={16} />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoFocus
      />
      <Loaded query={found} lines={10}>
        {({ kinds }) => {
          const shown = kinds.filter(fits);
          if (shown.length === 0) return <Empty asked={typed.trim() !== ""} />;
          const often =
            typed.trim() === ""
              ? shown
                  .filter((kind) => kind.mine > 0)
                  .toSorted((a, b) => b.mine - a.mine)
                  .slice(0, 3)
              : [];
          return (
            <>
              {often.length > 0 && <Tiles title={words.ask.often} kinds={often} />}
              {[...groupBy(shown, (kind) => kind.department)].map(([department, group]) => (
                <Tiles key={department} title={departmentText(department)} kinds={group} />
              ))}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function Tiles({ title, kinds }: { title: string; kinds: readonly KindTile[] }) {
  return (
    <Section title={title}>
      <ul className="hw-request-tiles">
        {kinds.map((kind) => (
          <Tile key={kind.id} kind={kind} />
        ))}
      </ul>
    </Section>
  );
}
