// The link in a mail by which its reader stops mails of that kind without signing in (RFC 8058): signed, so that nobody makes one for
// someone else; it can do nothing but turn that kind of mail off for that person.
import { createHmac, timingSafeEqual } from "node:crypto";
import { type Id, isId } from "../../kernel/id.ts";

/** Mails of several kinds in one: the link stops all that may be stopped. */
export const everyKind = "*";

export interface MailOfPerson {
  readonly tenantId: Id;
  readonly personId: Id;
  readonly kind: string;
}

export interface Unsubscribing {
  linkFor(mail: MailOfPerson): string;
  /** What the link means; undefined when we did not make it. */
  read(token: string): MailOfPerson | undefined;
}

export const unsubscribePath = "/api/v1/unsubscribe";

export function unsubscribing(secret: string, address: string): Unsubscribing {
  const key = createHmac("sha256", secret).update("heartwood unsubscribe").digest();
  const sign = (text: string): Buffer => createHmac("sha256", key).update(text).digest();
  return {
    linkFor: ({ tenantId, personId, kind }) => {
      const text = `${tenantId} ${personId} ${kind}`;
      return `${address}${unsubscribePath}/${Buffer.from(text).toString("base64url")}.${sign(text).toString("base64url")}`;
    },
    read: (token) => {
      const [said = "", seal = ""] = token.split(".");
      const text = Buffer.from(said, "base64url").toString();
      const [tenantId = "", personId = "", kind = ""] = text.split(" ");
      const given = Buffer.from(seal, "base64url");
      const ours = sign(text);
      if (given.length !== ours.length || !timingSafeEqual(given, ours)) return undefined;
      return isId(tenantId) && isId(personId) ? { tenantId, personId, kind } : undefined;
    },
  };
}
