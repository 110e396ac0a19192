// Hire: from the accepted offer to a person at their desk who knows the policies.
import type { Id } from "../kernel/id.ts";
import type { ReadContext, WriteContext } from "../platform/operation/context.ts";
import { holdingsOf, itKinds, reservationsOf } from "../modules/assets/index.ts";
import { assignDesk, deskOf, hasDesk, releaseDesk } from "../modules/facilities/index.ts";
import { askAttestations, policiesAreAcknowledged } from "../modules/governance/index.ts";
import {
  accountsAreOpen,
  closeAllAccounts,
  deviceIsHandedOver,
  deviceIsReserved,
  handOverDevice,
  openNeededAccounts,
  releaseDevice,
  reserveFreeDevice,
  takeBackDevice,
} from "../modules/it/index.ts";
import { days, ids, process } from "../modules/office/index.ts";
import {
  contractIsSent,
  contractIsSigned,
  type EmploymentFacts,
  employmentFacts,
  isContractor,
  isInstructed,
  openTrainings,
  recordTraining,
  sendContract,
  signContract,
} from "../modules/people/index.ts";
import { createEnrolment, isEnrolled } from "../modules/payroll/index.ts";
import { canSignIn, inviteToHeartwood, shutOut } from "./access.ts";

interface Hire extends Readonly<Record<string, Id>> {
  readonly offerId: Id;
  readonly employmentId: Id;
  readonly personId: Id;
}

const employment = (context: ReadContext, subject: Hire): Promise<EmploymentFacts | undefined> =>
  employmentFacts(context, subject.employmentId);

const contractOf = async (context: ReadContext, subject: Hire) => ({ contractId: (await employment(context, subject))?.contractId });

/** Sends the contract unless People sent it by hand. */
async function sendOnce(context: WriteContext, subject: Hire): Promise<void> {
  if (await contractIsSent(context, subject.employmentId)) return;
  const { contractId } = await contractOf(context, subject);
  if (contractId) await context.callAsSystem(sendContract, { contractId });
}

async function reserveOnce(context: WriteContext, subject: Hire): Promise<void> {
  if (await deviceIsReserved(context, subject.personId)) return;
  const from = (await employment(context, subject))?.firstDay ?? context.today;
  await context.callAsSystem(reserveFreeDevice, { personId: subject.personId, from, kind: "laptop" });
}

async function takeDeviceBack(context: WriteContext, subject: Hire): Promise<void> {
  for (const { assetId } of await reservationsOf(context, subject.personId, itKinds)) {
    await context.callAsSystem(releaseDevice, { deviceId: assetId });
  }
  for (const { assetId } of await holdingsOf(context, subject.personId, itKinds)) {
    await context.callAsSystem(takeBackDevice, { deviceId: assetId, on: context.today, condition: "good" });
  }
}

async function freeDesk(context: WriteContext, subject: Hire): Promise<void> {
  const { personId } = subject;
  const from = (await employment(context, subject))?.firstDay ?? context.today;
  if (await deskOf(context, personId, from)) await context.callAsSystem(releaseDesk, { personId, lastDay: context.today });
}

export const hire = process<Hire>({
  name: "hire",
  title: "A hire",
  says:
    "An offer was accepted. Before the first day the contract is signed, a laptop, accounts and a desk are ready, and payroll knows; " +
    "in the first week the newcomer is instructed and reads the policies.",
  starts: "people.offer.accepted",
  ends: "people.offer.rescinded",
  subject: (payload) => ids(payload, "offerId", "employmentId", "personId"),
  about: ["people.employment", "employmentId"],
  anchor: async (context, subject) => (await employment(context, subject))?.firstDay,
  called: async (context, subject) => `Hire of ${(await employment(context, subject))?.person ?? "a colleague"}`,
  steps: {
    contract: {
      says: "People sends the contract; it is signed three weeks before the first day.",
      owner: "people.contract",
      by: days(-21),
      does: sendOnce,
      asks: { operation: signContract, input: contractOf },
      done: (context, subject) => contractIsSigned(context, subject.employmentId),
    },
    laptop: {
      says: "IT reserves a laptop and hands it over on the first day.",
      owner: "it.equipment",
      by: days(0),
      after: ["contract"],
      does: reserveOnce,
      asks: {
        operation: handOverDevice,
        input: async (context, subject) => ({
          deviceId: (await reservationsOf(context, subject.personId, itKinds))[0]?.assetId,
          personId: subject.personId,
          on: context.today,
        }),
      },
      done: (context, subject) => deviceIsHandedOver(context, subject.personId),
      undo: takeDeviceBack,
    },
    accounts: {
      says: "IT opens the accounts that everyone, and this job, needs.",
      owner: "it.access",
      by: days(-1),
      after: ["contract"],
      asks: { operation: openNeededAccounts, input: (_context, subject) => ({ personId: subject.personId }) },
      done: (context, subject) => accountsAreOpen(context, subject.personId),
      undo: { operation: closeAllAccounts, input: (_context, subject) => ({ personId: subject.personId }) },
    },
    signIn: {
      title: "Sign-in to Heartwood",
      says: "The person is invited to Heartwood, to see their own records, tasks and policies.",
      owner: "it.access",
      by: days(-3),
      after: ["contract"],
      does: (context, subject) => inviteToHeartwood(context, subject.personId),
      done: (context, subject) => canSignIn(context, subject.personId),
      undo: (context, subject) => shutOut(context, subject.personId),
    },
    desk: {
      says: "Facilities seats the person at their site.",
      owner: "facilities.space",
      by: days(-2),
      after: ["contract"],
      asks: {
        operation: assignDesk,
        input: async (context, subject) => ({ personId: subject.personId, from: (await employment(context, subject))?.firstDay }),
      },
      done: async (context, subject) => {
        const firstDay = (await employment(context, subject))?.firstDay;
        return firstDay !== undefined && hasDesk(context, subject.personId, firstDay);
      },
      undo: freeDesk,
    },
    payroll: {
      says: "Payroll enrols the person before the cut-off; a contractor sends bills instead.",
      owner: "payroll.enrolment",
      by: days(-5),
      after: ["contract"],
      unless: (context, subject) => isContractor(context, subject.employmentId),
      asks: {
        operation: createEnrolment,
        input: async (context, subject) => ({ employmentId: subject.employmentId, from: (await employment(context, subject))?.firstDay }),
      },
      done: (context, subject) => isEnrolled(context, subject.employmentId),
    },
    instruction: {
      says: "The newcomer is instructed in what everyone, and this job, has to know.",
      owner: "people.training",
      by: days(5),
      after: ["contract"],
      asks: {
        operation: recordTraining,
        input: async (context, subject) => ({
          trainingId: (await openTrainings(context, subject.personId))[0],
          personIds: [subject.personId],
        }),
      },
      done: (context, subject) => isInstructed(context, subject.personId),
    },
    policies: {
      says: "The person reads and acknowledges the policies that concern them in the first week.",
      owner: "person",
      by: days(5),
      after: ["signIn"],
      does: (context, subject) => askAttestations(context, { personId: subject.personId }),
      done: (context, subject) => policiesAreAcknowledged(context, subject.personId),
    },
  },
});
