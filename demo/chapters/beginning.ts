// First weeks: what newcomers are instructed in, and who was instructed in it so far.
import { addDays } from "../../src/kernel/day.ts";
import { colleagues } from "../company.ts";
import { known, type Story, tell } from "../story.ts";

const hr = "Nadia Petrov";

export async function beginningChapter(story: Story): Promise<void> {
  const safety = await tell(
    story,
    "people.training.create",
    { name: "Fire, escape routes and first aid", says: "A walk through the house: exits, meeting point, who helps.", withinDays: 5 },
    hr,
  );
  await tell(
    story,
    "people.training.create",
    {
      name: "Working with lasers, class 3B",
      says: "Eye protection, interlocks, and who may open the enclosure.",
      jobId: known(story, "job/Optical engineer"),
      withinDays: 10,
    },
    hr,
  );
  const here = colleagues.filter((colleague) => colleague.months > 14).map((colleague) => known(story, `person/${colleague.name}`));
  const trainerId = known(story, "person/Rosa Marino");
  const given = { trainingId: safety.id, personIds: here, on: addDays(story.today, -200), trainerId };
  await tell(story, "people.training.record", given, hr);
}
