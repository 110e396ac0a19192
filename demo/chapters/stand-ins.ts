// Who answers for what by name, who does it, is asked and is told, and who stands in for whom.
import { addDays } from "../../src/kernel/day.ts";
import { known, type Story, tell } from "../story.ts";

type Answer = readonly [activity: string, name: string, part?: "responsible" | "consulted" | "informed"];

const answers: readonly Answer[] = [
  ["office.process", "Jonas Falk"],
  ["facilities.reception", "Pia Brandt"],
  ["governance.compliance", "Daniel Okafor"],
  ["governance.policy", "Daniel Okafor"],
  ["governance.privacy", "Daniel Okafor"],
  ["governance.risk", "Daniel Okafor"],
  ["it.equipment", "Lena Wirth", "responsible"],
  ["it.security", "Daniel Okafor", "consulted"],
  ["finance.close", "Jonas Falk", "informed"],
];

const usual: readonly (readonly [string, string])[] = [
  ["Erik Hansen", "Lena Wirth"],
  ["Ingrid Sommer", "Tomas Keller"],
  ["Jonas Falk", "Pia Brandt"],
  ["Rosa Marino", "Pia Brandt"],
  ["Anna Lauritzen", "Oskar Lehn"],
];

export async function standInsChapter(story: Story): Promise<void> {
  const { today } = story;
  const from = addDays(today, -120);
  for (const [activity, name, part = "accountable"] of answers) {
    const personId = known(story, `person/${name}`);
    await tell(story, "office.responsibility.assign", { activity, part, personId, from }, "Helene Lindholm");
  }
  for (const [name, standIn] of usual)
    await tell(story, "office.usualStandIn.name", { standInId: known(story, `person/${standIn}`) }, name);
  const away = {
    standInId: known(story, "person/Sofia Rinaldi"),
    from: addDays(today, -2),
    until: addDays(today, 5),
    reason: "Trade fair",
  };
  await tell(story, "office.delegation.create", away, "Viktor Stahl");
  const later = { from: addDays(today, 12), until: addDays(today, 26), reason: "Holiday", limit: { amount: "2000.00", currency: "EUR" } };
  await tell(story, "office.delegation.create", { ...later, standInId: known(story, "person/Pia Brandt") }, "Rosa Marino");
}
