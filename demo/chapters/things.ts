// What people work with and where they sit: devices, systems, accounts, licences, desks, equipment and its upkeep.
import { addDays, addMonths, startOfMonth } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { colleagues, sites } from "../company.ts";
import { known, type Story, tell } from "../story.ts";

const it = "Erik Hansen";
const facilities = "Rosa Marino";
const euro = (amount: string) => ({ amount, currency: "EUR" });

export async function thingsChapter(story: Story): Promise<void> {
  await devices(story);
  await accept(story);
  await systems(story);
  await desks(story);
  await upkeep(story);
}

async function devices(story: Story): Promise<void> {
  const model = (kind: string, maker: string, name: string, lifeMonths: number) =>
    tell(story, "assets.model.create", { kind, maker, name, lifeMonths }, "Jonas Falk");
  const laptop = await model("laptop", "Norvik", "Carbon 14", 48);
  const phone = await model("phone", "Norvik", "P5", 36);
  const screen = await model("monitor", "Clarus", "27Q", 72);
  const boughtOn = addMonths(startOfMonth(story.today), -14);
  const give = async (modelId: Id, serial: string, cost: string, name?: string): Promise<void> => {
    const made = await tell(
      story,
      "it.device.create",
      { modelId, serial, boughtOn, cost: euro(cost), warrantyUntil: addMonths(boughtOn, 36) },
      it,
      boughtOn,
    );
    if (!name) return;
    const personId = known(story, `person/${name}`);
    await tell(story, "it.device.handOver", { deviceId: made.id, personId, on: story.today }, it);
  };
  const office = colleagues.filter((colleague) => !["PRO", "QA"].includes(colleague.unit) || colleague.job.match(/Head|leader|manager/i));
  for (const [index, colleague] of office.entries()) {
    await give(laptop.id, `NVC14-${String(4100 + index)}`, "1390.00", colleague.name);
    if (colleague.unit === "SAL") await give(phone.id, `NVP5-${String(700 + index)}`, "620.00", colleague.name);
  }
  for (let spare = 0; spare < 5; spare++) await give(laptop.id, `NVC14-${String(4300 + spare)}`, "1390.00");
  for (let spare = 0; spare < 4; spare++) await give(screen.id, `CL27-${String(90 + spare)}`, "310.00");
}

/** All but the newest few have looked at what they were given and accepted it. */
async function accept(story: Story): Promise<void> {
  const { rows } = await tell<{ rows: { id: Id; personId: Id }[] }>(story, "assets.custody.list", { limit: 500 }, it);
  const names = new Map(colleagues.map(({ name }) => [known(story, `person/${name}`), name]));
  for (const custody of rows.slice(0, -5)) {
    await tell(story, "assets.custody.accept", { custodyId: custody.id }, names.get(custody.personId));
  }
}

async function systems(story: Story): Promise<void> {
  const system = async (name: string, more: object): Promise<Id> =>
    (await tell(story, "it.system.create", { name, kind: "application", ...more }, it)).id;
  const mail = await system("Mail and calendar", { forEveryone: true });
  const files = await system("Shared files", { forEveryone: true });
  await system("Optics design", { jobIds: [known(story, "job/Optical engineer")] });
  await system("Source control", { jobIds: [known(story, "job/Software engineer")] });
  await tell(
    story,
    "it.licence.create",
    {
      name: "Mail and calendar, business plan",
      seats: 60,
      systemId: mail,
      supplierId: known(story, "supplier/CloudWerk SE"),
      cost: euro("7200.00"),
      renewsOn: addMonths(story.today, 5),
      noticeDays: 60,
    },
    it,
  );
  await tell(
    story,
    "it.licence.create",
    {
      name: "Shared files",
      seats: 60,
      systemId: files,
      supplierId: known(story, "supplier/CloudWerk SE"),
      cost: euro("3900.00"),
      renewsOn: addMonths(story.today, 2),
      noticeDays: 30,
    },
    it,
  );
  for (const { name } of colleagues) await tell(story, "it.account.openNeeded", { personId: known(story, `person/${name}`) }, it);
}

async function desks(story: Story): Promise<void> {
  const next = new Map<string, number>();
  for (const colleague of colleagues) {
    const site = sites.find((one) => one.code === colleague.site)!;
    const number = (next.get(site.code) ?? 0) + 1;
    next.set(site.code, number);
    const floor = Math.ceil(number / site.desksPerFloor);
    if (floor > site.floors) continue;
    const desk = ((number - 1) % site.desksPerFloor) + 1;
    const deskId = known(story, `place/${site.code}-A${floor}-${String(desk).padStart(2, "0")}`);
    await tell(
      story,
      "facilities.desk.assign",
      { deskId, personId: known(story, `person/${colleague.name}`), from: story.today },
      facilities,
    );
  }
}

async function upkeep(story: Story): Promise<void> {
  const thing = async (kind: string, name: string, place: string, cost: string): Promise<Id> =>
    (
      await tell(
        story,
        "facilities.equipment.create",
        { kind, name, placeId: known(story, `place/${place}`), boughtOn: addMonths(story.today, -30), cost: euro(cost) },
        facilities,
      )
    ).id;
  const lift = await thing("equipment", "Passenger lift", "JEN-A", "48000.00");
  const pump = await thing("equipment", "Vacuum pump 2", "JEN-A1", "18700.00");
  await thing("equipment", "Coffee machine", "HAM-A1", "2400.00");
  const plan = (title: string, more: object) =>
    tell(story, "facilities.maintenancePlan.create", { title, leadDays: 14, ...more }, facilities);
  await plan("Lift inspection", {
    assetId: lift,
    firstDay: addDays(story.today, 10),
    everyMonths: 12,
    says: "By the inspection body; keep its report.",
  });
  await plan("Oil change of vacuum pump", { assetId: pump, firstDay: addDays(story.today, 5), everyMonths: 3 });
  await plan("Fire extinguishers, Hamburg", { placeId: known(story, "place/HAM"), firstDay: addDays(story.today, 40), everyMonths: 24 });
  await tell(story, "facilities.maintenance.makeDue", {}, facilities);
  const report = (placeId: string, text: string, urgency: string, as: string) =>
    tell(story, "facilities.fault.report", { placeId: known(story, `place/${placeId}`), text, urgency }, as);
  await report("JEN-A2", "The window next to the stairs does not close any more.", "normal", "Sofia Rinaldi");
  await report("HAM-A1", "Water drips from the ceiling near desk 4.", "high", "Greta Holm");
  const at = (hour: number) => `${addDays(story.today, 3)}T${String(hour).padStart(2, "0")}:00:00Z`;
  await tell(
    story,
    "facilities.room.book",
    { roomId: known(story, "place/HAM-A1-R"), from: at(9), until: at(10), title: "Quarterly numbers" },
    "Ingrid Sommer",
  );
  await tell(
    story,
    "facilities.room.book",
    { roomId: known(story, "place/JEN-A1-R"), from: at(13), until: at(15), title: "Lens ML-100 review" },
    "Viktor Stahl",
  );
}
