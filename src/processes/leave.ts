// Leave: the mirror of the hire, computed from what the leaver holds on the day: nothing is asked back that was never given.
import { addDays } from "../kernel/day.ts";
import type { Id } from "../kernel/id.ts";
import { Refusal } from "../kernel/refusal.ts";
import type { ReadContext, WriteContext } from "../platform/operation/context.ts";
import { facilityKinds, holdingsOf, itKinds } from "../modules/assets/index.ts";
import { hasNoDesk, holdsNoEquipment, releaseDesk, takeBackEquipment } from "../modules/facilities/index.ts";
import { closeAllAccounts, holdsNoAccount, holdsNoDevice, takeBackDevice } from "../modules/it/index.ts";
import { days, ids, process } from "../modules/office/index.ts";
import { adjustLeave, employmentFacts, leaveIsSettled, type LeavingFacts, leavingFacts } from "../modules/people/index.ts";
import { disableMember } from "../platform/rooms/member.operations.ts";
import { finalPayIsDone, wasEnrolled } from "../modules/payroll/index.ts";
import { cannotSignIn, memberOf, shutOut } from "./access.ts";

interface Leave extends Readonly<Record<string, Id>> {
  readonly employmentId: Id;
  readonly personId: Id;
}

const leaving = (context: ReadContext, subject: Leave): Promise<LeavingFacts | undefined> => leavingFacts(context, subject.employmentId);

/** On the day the access ends, and not before, the house shuts the person out. */
async function shutOutInTime(context: WriteContext, subject: Leave): Promise<void> {
  const facts = await leaving(context, subject);
  if (!facts) return;
  if (facts.accessCutOff > context.today) {
    throw new Refusal("accessStillNeeded", `Their access ends on ${facts.accessCutOff}; the house shuts them out on that day.`);
  }
  await shutOut(context, subject.personId);
}

export const leave = process<Leave>({
  name: "leave",
  title: "A departure",
  says:
    "Somebody leaves. What they hold comes back, their accounts and sign-in end on the day their access ends, their desk is free, " +
    "and their leave and pay are settled.",
  starts: "people.resignation.recorded",
  ends: "people.resignation.withdrawn",
  subject: (payload) => ids(payload, "employmentId", "personId"),
  about: ["people.employment", "employmentId"],
  anchor: async (context, subject) => (await leaving(context, subject))?.lastWorkingDay,
  called: async (context, subject) => `Departure of ${(await employmentFacts(context, subject.employmentId))?.person ?? "a colleague"}`,
  steps: {
    devices: {
      says: "IT takes back every device the person holds.",
      owner: "it.equipment",
      by: days(0),
      asks: {
        operation: takeBackDevice,
        input: async (context, subject) => ({
          deviceId: (await holdingsOf(context, subject.personId, itKinds))[0]?.assetId,
          on: context.today,
        }),
      },
      done: (context, subject) => holdsNoDevice(context, subject.personId),
    },
    equipment: {
      says: "Facilities takes back keys, badges and other equipment.",
      owner: "facilities.space",
      by: days(0),
      asks: {
        operation: takeBackEquipment,
        input: async (context, subject) => ({
          equipmentId: (await holdingsOf(context, subject.personId, facilityKinds))[0]?.assetId,
          on: context.today,
        }),
      },
      done: (context, subject) => holdsNoEquipment(context, subject.personId),
    },
    accounts: {
      says: "IT closes every account.",
      owner: "it.access",
      by: days(0),
      asks: { operation: closeAllAccounts, input: (_context, subject) => ({ personId: subject.personId }) },
      done: (context, subject) => holdsNoAccount(context, subject.personId),
    },
    signIn: {
      title: "Sign-in to Heartwood",
      says: "On the day their access ends the person can no longer sign in.",
      owner: "it.access",
      by: days(1),
      does: shutOutInTime,
      asks: { operation: disableMember, input: async (context, subject) => ({ memberId: await memberOf(context, subject.personId) }) },
      done: (context, subject) => cannotSignIn(context, subject.personId),
    },
    desk: {
      says: "Facilities frees the desk from the day after the last working day.",
      owner: "facilities.space",
      by: days(0),
      asks: {
        operation: releaseDesk,
        input: async (context, subject) => ({ personId: subject.personId, lastDay: (await leaving(context, subject))?.lastWorkingDay }),
      },
      done: async (context, subject) => {
        const facts = await leaving(context, subject);
        return facts !== undefined && hasNoDesk(context, subject.personId, addDays(facts.lastWorkingDay, 1));
      },
    },
    finalPay: {
      title: "Final pay",
      says: "Payroll pays the last month, approved by a second person.",
      owner: "payroll.run",
      by: days(10),
      unless: async (context, subject) => !(await wasEnrolled(context, subject.employmentId)),
      done: (context, subject) => finalPayIsDone(context, subject.employmentId),
    },
    leaveBalance: {
      title: "Leave that is left",
      says: "People settles the leave that was not taken.",
      owner: "people.departure",
      by: days(0),
      asks: { operation: adjustLeave, input: (_context, subject) => ({ employmentId: subject.employmentId }) },
      done: (context, subject) => leaveIsSettled(context, subject.employmentId),
    },
  },
});
