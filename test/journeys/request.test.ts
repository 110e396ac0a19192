// A request as the people concerned live it: filed from a phone, asked back, answered by mail, solved, reopened, closed, thanked for.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../src/kernel/day.ts";
import { type Actor } from "../../src/platform/operation/context.ts";
import { sendWaitingMail } from "../../src/platform/notify/mail.ts";
import { openHouse, type TestHouse } from "../../src/platform/testing/house.ts";

let house: TestHouse;
let greta: Actor;
let erik: Actor;
let olga: Actor;
let mailbox: Actor;

interface Sent {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string | undefined;
}
const outbox: Sent[] = [];

beforeAll(async () => {
  house = await openHouse({ today: "2026-11-02" });
  await house.person("Helene Founder", "owner");
  olga = await house.person("Olga Office", "office.manager");
  erik = await house.person("Erik It", "it.manager");
  greta = await house.person("Greta Grinds");
  mailbox = await house.person("Mail Server", "office.mailbox");
  await house.call("office.requestKind.addUsual", {}, olga);
  await house.call(
    "office.serviceLevel.create",
    {
      name: "IT",
      subject: "office.request",
      conditions: [{ field: "department", is: ["it"] }],
      targets: [
        { target: "response", amount: 60 },
        { target: "resolution", amount: 480 },
      ],
      pauseStates: ["waitingForRequester"],
    },
    olga,
  );
});
afterAll(() => house.close());

const does = async (as: Actor, name: string, input: object): Promise<Record<string, unknown>> => {
  const output = await house.call(name, input, as);
  await house.settle();
  return output;
};
const list = async (as: Actor, register: string, filter: object): Promise<Record<string, unknown>[]> =>
  (await house.call(`${register}.list`, { filter, limit: 100 }, as))["rows"] as Record<string, unknown>[];

/** The mail server fetches what waits and hands it over. */
async function mailGoesOut(): Promise<void> {
  await sendWaitingMail(house.funnel, house.tenantId, async (to, subject, text, more) => {
    outbox.push({ to, subject, text, messageId: more?.messageId });
  });
}

test("Greta asks from her phone; IT asks back; she answers by mail; it is solved, reopened, closed, and she says how it went", async () => {
  // She finds the kind, and what is known already does not help.
  const { kinds } = (await does(greta, "office.requestKind.catalogue", { search: "computer" })) as {
    kinds: { code: string; id: string }[];
  };
  expect(kinds.map(({ code }) => code)).toEqual(["it-trouble"]);
  const form = (await does(greta, "office.requestKind.form", { code: "it-trouble" })) as { fields: { name: string }[] };
  expect(form.fields.map(({ name }) => name)).toContain("error");
  expect(await does(greta, "office.article.suggest", { text: "terminal is black" })).toEqual({ articles: [] });
  const made = await does(greta, "office.request.create", {
    kindId: kinds[0]!.id,
    title: "Terminal at machine 4 is black",
    answers: { what: "Computer", error: "Black since the shift began", blocked: true },
  });
  const requestId = String(made["id"]);
  const seen = () => house.call("office.request.get", { id: requestId }, greta);
  expect(await seen()).toMatchObject({ number: "REQ-2026-00001", state: "new", person: "Erik It" });

  // It stands in Erik's inbox; he takes it and asks back. Its clock stands still.
  expect(await list(erik, "office.task", { mine: "true", state: "open" })).toMatchObject([
    { title: "REQ-2026-00001: Terminal at machine 4 is black" },
  ]);
  await does(erik, "office.request.take", { requestId });
  await does(erik, "office.request.ask", { requestId, text: "Is the green light on?" });
  await does(erik, "office.request.note", { requestId, text: "Probably kicked the plug again" });
  expect(await seen()).toMatchObject({ state: "waitingForRequester", paused: true });

  // The question reaches her by mail, without the note, and she answers it there.
  await mailGoesOut();
  const asked = outbox.find(({ text }) => text.includes("Is the green light on?"))!;
  expect(asked.to).toBe("greta.grinds@example.test");
  expect(outbox.some(({ text }) => text.includes("kicked the plug"))).toBe(false);
  const answer = [
    "From: Greta Grinds <greta.grinds@example.test>",
    "To: office@example.test",
    `Subject: ${asked.subject}`,
    "Message-ID: <answer@phone.test>",
    `In-Reply-To: ${asked.messageId}`,
    "",
    "No, it is dark.",
    "",
    "On Mon, 2 Nov 2026 at 09:00, Heartwood wrote:",
    "> Is the green light on?",
    "",
  ].join("\r\n");
  expect(await does(mailbox, "office.mail.receive", { message: answer })).toMatchObject({ state: "threaded", requestId });
  expect(await seen()).toMatchObject({ state: "open", paused: false });
  expect((await list(erik, "office.requestMessage", { requestId })).map(({ text }) => text)).toEqual([
    "Is the green light on?",
    "Probably kicked the plug again",
    "No, it is dark.",
  ]);

  // Solved on the next day; it was not; solved again, and a week later closed by itself.
  house.today = day("2026-11-03");
  await does(erik, "office.request.solve", { requestId, text: "New power supply" });
  expect(await list(erik, "office.task", { mine: "true", state: "open" })).toEqual([]);
  await does(greta, "office.request.reopen", { requestId, text: "Black again after lunch" });
  expect(await seen()).toMatchObject({ state: "open", reopened: 1, person: "Erik It" });
  await does(erik, "office.request.solve", { requestId, text: "New cable as well" });
  house.today = day("2026-11-10");
  const sweep = house.funnel.registry.schedules.find(({ name }) => name === "office.requests")!;
  await house.funnel.work(house.tenantId, sweep.does, house.today);
  expect(await seen()).toMatchObject({ state: "closed" });
  await does(greta, "office.request.rate", { requestId, score: 4, says: "Second time right" });

  // Her story tells it all but the note; every law holds.
  const story = (await does(greta, "platform.timeline.get", { subject: "office.request", recordId: requestId }))["entries"] as {
    operation: string;
  }[];
  expect(story.map(({ operation }) => operation.split(".")[2]).toReversed()).toEqual(
    ["create", "take", "ask", "receive", "solve", "reopen", "solve", "rate"].filter((verb) => verb !== "receive"),
  );
  const { laws } = (await does(await house.person("Ines Auditor", "platform.auditor"), "platform.law.check", {})) as {
    laws: { name: string; holds: boolean }[];
  };
  expect(laws.filter(({ name, holds }) => name.startsWith("office.") && !holds)).toEqual([]);
});
