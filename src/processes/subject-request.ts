// Personal data: from the day somebody asks about their own data until they are answered, within the month of GDPR Art. 12(3).
import type { Id } from "../kernel/id.ts";
import {
  answerRequest,
  decideErasureOfPerson,
  gatherForRequest,
  identifyPerson,
  proposeErasureOfPerson,
  type SubjectRequestFacts,
  subjectRequestFacts,
} from "../modules/governance/index.ts";
import { days, type Fact, ids, process } from "../modules/office/index.ts";
import type { ReadContext } from "../platform/operation/context.ts";

interface Request extends Readonly<Record<string, Id>> {
  readonly subjectRequestId: Id;
}

const facts = (context: ReadContext, subject: Request): Promise<SubjectRequestFacts | undefined> =>
  subjectRequestFacts(context, subject.subjectRequestId);

const is =
  (holds: (known: SubjectRequestFacts) => boolean): Fact<Request> =>
  async (context, subject) => {
    const known = await facts(context, subject);
    return known !== undefined && holds(known);
  };

/** Once somebody was answered or refused, what was not done by then is needed no longer. */
const isNotFor = (...kinds: readonly SubjectRequestFacts["kind"][]): Fact<Request> =>
  is((known) => known.isClosed || !kinds.includes(known.kind));

export const subjectRequest = process<Request>({
  name: "subject-request",
  title: "A request about personal data",
  says:
    "Somebody asks what is held about them, or wants it given out, mended or erased. It is made sure that it is them, what is held is " +
    "put together or a second person agrees to the erasure, and they are answered within a month.",
  starts: "governance.subjectRequest.recorded",
  subject: (payload) => ids(payload, "subjectRequestId"),
  about: ["governance.subjectRequest", "subjectRequestId"],
  anchor: async (context, subject) => (await facts(context, subject))?.receivedOn,
  // Seen on every timeline: it says when, never who or what.
  called: async (context, subject) => `Request about personal data of ${(await facts(context, subject))?.receivedOn ?? "an unknown day"}`,
  steps: {
    identified: {
      says: "It is made sure that the request comes from the person themself (GDPR Art. 12(6)).",
      owner: "governance.privacy",
      by: days(3),
      unless: is((known) => known.isClosed),
      asks: identifyPerson,
      done: is((known) => known.isIdentified),
    },
    gathered: {
      title: "Put together",
      says: "Everything that every department holds about the person is put together (GDPR Art. 15 and 20).",
      owner: "governance.privacy",
      by: days(14),
      after: ["identified"],
      unless: isNotFor("access", "portability"),
      asks: gatherForRequest,
      done: is((known) => known.isGathered),
    },
    proposed: {
      title: "Erasure proposed",
      says: "It is looked at what may go and what the law asks to keep, and the erasure is proposed (GDPR Art. 17).",
      owner: "governance.privacy",
      by: days(14),
      after: ["identified"],
      unless: isNotFor("erasure"),
      asks: proposeErasureOfPerson,
      done: is((known) => known.erasureId !== null),
    },
    agreed: {
      title: "Erasure decided",
      says: "A second person agrees to the erasure, or declines it with a reason.",
      owner: "governance.erasure",
      by: days(21),
      after: ["proposed"],
      unless: isNotFor("erasure"),
      asks: {
        operation: decideErasureOfPerson,
        input: async (context, subject) => ({ erasureId: (await facts(context, subject))?.erasureId }),
      },
      done: is((known) => known.isDecided),
    },
    answered: {
      says: "The person is answered, within a month of asking (GDPR Art. 12(3)), or told why not (Art. 12(4)).",
      owner: "governance.privacy",
      by: days(28),
      after: ["gathered", "agreed"],
      asks: answerRequest,
      done: is((known) => known.isClosed),
    },
  },
});
