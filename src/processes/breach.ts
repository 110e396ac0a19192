// Breach: from the report that personal data were lost to the lessons drawn. The authority is told in 72 hours, or it is kept why not.
import type { Id } from "../kernel/id.ts";
import {
  assessBreach,
  authorityIsSettled,
  type BreachFacts,
  breachFacts,
  closeBreach,
  containBreach,
  tellPersons,
} from "../modules/governance/index.ts";
import { days, deadlinesByRule, ids, process, submitDeadline } from "../modules/office/index.ts";
import type { ReadContext } from "../platform/operation/context.ts";

interface Breach extends Readonly<Record<string, Id>> {
  readonly breachId: Id;
}

const facts = (context: ReadContext, subject: Breach): Promise<BreachFacts | undefined> => breachFacts(context, subject.breachId);

export const breach = process<Breach>({
  name: "breach",
  title: "A breach of personal data",
  says:
    "Personal data were lost, changed or seen by others. IT stops it, the risk to persons is judged, the authority and where needed the " +
    "persons are told, and lessons are drawn.",
  starts: "governance.breach.recorded",
  subject: (payload) => ids(payload, "breachId"),
  about: ["governance.breach", "breachId"],
  anchor: async (context, subject) => (await facts(context, subject))?.awareOn,
  // Seen on every timeline: it says when, never what.
  called: async (context, subject) => {
    const known = await facts(context, subject);
    return known ? `Breach of ${known.awareOn}, ${known.awareTime}` : "Breach of an unknown day";
  },
  steps: {
    contained: {
      says: "IT stops the breach and says what was done against it.",
      owner: "it.security",
      by: days(1),
      asks: containBreach,
      done: async (context, subject) => (await facts(context, subject))?.isContained === true,
    },
    assessed: {
      says: "Whoever answers for personal data judges how likely harm to persons is.",
      owner: "governance.privacy",
      by: days(1),
      asks: assessBreach,
      done: async (context, subject) => ((await facts(context, subject))?.risk ?? null) !== null,
    },
    authority: {
      title: "Authority notified",
      says: "The supervisory authority is notified within 72 hours, or it is on record why it need not be (GDPR Art. 33).",
      owner: "governance.privacy",
      by: days(3),
      after: ["assessed"],
      asks: {
        operation: submitDeadline,
        input: async (context, subject) => ({ deadlineId: (await deadlinesByRule(context, { id: subject.breachId })).get("gdpr-33")?.id }),
      },
      done: (context, subject) => authorityIsSettled(context, subject.breachId),
    },
    persons: {
      title: "Persons told",
      says: "Where the risk is high, the persons concerned are told without undue delay (GDPR Art. 34).",
      owner: "governance.privacy",
      by: days(3),
      after: ["assessed"],
      unless: async (context, subject) => ["unlikely", "likely"].includes((await facts(context, subject))?.risk ?? "unknown"),
      asks: tellPersons,
      done: async (context, subject) => (await facts(context, subject))?.isTold === true,
    },
    lessons: {
      says: "Lessons are drawn, and the breach is closed.",
      owner: "governance.privacy",
      by: days(30),
      after: ["contained", "authority", "persons"],
      asks: closeBreach,
      done: async (context, subject) => (await facts(context, subject))?.isClosed === true,
    },
  },
});
