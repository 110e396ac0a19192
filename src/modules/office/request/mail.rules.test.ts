// What a mail is, from mails as the common programs write them.
import { expect, test } from "vitest";
import {
  answeredIds,
  automaticBecause,
  cleanText,
  idsIn,
  type MailHeads,
  newWords,
  plainSubject,
  textOfHtml,
  tokensIn,
} from "./mail.rules.ts";

const heads = (more: Partial<MailHeads>, headers: Record<string, string> = {}): MailHeads => ({
  messageId: "<a@example.test>",
  inReplyTo: null,
  references: [],
  subject: "",
  to: [],
  from: "ann@example.test",
  returnPath: null,
  header: (name) => headers[name],
  ...more,
});
const words = "01930000-0000-7000-8000-000000000001";
const request = "01930000-0000-7000-8000-000000000002";

test.each<[string, MailHeads, boolean]>([
  ["a person", heads({}), false],
  ["Auto-Submitted: no", heads({}, { "auto-submitted": "no" }), false],
  ["an out-of-office note (RFC 3834)", heads({}, { "auto-submitted": "auto-replied" }), true],
  ["a generated one with parameters", heads({}, { "auto-submitted": "auto-generated; owner=x" }), true],
  ["bulk", heads({}, { precedence: "bulk" }), true],
  ["a mailing list", heads({}, { "list-id": "<x.example.test>" }), true],
  ["the post office", heads({ from: "MAILER-DAEMON@mx.example.test" }), true],
  ["an empty return path (RFC 5321, 4.5.5)", heads({ returnPath: "<>" }), true],
  ["a return path", heads({ returnPath: "<ann@example.test>" }), false],
  ["one of our own", heads({ messageId: `<${words}.${request}@heartwood>` }), true],
])("%s", (_who, mail, automatic) => expect(automaticBecause(mail) !== undefined).toBe(automatic));

test("a token is found in the subject and in an address, and nowhere else", () => {
  expect(tokensIn({ subject: "Re: Chairs [REQ-2026-00042 0123456789ab]", to: [] })).toEqual(["0123456789ab"]);
  expect(tokensIn({ subject: "Chairs", to: ["office+fedcba987654@example.test"] })).toEqual(["fedcba987654"]);
  expect(tokensIn({ subject: "[REQ-2026-00042] 0123456789ab", to: ["0123456789ab@example.test"] })).toEqual([]);
});

test("what it answers is known by our own identifiers, the nearest first", () => {
  const ours = `<${words}.${request}@heartwood>`;
  expect(answeredIds({ inReplyTo: ours, references: ["<x@y>"] })).toEqual([{ messageId: words, requestId: request }]);
  expect(answeredIds({ inReplyTo: "<x@y>", references: ["<x@y>", ours] })).toEqual([{ messageId: words, requestId: request }]);
  expect(idsIn("<a@b>\r\n <c@d> junk")).toEqual(["<a@b>", "<c@d>"]);
});

test.each([
  ["Re: AW: Fwd: Chairs", "Chairs"],
  ["RE[2]: Chairs [REQ-2026-00042 0123456789ab]", "Chairs"],
  ["Revenue in May", "Revenue in May"],
  ["Two\u0000 lines\r\n of it", "Two lines of it"],
])("the subject %o is %o", (subject, plain) => expect(plainSubject(subject)).toBe(plain));

test.each([
  ["Yes.\n\nOn Mon, 2 Nov 2026 at 10:00, Erik It <erik@example.test> wrote:\n> Which one?", "Yes."],
  ["Yes.\n\nOn Mon, 2 Nov 2026 at 10:00, Erik It\n<erik@example.test> wrote:\n> Which one?", "Yes."],
  ["Ja.\n\nAm 02.11.26 um 10:00 schrieb Erik It:\n> Welcher?", "Ja."],
  ["Oui.\n\nLe lun. 2 nov. 2026 à 10:00, Erik a écrit :\n> Lequel ?", "Oui."],
  ["Yes.\n\n-----Original Message-----\nFrom: Erik\nSent: Monday", "Yes."],
  ["Yes.\n\nFrom: Erik It <erik@example.test>\nSent: Monday, 2 November 2026\nTo: Ann", "Yes."],
  ["Yes.\n-- \nAnn Example\nExample GmbH", "Yes."],
  ["> Which one?\nThe blue one.", "The blue one."],
  ["From: here on it is fine.\nOn we go.", "From: here on it is fine.\nOn we go."],
])("of %o the new words are %o", (text, fresh) => expect(newWords(text)).toBe(fresh));

test("HTML becomes text: no markup, no script, no style, entities read", () => {
  const html = `<html><head><title>t</title><style>p{}</style></head><body><p>Hi &amp; hello&nbsp;&#8364;&#x1F600;</p>
    <script>alert(1)</script><!-- x --><div>two<br>three</div><ul><li>a</li></ul><img src=x onerror=alert(1)></body></html>`;
  expect(textOfHtml(html)).toBe("Hi & hello €😀\n\ntwo\nthree\n- a");
  expect(textOfHtml("<p>a</p><blockquote>quoted</blockquote>")).toBe("a\n\n> quoted");
  expect(textOfHtml("&#0;&#xD800;&nosuch;")).toBe("&nosuch;");
});

test("control characters are taken out, line ends made one", () => {
  expect(cleanText("a\u0000b\u001b[31m\r\nc\td", 100)).toBe("ab[31m\nc\td");
});
