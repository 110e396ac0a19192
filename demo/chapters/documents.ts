// Papers of the company: contracts and certificates with their rules, one to be renewed, one to be signed, one in dispute;
// what an hour costs.
import { addDays, addMonths } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { pdfOf } from "../../src/platform/files/pdf.ts";
import { writeStoredFile } from "../../src/platform/files/store.ts";
import { known, type Story, tell } from "../story.ts";

const [owner, office] = ["Helene Lindholm", "Pia Brandt"];

export async function documentsChapter(story: Story): Promise<void> {
  const classes = await classesOfPapers(story);
  await papers(story, classes);
  await rates(story);
}

async function classesOfPapers(story: Story): Promise<Readonly<Record<"contract" | "certificate" | "correspondence", Id>>> {
  const add = async (code: string, title: string, more: object): Promise<Id> =>
    (await tell(story, "office.documentClass.create", { code, title, ...more }, owner)).id;
  return {
    contract: await add("CONTRACT", "Contract", {
      keepMonths: 72,
      keepFrom: "expiry",
      rule: "Six years after the end of the contract (HGB § 257).",
      visibility: "unit",
      reminderDays: 90,
    }),
    certificate: await add("CERTIFICATE", "Certificate", {
      keepMonths: 36,
      keepFrom: "expiry",
      rule: "Three years after expiry.",
      reminderDays: 60,
    }),
    correspondence: await add("LETTER", "Business letter", {
      keepMonths: 72,
      keepFrom: "yearEnd",
      rule: "Six years from the end of the year (HGB § 257(4), AO § 147(3)).",
    }),
  };
}

const template = `
#let page-of = json(bytes(sys.inputs.at("values")))
#set page(paper: "a4", margin: 25mm)
#text(size: 18pt, weight: "bold", page-of.title)
#v(6mm)
#page-of.text
`;

async function papers(story: Story, classes: Awaited<ReturnType<typeof classesOfPapers>>): Promise<void> {
  const file = async (title: string, text: string, as: string, input: object): Promise<Id> => {
    const bytes = pdfOf(template, { title, text });
    const userId = story.actors.get(as)?.userId ?? null;
    const stored = { tenantId: story.tenantId, userId, now: new Date(), name: `${title}.pdf`, mediaType: "application/pdf", bytes };
    const fileId = await story.funnel.work(story.tenantId, (context) => writeStoredFile(context.db, stored));
    return (await tell(story, "office.document.file", { title, fileId, ...input }, as)).id;
  };
  const { today } = story;
  await file("Fire protection certificate, Hamburg", "The building was inspected and found in order.", office, {
    classId: classes.certificate,
    effectiveOn: addMonths(today, -10),
    expiresOn: addDays(today, 45),
  });
  const cleaning = await file("Cleaning contract 2027", "The cleaner cleans five times a week, for one year.", office, {
    classId: classes.contract,
    visibility: "named",
    readers: [known(story, "person/Jonas Falk")],
    effectiveOn: addMonths(today, 1),
    expiresOn: addMonths(today, 13),
  });
  const people = [known(story, "person/Helene Lindholm"), known(story, "person/Jonas Falk")];
  await tell(story, "office.signing.ask", { documentId: cleaning, people, inOrder: true, due: addDays(today, 10) }, office);
  const letter = await file("Letter about the flooded cellar", "Water came in on two days; the landlord was told at once.", owner, {
    classId: classes.correspondence,
    visibility: "company",
  });
  await tell(
    story,
    "office.documentHold.place",
    { documentId: letter, matter: "Flooded cellar", reason: "The insurer has not answered; nothing may be lost until it has." },
    owner,
  );
}

async function rates(story: Story): Promise<void> {
  const rate = (activity: string, minutesTypical: number, amount: string) =>
    tell(
      story,
      "office.effort.set",
      { activity, from: addMonths(story.today, -12), minutesTypical, rateHourly: { amount, currency: "EUR" }, why: "Budget of the year" },
      owner,
    );
  await rate("it.equipment", 45, "58.00");
  await rate("it.access", 20, "58.00");
  await rate("purchasing.approval", 10, "95.00");
}
