// The door for calendar programs: a secret address answers with what is due, as the person it belongs to may see it now.
import type { FastifyInstance } from "fastify";
import { isId } from "../../kernel/id.ts";
import { Refusal } from "../../kernel/refusal.ts";
import { system } from "../funnel/frame.ts";
import type { Funnel } from "../funnel/funnel.ts";
import type { Memberships } from "../identity/actor.ts";
import { isKnown, tagOf } from "./me.ts";

const pattern = /^([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})(?:\.ics)?$/;

export function mountCalendar(app: FastifyInstance, funnel: Funnel, memberships: Pick<Memberships, "actorOf">): void {
  // A house without an office has nothing to show.
  if (!funnel.registry.operations.has("office.calendarFeed.open")) return;
  app.get("/calendar/:address", async (request, reply) => {
    const text = await feedAt(funnel, memberships, (request.params as { address: string }).address);
    reply.header("x-robots-tag", "noindex").header("referrer-policy", "no-referrer");
    if (text === undefined) return reply.code(404).type("text/plain; charset=utf-8").send("There is no such calendar, or it was revoked.");
    const tag = tagOf(text);
    reply.header("etag", tag).header("cache-control", "private, max-age=300");
    if (isKnown(request.headers["if-none-match"], tag)) return reply.code(304).send();
    return reply.type("text/calendar; charset=utf-8").send(text);
  });
}

async function feedAt(funnel: Funnel, memberships: Pick<Memberships, "actorOf">, address: string): Promise<string | undefined> {
  const [, tenantId, secret] = pattern.exec(address) ?? [];
  if (!tenantId || !isId(tenantId)) return undefined;
  try {
    const opened = (await funnel.run("office.calendarFeed.open", { secret }, { tenantId, actor: system })) as {
      userId: string;
      scope: string;
    };
    const member = await memberships.actorOf(opened.userId, tenantId);
    if (!member) return undefined;
    const call = { tenantId, actor: member.actor };
    return ((await funnel.run("office.calendarFeed.read", { scope: opened.scope }, call)) as { text: string }).text;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
