// What people ask of the departments: a catalogue, requests at several stages, and two articles that spare some.
import type { Id } from "../../src/kernel/id.ts";
import { known, type Story, tell } from "../story.ts";

const keeper = "Helene Lindholm";

export async function requestsChapter(story: Story): Promise<void> {
  await tell(story, "office.requestKind.addUsual", {}, keeper);
  const article = async (title: string, text: string, department: string): Promise<void> => {
    const { id } = await tell(story, "office.article.create", { title, text, department }, keeper);
    await tell(story, "office.article.publish", { articleId: id }, keeper);
  };
  await article("Printer does not print", "Hold your badge to the reader and choose your job. After two hours a job is gone.", "it");
  await article(
    "Parking at the Jena works",
    "Rows A and B are ours. Visitors stand in row C; tell reception their number plate.",
    "facilities",
  );
  const requests = await filed(story);
  const say = (verb: string, request: string, text: string, as: string) =>
    tell(story, `office.request.${verb}`, { requestId: requests.get(request)!, text }, as);
  await tell(story, "office.request.take", { requestId: requests.get("vpn")! }, "Erik Hansen");
  await say("ask", "vpn", "Does it also fail over the phone's network? Please try once.", "Erik Hansen");
  await say("note", "vpn", "Third one this week from the same provider.", "Erik Hansen");
  await say("reply", "lift", "The company that looks after it comes this afternoon.", "Rosa Marino");
  await say("wait", "lift", "A new door motor is on its way, it comes on Thursday.", "Rosa Marino");
  await say("solve", "letter", "It lies in your personal folder, signed.", "Nadia Petrov");
  await say("solve", "invoice", "The discount was missing; they send a new one.", "Tomas Weber");
  await tell(story, "office.request.confirm", { requestId: requests.get("invoice")! }, "Mats Eriksen");
  await tell(story, "office.request.rate", { requestId: requests.get("invoice")!, score: 5, says: "Quick, thank you" }, "Mats Eriksen");
  await tell(story, "office.mail.receive", { message: strangersMail }, keeper);
}

async function filed(story: Story): Promise<ReadonlyMap<string, Id>> {
  const kinds = await tell<{ kinds: { id: Id; code: string }[] }>(story, "office.requestKind.catalogue", {}, keeper);
  const place = known(story, "place/JEN");
  const asked: readonly (readonly [string, string, string, string, object])[] = [
    [
      "lift",
      "broken-thing",
      "Goods lift stops between the floors",
      "Klaus Reimer",
      { place, danger: true, hazard: "The door opens too early" },
    ],
    [
      "vpn",
      "it-trouble",
      "No connection from home",
      "Greta Holm",
      { what: "Network", error: "It asks for the code again and again", blocked: true },
    ],
    ["letter", "employment-letter", "Letter for my landlord", "Viktor Stahl", { addressee: "Landlord", language: "German", pay: true }],
    [
      "invoice",
      "invoice-question",
      "Invoice of the trade fair",
      "Mats Eriksen",
      { side: "We received it", reference: "MH-2041", question: "The discount is missing" },
    ],
    [
      "badge",
      "visitor-badge",
      "Two auditors on Thursday",
      "Daniel Okafor",
      { visitor: "Ms Arndt and Mr Kock", day: story.today, production: false },
    ],
    ["coat", "machine-down", "Coating plant 2 stands still", "Klaus Reimer", { place, still: true, fault: "Vacuum does not hold" }],
    ["pay", "pay-question", "My overtime of last month", "Greta Holm", { month: story.today, question: "Eight hours are missing" }],
  ];
  const made = new Map<string, Id>();
  for (const [name, code, title, as, answers] of asked) {
    const kindId = kinds.kinds.find((kind) => kind.code === code)!.id;
    made.set(name, (await tell(story, "office.request.create", { kindId, title, answers }, as)).id);
  }
  return made;
}

const strangersMail = [
  "From: Rieke Sand <rieke@sand-optik.example>",
  "To: office@lindholm.example",
  "Subject: Our visit next week",
  "Message-ID: <visit@sand-optik.example>",
  "",
  "Good morning, we are four people instead of three. Is there a place to park?",
  "",
].join("\r\n");
