// In the demo: everyone of the demo company to be with one click, those who lead first.
import { Avatar, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem, getJson, postJson, type Problem } from "../client.ts";
import { Icon } from "../kit/icon.tsx";
import { ProblemAlert } from "../kit/page.tsx";
import { text } from "../text.ts";

interface DemoPerson {
  readonly email: string;
  readonly name: string;
  readonly title: string;
  readonly roles: readonly string[];
}

const initials = (name: string): string => {
  const words = name.split(/\s+/).filter(Boolean);
  return `${words[0]?.[0] ?? ""}${words.length > 1 ? (words.at(-1)?.[0] ?? "") : ""}`.toUpperCase();
};

const leads = /^(founder|owner|chief|managing|president)|\b(ceo|coo|cfo|cto)\b/i;

/** Those who lead, those who look after something, everyone else. */
function groupsOf(people: readonly DemoPerson[]): readonly { title: string; people: readonly DemoPerson[] }[] {
  const isLeading = (person: DemoPerson): boolean => person.roles.length > 0 && leads.test(person.title);
  return [
    { title: text.demo.leading, people: people.filter(isLeading) },
    { title: text.demo.departments, people: people.filter((person) => !isLeading(person) && person.roles.length > 0) },
    { title: text.demo.employees, people: people.filter((person) => person.roles.length === 0) },
  ].filter((group) => group.people.length > 0);
}

function Person({ person, busy, onChoose }: { person: DemoPerson; busy: boolean; onChoose: () => void }) {
  return (
    <li>
      <button type="button" className="hw-demo-person" disabled={busy} onClick={onChoose}>
        <Avatar size={34} radius="xl" color="heartwood" variant="light" aria-hidden>
          {initials(person.name)}
        </Avatar>
        <span>
          <span className="hw-demo-name">{person.name}</span>
          <span className="hw-demo-title">{person.title}</span>
          {person.roles.length > 0 && <span className="hw-demo-roles">{person.roles.join(" · ")}</span>}
        </span>
      </button>
    </li>
  );
}

export function DemoPeople({ onIn }: { onIn: () => void }) {
  const found = useQuery({ queryKey: ["demo"], queryFn: () => getJson<readonly DemoPerson[]>("/api/demo/people"), retry: false });
  const [asked, setAsked] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  if (!found.data) return null;
  const words = asked.toLowerCase().trim();
  const people = found.data.filter((person) => `${person.name} ${person.title} ${person.roles.join(" ")}`.toLowerCase().includes(words));
  const enter = async (email: string): Promise<void> => {
    setBusy(true);
    try {
      await postJson("/api/demo/sign-in", { email });
      onIn();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <section className="hw-demo" aria-label={text.demo.title}>
      <Title order={2} size="h4">
        {text.demo.title}
      </Title>
      <p className="hw-does">{text.demo.says}</p>
      {found.data.length > 12 && (
        <TextInput
          size="sm"
          type="search"
          leftSection={<Icon name="search" size={14} />}
          placeholder={text.demo.find}
          aria-label={text.demo.find}
          value={asked}
          onChange={(event) => setAsked(event.currentTarget.value)}
          mb="xs"
        />
      )}
      <ProblemAlert problem={problem} />
      {groupsOf(people).map((group) => (
        <div key={group.title} className="hw-demo-group">
          <h3>{group.title}</h3>
          <ul className="hw-demo-people">
            {group.people.map((person) => (
              <Person key={person.email} person={person} busy={busy} onChoose={() => void enter(person.email)} />
            ))}
          </ul>
        </div>
      ))}
      {people.length === 0 && <p className="hw-dim">{text.form.nothingFound}</p>}
    </section>
  );
}
