// What the office tells people of, and how while nobody chose otherwise: what waits for someone is mailed at once, the rest gathers.
import type { NoticeKind } from "../../platform/operation/module.ts";

export const officeNotices: Readonly<Record<string, NoticeKind>> = {
  "office.task.given": { title: "Work given to me", says: "A task was opened for you, or handed to you.", mail: "off" },
  "office.task.late": { title: "Late with me", says: "A task of yours is past its day.", mail: "now" },
  "office.task.lateBelow": { title: "Late with my people", says: "Something is still late with someone below you.", mail: "daily" },
  "office.comment.mentioned": { title: "Mentions", says: "Someone named you in a comment.", mail: "daily" },
  "office.document.signed": { title: "Signatures I asked for", says: "All have signed, or someone declined.", mail: "daily" },
  "office.document.renewal": { title: "Documents to renew", says: "A document you own expires soon.", mail: "daily" },
  "office.document.disposal": {
    title: "Documents to dispose of",
    says: "A rule says that a document may go; someone has to decide.",
    mail: "weekly",
  },
  // Answers to whoever asked go out as mail of the thread by themselves; a second mail would say the same.
  "office.task.shared": { title: "Work I am told of", says: "You are consulted or informed by the responsibility map.", mail: "off" },
  "office.clock.running": { title: "Promises that run out", says: "A promised time is nearly over, or was not kept.", mail: "daily" },
  "office.deadline.near": {
    title: "Deadlines of laws",
    says: "A deadline of a law or contract began, comes near or was missed.",
    mail: "now",
  },
  "office.delegation.given": {
    title: "Standing in",
    says: "You stand in for someone, someone stands in for you, or it ended.",
    mail: "daily",
  },
  "office.request.news": { title: "News on requests", says: "Something happened on a request you asked for or work on.", mail: "off" },
};
