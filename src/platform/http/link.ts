// The door for links in mails that let their reader do one thing once. A look shows what it is about and does nothing; only a button does,
// and everything is checked again then, as for anyone who is signed in.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Id, isId, newId } from "../../kernel/id.ts";
import { Refusal } from "../../kernel/refusal.ts";
import { NotPermitted } from "../funnel/denial.ts";
import { system } from "../funnel/frame.ts";
import type { Funnel } from "../funnel/funnel.ts";
import { actorNow } from "../identity/actors.ts";
import { type LinkPage, linkPath } from "../operation/link.ts";
import { escaped, plainPage } from "./plain-page.ts";

export async function mountLinks(app: FastifyInstance, funnel: Funnel): Promise<void> {
  if (!funnel.registry.link) return;
  await app.register(async (room) => {
    room.removeAllContentTypeParsers();
    room.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string", bodyLimit: 20_000 }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body as string))),
    );
    room.get(`${linkPath}/:token`, async (request, reply) => {
      const found = await lookAt(funnel, request);
      return found ? plainPage(reply, 200, found.page.title, formOf(found.page)) : gone(reply);
    });
    room.post(`${linkPath}/:token`, async (request, reply) => {
      const found = await lookAt(funnel, request);
      return found ? press(funnel, found, request, reply) : gone(reply);
    });
  });
}

interface Found {
  readonly tenantId: Id;
  readonly token: string;
  readonly page: LinkPage;
}

async function lookAt(funnel: Funnel, request: FastifyRequest): Promise<Found | undefined> {
  const { token } = request.params as { token: string };
  const tenantId = token.split(".")[0] ?? "";
  if (!isId(tenantId)) return undefined;
  const found = await funnel.read({ tenantId, actor: system }, (context) => funnel.registry.link!.look(token, context));
  return found && { tenantId, token, page: found };
}

async function press(
  funnel: Funnel,
  { tenantId, token, page: shown }: Found,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { choice = "", reason = "" } = (request.body ?? {}) as Record<string, string>;
  if (!shown.buttons.some((one) => one.value === choice)) return plainPage(reply, 200, shown.title, formOf(shown));
  const actor = await funnel.read({ tenantId, actor: system }, ({ db, today }) => actorNow(db, tenantId, shown.userId, today));
  if (!actor) return gone(reply);
  try {
    const input = { token, choice, ...(reason.trim() && { reason: reason.trim().slice(0, 2000) }) };
    const call = { tenantId, actor, key: newId(), requestId: request.id, reason: "The link in a mail" };
    const output = (await funnel.run(shown.operation, input, call)) as { says?: string };
    return plainPage(reply, 200, "Done", `<p>${escaped(output.says ?? "It is done.")}</p>`);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof NotPermitted)) throw error;
    return plainPage(reply, 409, "Not done", `<p>${escaped(error.message)}</p>${formOf(shown)}`);
  }
}

function formOf({ facts, buttons, asks }: LinkPage): string {
  const rows = facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join("");
  const pressed = buttons.map(({ value, title }) => `<button name="choice" value="${escaped(value)}">${escaped(title)}</button>`).join(" ");
  return (
    `<dl>${rows}</dl><form method="post"><p><label for="reason">${escaped(asks)}</label>` +
    `<textarea id="reason" name="reason" rows="3" maxlength="2000"></textarea></p><p>${pressed}</p></form>`
  );
}

const gone = (reply: FastifyReply): FastifyReply =>
  plainPage(
    reply,
    404,
    "This link is not valid",
    "<p>It was used, came too late, or has changed since. Sign in to Heartwood to decide.</p>",
  );
