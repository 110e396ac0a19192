// What a mail that came in is: written by a person or by a machine, an answer or something new, and which words in it are new.

export interface MailHeads {
  readonly messageId: string | null;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly subject: string;
  /** Addresses it was sent to. */
  readonly to: readonly string[];
  readonly from: string;
  readonly returnPath: string | null;
  /** Further headers, names in lower case. */
  readonly header: (name: string) => string | undefined;
}

const ownId = /^<[0-9a-f-]{36}\.[0-9a-f-]{36}@heartwood>$/;

/** Why a mail was not written by a person to us (RFC 3834); undefined when it may have been. */
export function automaticBecause(mail: MailHeads): string | undefined {
  const submitted = mail.header("auto-submitted")?.trim().toLowerCase();
  if (submitted && !submitted.startsWith("no")) return "an automatic answer";
  const precedence = mail.header("precedence")?.trim().toLowerCase();
  if (precedence && ["bulk", "junk", "list", "auto_reply"].includes(precedence)) return `sent in bulk (${precedence})`;
  if (mail.header("list-id") !== undefined) return "from a mailing list";
  if (mail.header("x-autoreply") !== undefined || mail.header("x-autorespond") !== undefined) return "an automatic answer";
  if (/^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply)@/i.test(mail.from))
    return `from ${mail.from.split("@")[0]}, where nobody reads`;
  if (mail.returnPath !== null && mail.returnPath.replace(/[<>\s]/g, "") === "") return "a notice of delivery";
  if (mail.messageId !== null && ownId.test(mail.messageId)) return "one of our own";
  return undefined;
}

const tokenPattern = /[0-9a-f]{12}/;
const inSubject = new RegExp(`\\[REQ-\\d{4}-\\d{5,} (${tokenPattern.source})\\]`);
const inAddress = new RegExp(`\\+(${tokenPattern.source})@`);

/** Tokens of requests that the mail was written to, from its subject and its addresses. */
export function tokensIn(mail: Pick<MailHeads, "subject" | "to">): string[] {
  const subject = inSubject.exec(mail.subject)?.[1];
  return [...(subject ? [subject] : []), ...mail.to.flatMap((address) => inAddress.exec(address)?.[1] ?? [])];
}

/** Identifiers of our own mails among those it answers, the nearest first: words and request. */
export function answeredIds(mail: Pick<MailHeads, "inReplyTo" | "references">): { messageId: string; requestId: string }[] {
  const ids = [...(mail.inReplyTo === null ? [] : [mail.inReplyTo]), ...mail.references.toReversed()];
  return ids.filter((id) => ownId.test(id)).map((id) => ({ messageId: id.slice(1, 37), requestId: id.slice(38, 74) }));
}

/** Every Message-ID in a header. */
export const idsIn = (header: string | undefined): string[] => header?.match(/<[^<>\s]{1,250}>/g) ?? [];

/** A subject without what thread and mail program put before and behind it. */
export function plainSubject(subject: string): string {
  const bare = subject.replace(new RegExp(inSubject.source, "g"), "");
  const plain = bare.replace(/^(?:\s*(?:re|aw|fwd?|wg|sv|antw|tr)\s*(?:\[\d+\])?:)+/i, "");
  return plain
    .replace(/[\p{Cc}\p{Cf}]/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200);
}

const quoteBegins = [
  /^>/,
  /^-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|forwarded message|weitergeleitete nachricht)\s*-{2,}/i,
  /^_{10,}$/,
  /^(?:on|am|le|op|den|el|il)\b.{0,300}(?:wrote|schrieb|a écrit|schreef|skrev|escribió|ha scritto).{0,80}:$/i,
  /^(?:from|von|de):\s.{1,300}$/i,
];
const signature = /^--\s?$/;

/** The new words of an answer: what stands before the quoted ones and the signature. */
export function newWords(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const joined = lines.findIndex((line, index) => isQuoteAt(lines, index) || signature.test(line));
  const kept = (joined < 0 ? lines : lines.slice(0, joined)).join("\n").trim();
  // Who answers below the quotation is read all the same.
  if (kept !== "") return kept;
  return lines
    .filter((line) => !line.startsWith(">"))
    .join("\n")
    .trim();
}

function isQuoteAt(lines: readonly string[], index: number): boolean {
  const line = lines[index]!.trim();
  if (quoteBegins.slice(0, 4).some((begins) => begins.test(line))) return true;
  // "On … wrote:" is often broken over two lines.
  const two = `${line} ${lines[index + 1]?.trim() ?? ""}`;
  if (quoteBegins[3]!.test(two) && /^(?:on|am|le|op|den|el|il)\b/i.test(line)) return true;
  return quoteBegins[4]!.test(line) && /^(?:sent|gesendet|envoyé|date|datum|to|an|à):\s/i.test(lines[index + 1]?.trim() ?? "");
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** The text of an HTML mail: no markup, no scripts, no styles; a line where one was seen. */
export function textOfHtml(html: string): string {
  const bare = html
    .replace(/<!--[^]*?-->/g, "")
    .replace(/<(script|style|head|title|template)\b[^]*?<\/\1\s*>/gi, "")
    .replace(/<blockquote\b/gi, "\n> <blockquote")
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6])\b[^>]*>/gi, "\n")
    .replace(/<li\b[^>]*>/gi, "- ")
    .replace(/<[^>]*>/g, "");
  return bare
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, ten: string, sixteen: string, name: string) => {
      if (name) return entities[name.toLowerCase()] ?? whole;
      const code = ten ? Number(ten) : Number.parseInt(sixteen, 16);
      return code > 31 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff) ? String.fromCodePoint(code) : " ";
    })
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Text as it may be kept: without control characters but tabs and line ends. */
export const cleanText = (text: string, longest: number): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .toWellFormed()
    .slice(0, longest)
    .trim();
