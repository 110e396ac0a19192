// The door for the link in a mail that stops mails of its kind: no sign-in, because the link itself is the proof. Looking at the page
// changes nothing, for mail programs look at every link; only the button, or the mail program's own one-click (RFC 8058), does.
import type { FastifyInstance } from "fastify";
import { newId } from "../../kernel/id.ts";
import { system } from "../funnel/frame.ts";
import type { Funnel } from "../funnel/funnel.ts";
import { everyKind, type Unsubscribing, unsubscribePath } from "../notify/unsubscribe.ts";
import { stopMail } from "../rooms/preference.operations.ts";
import { escaped, plainPage } from "./plain-page.ts";

export async function mountUnsubscribe(app: FastifyInstance, funnel: Funnel, { read }: Unsubscribing): Promise<void> {
  await app.register(async (room) => {
    // The one click comes as a form of either kind; what it says is known beforehand.
    room.removeAllContentTypeParsers();
    room.addContentTypeParser("*", (_request, payload, done) => {
      payload.resume();
      payload.on("end", () => done(null, undefined));
    });
    room.get(`${unsubscribePath}/:token`, async (request, reply) => {
      const mail = read((request.params as { token: string }).token);
      if (!mail) return plainPage(reply, 404, "This link is not valid", "<p>Open your account in Heartwood to choose what you hear.</p>");
      const what = mail.kind === everyKind ? "all mails that can be stopped" : `mails: ${titleOf(funnel, mail.kind)}`;
      return plainPage(
        reply,
        200,
        "Stop these mails?",
        `<p>You will no longer get ${what}.</p><form method="post"><button>Stop them</button></form>`,
      );
    });
    room.post(`${unsubscribePath}/:token`, async (request, reply) => {
      const mail = read((request.params as { token: string }).token);
      if (!mail) return plainPage(reply, 404, "This link is not valid", "");
      const { tenantId, personId, kind } = mail;
      await funnel.runTyped(stopMail, { personId, kind }, { tenantId, actor: system, key: newId(), reason: "The link in a mail" });
      return plainPage(reply, 200, "Stopped", "<p>No more of these mails. You can turn them on again under your account in Heartwood.</p>");
    });
  });
}

const titleOf = (funnel: Funnel, kind: string): string => escaped(funnel.registry.notices.get(kind)?.title ?? kind);
