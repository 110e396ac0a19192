// The platform's own rooms, declared like any department's: search, timeline, laws, notifications, mail; members and their roles.
import { module, type Module } from "../operation/module.ts";
import type { Registry } from "../operation/registry.ts";
import { sealAudit } from "../audit/block.ts";
import { backupRegister, recordBackup } from "../backup/backup.operations.ts";
import { exportTrail, verifyTrail } from "./audit.operations.ts";
import { jobOperations, jobRegister } from "./job.operations.ts";
import { disableMember, endRole, giveRole, inviteMember, memberRegister, roleGrantRegister } from "./member.operations.ts";
import { mailDueNotices } from "../notify/digest.ts";
import { otherKind } from "../notify/notice.ts";
import { erasePerson, erasureLaws, gatherPerson, holdingsOfPerson, keepingOfPersons } from "./person.operations.ts";
import { platformKeeps } from "../privacy/keeping.ts";
import { mailRegister, notificationRegister, readNotification, resendMail } from "./notification.operations.ts";
import { choosePreference, setDefault, setRhythm, showPreferences, stopMail } from "./preference.operations.ts";
import { requireSecondFactor, showSecondFactorRule } from "./second-factor.operations.ts";
import { searchOperation } from "./search.operations.ts";
import { brokenFigure, statusOperation, statusSchedules } from "./status.operations.ts";
import { createToken, revokeToken, tokenRegister } from "./token.operations.ts";
import { todayOperation } from "./today.operations.ts";
import { secretLaws } from "../secret/laws.ts";
import { auditLaws, lawOperation, operationLogRegister, readLogRegister, timelineOperation } from "./trail.operations.ts";
import { endWatch, followedKind, followRecord, muteRecord, tellFollowers, watchRegister } from "./watch.operations.ts";

const notices: Module["notices"] = {
  "platform.security.changed": {
    title: "Security",
    says: "Your sign-in, your access, or the account your money goes to was changed.",
    mail: "now",
    always: true,
  },
  "platform.money.due": {
    title: "Money that must not be late",
    says: "A day for a payment or a filing comes near.",
    mail: "now",
    always: true,
  },
  [followedKind]: { title: "Records I follow", says: "Someone did something on a record you follow.", mail: "daily" },
  [otherKind]: { title: "Everything else", says: "Whatever has no kind of its own.", mail: "off" },
};

/** `house` gives the whole registry once it is composed: search, laws and figures reach over all modules. */
export const platformModules = (house: () => Registry): readonly Module[] => [
  module({
    name: "platform",
    title: "Heartwood",
    needs: [],
    roles: { "platform.auditor": "Auditor of the trail", "platform.operator": "Operator of the system" },
    registers: [
      notificationRegister,
      watchRegister,
      mailRegister,
      jobRegister(house),
      operationLogRegister,
      readLogRegister(house),
      backupRegister,
    ],
    operations: [
      searchOperation(house),
      timelineOperation(house),
      lawOperation(house),
      todayOperation(house),
      readNotification,
      resendMail,
      showPreferences(house),
      choosePreference(house),
      stopMail,
      setDefault(house),
      setRhythm,
      followRecord,
      muteRecord,
      endWatch,
      verifyTrail,
      exportTrail,
      holdingsOfPerson(house),
      keepingOfPersons(house),
      gatherPerson(house),
      erasePerson(house),
      recordBackup,
      statusOperation(house),
      ...jobOperations,
    ],
    notices,
    reactions: [tellFollowers],
    laws: [...auditLaws, ...secretLaws, ...erasureLaws],
    keeps: platformKeeps,
    figures: [brokenFigure(house)],
    schedules: [
      ...statusSchedules(house),
      {
        name: "platform.sealAudit",
        says: "Seals the audit trail into its next block.",
        cron: "* * * * *",
        does: async (context) => void (await sealAudit(context.db, context.tenantId, context.now)),
      },
      {
        name: "platform.dueNotices",
        says: "Mails the summaries whose hour has come, and what waited for the end of quiet hours.",
        cron: "*/5 * * * *",
        does: async (context) => void (await mailDueNotices(context)),
      },
    ],
  }),
  identityModule(house),
];

const identityModule = (house: () => Registry): Module =>
  module({
    name: "identity",
    title: "Access",
    needs: [],
    roles: { "identity.manager": "Manager of identities" },
    registers: [memberRegister, roleGrantRegister, tokenRegister],
    operations: [
      inviteMember,
      disableMember,
      giveRole(house),
      endRole,
      createToken,
      revokeToken,
      requireSecondFactor(house),
      showSecondFactorRule,
    ],
  });
