// Everyone's employment with pay, the kinds of leave, some leave taken, and a candidate whose offer waits for an answer.
import type { Id } from "../../src/kernel/id.ts";
import { addDays, addMonths, day, type Day, startOfMonth, yearOf } from "../../src/kernel/day.ts";
import { Money } from "../../src/kernel/money.ts";
import { colleagues } from "../company.ts";
import { chance, known, type Story, tell } from "../story.ts";
import { firstDayOf } from "./directory.ts";

const hr = "Nadia Petrov";

export async function peopleChapter(story: Story): Promise<void> {
  for (const colleague of colleagues) {
    const firstDay = firstDayOf(story, colleague);
    const { id } = await tell(
      story,
      "people.employment.create",
      {
        personId: known(story, `person/${colleague.name}`),
        positionId: known(story, `position/${colleague.name}`),
        firstDay,
        pay: new Money(BigInt(Math.round(colleague.payYearly / 12)) * 100n, "EUR").toJSON(),
        noticeDays: colleague.reportsTo === "Helene Lindholm" ? 90 : 30,
      },
      hr,
      firstDay,
    );
    story.known.set(`employment/${colleague.name}`, id);
  }
  await leave(story);
  await hiring(story);
}

async function leave(story: Story): Promise<void> {
  const annual = await tell(
    story,
    "people.leaveType.create",
    { code: "AL", name: "Annual leave", yearlyDays: "28", carryOverDays: "5" },
    hr,
  );
  await tell(story, "people.leaveType.create", { code: "SICK", name: "Sick leave", mayGoNegative: true }, hr);
  await tell(story, "people.leaveYear.grant", { year: yearOf(story.today) }, hr, day(`${yearOf(story.today)}-01-02`));
  const asking = colleagues.filter((colleague) => colleague.reportsTo !== null && colleague.months > 11);
  for (const [index, colleague] of asking.slice(0, 14).entries()) {
    const firstDay = weekday(addDays(story.today, -20 + index * 6));
    const request = await tell(
      story,
      "people.leaveRequest.create",
      { leaveTypeId: annual.id, firstDay, lastDay: weekday(addDays(firstDay, 1 + chance(index, 5))) },
      colleague.name,
      addDays(story.today, -30),
    ).catch(() => undefined);
    // The last few still wait for their line manager.
    if (request && index < 9) await tell(story, "people.leaveRequest.approve", { leaveRequestId: request.id }, hr).catch(() => undefined);
  }
}

/** The day itself, or the Monday after a weekend. */
function weekday(on: Day): Day {
  const week = new Date(`${on}T00:00:00Z`).getUTCDay();
  return week === 6 ? addDays(on, 2) : week === 0 ? addDays(on, 1) : on;
}

async function hiring(story: Story): Promise<void> {
  const seat = async (code: string, title: string, unit: string, above: string) => {
    const made = await tell(
      story,
      "directory.position.create",
      {
        code,
        jobId: known(story, `job/${title}`),
        unitId: known(story, `unit/${unit}`),
        siteId: known(story, "place/JEN"),
        reportsToId: known(story, `position/${above}`),
        from: addMonths(startOfMonth(story.today), -1),
      },
      hr,
    );
    return made.id;
  };
  const firstDay = weekday(startOfMonth(addMonths(story.today, 1)));
  const pay = { amount: "5600.00", currency: "EUR" };
  for (const [name, code, above] of [
    ["Mara Lindqvist", "P046", "Viktor Stahl"],
    ["Emil Sørensen", "P047", "Viktor Stahl"],
  ] as const) {
    const positionId = await seat(code, "Optical engineer", "RND", above);
    const email = `${name.toLowerCase().replace(" ", ".").replace("ø", "o")}@mail.example`;
    const candidate = await tell<{ id: string; personId?: string }>(
      story,
      "people.candidate.create",
      { name, email, source: "Job board" },
      hr,
    );
    const personId = candidate.personId ?? candidate.id;
    await tell(story, "people.application.create", { personId, positionId }, hr);
    const offer = await tell(story, "people.offer.create", { personId, positionId, firstDay, pay, probationMonths: 6, noticeDays: 30 }, hr);
    await tell(story, "people.offer.send", { offerId: offer.id, expiresOn: addDays(story.today, 21) }, hr);
    story.known.set(`offer/${name}`, offer.id);
  }
  for (const name of ["Leyla Haddad", "Tobias Frank", "Ana Sousa"]) {
    const candidate = await tell<{ id: Id; personId?: Id }>(
      story,
      "people.candidate.create",
      { name, email: `${name.toLowerCase().replace(" ", ".")}@mail.example`, source: "Referral" },
      hr,
    );
    story.known.set(`person/${name}`, candidate.personId ?? candidate.id);
  }
}
