// Who and where: the legal entity, its units, seats and places, and the people in them.
import { addMonths, type Day, startOfMonth } from "../../src/kernel/day.ts";
import { type Colleague, colleagues, company, customers, emailOf, sites, suppliers, units } from "../company.ts";
import { known, type Story, tell } from "../story.ts";

const longAgo = "2015-01-01" as Day;

export async function directoryChapter(story: Story): Promise<void> {
  const entity = await tell(story, "directory.legalEntity.create", company.entity);
  story.known.set("entity", entity.id);
  for (const unit of units) {
    const parentId = unit.parent ? known(story, `unit/${unit.parent}`) : undefined;
    const made = await tell(story, "directory.unit.create", {
      code: unit.code,
      name: unit.name,
      parentId,
      entityId: entity.id,
      from: longAgo,
    });
    story.known.set(`unit/${unit.code}`, made.id);
  }
  await places(story);
  for (const title of new Set(colleagues.map((colleague) => colleague.job))) {
    const made = await tell(story, "directory.job.create", { code: codeOf(title), title });
    story.known.set(`job/${title}`, made.id);
  }
  for (const colleague of colleagues) await seat(story, colleague);
  await organisations(story);
}

const codeOf = (title: string): string =>
  title
    .toUpperCase()
    .replace(/[^A-Z]+/g, "-")
    .slice(0, 20);

/** The first of the month in which somebody began. */
export const firstDayOf = (story: Story, colleague: Colleague): Day => startOfMonth(addMonths(story.today, -colleague.months));

async function places(story: Story): Promise<void> {
  const place = async (kind: string, code: string, name: string, parent?: string, seats?: number): Promise<void> => {
    const parentId = parent ? known(story, `place/${parent}`) : undefined;
    const zone = kind === "site" ? company.zone : undefined;
    const made = await tell(story, "directory.place.create", { kind, code, name, parentId, seats, zone });
    story.known.set(`place/${code}`, made.id);
  };
  for (const site of sites) {
    await place("site", site.code, site.name);
    await place("building", `${site.code}-A`, "Building A", site.code);
    for (let floor = 1; floor <= site.floors; floor++) {
      const code = `${site.code}-A${floor}`;
      await place("floor", code, `Floor ${floor}`, `${site.code}-A`);
      await place("room", `${code}-R`, site.rooms[floor - 1] ?? `Room ${floor}`, code, 8);
      for (let desk = 1; desk <= site.desksPerFloor; desk++) {
        await place("desk", `${code}-${String(desk).padStart(2, "0")}`, `Desk ${desk}`, code, 1);
      }
    }
  }
}

async function seat(story: Story, colleague: Colleague): Promise<void> {
  const { name } = colleague;
  const person = await tell(story, "directory.person.create", { name, email: emailOf(name) });
  story.known.set(`person/${name}`, person.id);
  const position = await tell(story, "directory.position.create", {
    code: `P${String(colleagues.indexOf(colleague) + 1).padStart(3, "0")}`,
    jobId: known(story, `job/${colleague.job}`),
    unitId: known(story, `unit/${colleague.unit}`),
    siteId: known(story, `place/${colleague.site}`),
    reportsToId: colleague.reportsTo ? known(story, `position/${colleague.reportsTo}`) : undefined,
    from: longAgo,
  });
  story.known.set(`position/${name}`, position.id);
}

async function organisations(story: Story): Promise<void> {
  for (const [name, city, country] of customers) {
    const made = await tell(
      story,
      "directory.organisation.create",
      { name, roles: ["customer"], city, country, email: mailTo(name) },
      undefined,
      longAgo,
    );
    story.known.set(`customer/${name}`, made.id);
  }
  for (const [name, city] of suppliers) {
    const made = await tell(
      story,
      "directory.organisation.create",
      { name, roles: ["supplier"], city, country: "DE", email: mailTo(name) },
      undefined,
      longAgo,
    );
    story.known.set(`supplier/${name}`, made.id);
  }
}

const mailTo = (name: string): string =>
  `accounts@${name
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^a-z]+/g, "-")
    .replace(/^-|-$/g, "")}.example`;
