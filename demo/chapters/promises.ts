// What the company promises and must not miss: its working hours, service levels for requests, and deadlines of the law.
import { addDays, startOfYear, yearOf } from "../../src/kernel/day.ts";
import { known, type Story, tell } from "../story.ts";

const owner = "Helene Lindholm";
const compliance = "Daniel Okafor";

export async function promisesChapter(story: Story): Promise<void> {
  await workingTime(story);
  await serviceLevels(story);
  await deadlinesOfTheLaw(story);
  await personalData(story);
}

async function workingTime(story: Story): Promise<void> {
  const calendar = await tell(story, "directory.calendar.create", { code: "DE", name: "Germany, office", zone: "Europe/Berlin" }, owner);
  const morning = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: "08:30", until: "12:30" }));
  const afternoon = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: "13:15", until: weekday === 5 ? "16:00" : "17:30" }));
  const from = startOfYear(story.today);
  await tell(story, "directory.calendar.setHours", { calendarId: calendar.id, from, hours: [...morning, ...afternoon] }, owner);
  const years = [yearOf(story.today), yearOf(story.today) + 1];
  const fixed = [
    ["01-01", "New Year's Day"],
    ["05-01", "Labour Day"],
    ["10-03", "Day of German Unity"],
    ["12-25", "Christmas Day"],
    ["12-26", "Second day of Christmas"],
  ] as const;
  const holidays = years.flatMap((year) => fixed.map(([date, name]) => ({ day: `${year}-${date}`, name })));
  await tell(story, "directory.calendar.addHolidays", { calendarId: calendar.id, holidays }, owner);
  const eve = { day: `${years[0]}-12-24`, name: "Christmas Eve", hours: [{ from: "08:30", until: "12:30" }] };
  await tell(story, "directory.calendar.setException", { calendarId: calendar.id, ...eve }, owner);
  await tell(story, "directory.calendar.assign", { calendarId: calendar.id }, owner);
}

async function serviceLevels(story: Story): Promise<void> {
  const level = (name: string, rank: number, response: number, resolution: number, priority?: string) =>
    tell(
      story,
      "office.serviceLevel.create",
      {
        name,
        rank,
        conditions: priority ? [{ field: "priority", is: [priority] }] : [],
        targets: [
          { target: "response", amount: response },
          { target: "resolution", amount: resolution },
        ],
        pauseStates: ["pending", "waiting", "waitingForApproval"],
      },
      owner,
    );
  await level("Urgent requests", 10, 30, 120, "urgent");
  await level("High requests", 20, 60, 240, "high");
  await level("All other requests", 90, 480, 1440);
}

async function deadlinesOfTheLaw(story: Story): Promise<void> {
  for (const regime of ["gdpr", "whistleblowing"]) await tell(story, "office.deadlineRule.adopt", { regime }, compliance);
  const breach = {
    title: "Delivery list sent to the wrong customer",
    description: "A list with names and telephone numbers of eleven consignees went to another customer, who told us and deleted it.",
    kinds: ["confidentiality"],
    categories: "Names and telephone numbers of consignees",
    detectedAt: `${addDays(story.today, -1)}T14:10:00Z`,
    personsAffected: 11,
  };
  await tell(story, "governance.breach.record", breach, compliance);
}

/** One asks in the app what is held about him; somebody who was not hired wrote a letter and is to be forgotten. */
async function personalData(story: Story): Promise<void> {
  const asker = "Jonas Falk";
  await tell(story, "governance.subjectRequest.record", { personId: known(story, `person/${asker}`), kind: "access" }, asker);
  const letter = {
    personId: known(story, "person/Tobias Frank"),
    kind: "erasure",
    channel: "letter",
    receivedAt: `${addDays(story.today, -6)}T09:20:00Z`,
    says: "Please erase what you keep about my application.",
  };
  const { id } = await tell(story, "governance.subjectRequest.record", letter, "Nadia Petrov");
  await tell(
    story,
    "governance.subjectRequest.identify",
    { subjectRequestId: id, how: "Called back under the number on file." },
    compliance,
  );
}
