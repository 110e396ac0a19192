// The platform's own rooms, declared like any department's: search, timeline, laws, notifications, mail; members and their roles.
import { module, type Module } from "../operation/module.ts";
import type { Registry } from "../operation/registry.ts";
import { sealAudit } from "../audit/block.ts";
import { disableMember, endRole, giveRole, inviteMember, memberRegister, roleGrantRegister } from "./member.operations.ts";
import { mailRegister, notificationRegister, readNotification } from "./notification.operations.ts";
import { searchOperation } from "./search.operations.ts";
import { createToken, revokeToken, tokenRegister } from "./token.operations.ts";
import { todayOperation } from "./today.operations.ts";
import { auditLaws, lawOperation, operationLogRegister, timelineOperation } from "./trail.operations.ts";

/** `house` gives the whole registry once it is composed: search, laws and figures reach over all modules. */
export const platformModules = (house: () => Registry): readonly Module[] => [
  module({
    name: "platform",
    title: "Heartwood",
    needs: [],
    roles: { "platform.auditor": "Auditor of the trail", "platform.operator": "Operator of the system" },
    registers: [notificationRegister, mailRegister, operationLogRegister],
    operations: [searchOperation(house), timelineOperation(house), lawOperation(house), todayOperation(house), readNotification],
    laws: auditLaws,
    schedules: [
      {
        name: "platform.sealAudit",
        says: "Seals the audit trail into its next block.",
        cron: "* * * * *",
        does: async (context) => void (await sealAudit(context.db, context.tenantId, context.now)),
      },
    ],
  }),
  module({
    name: "identity",
    title: "Access",
    needs: [],
    roles: { "identity.manager": "Manager of identities" },
    registers: [memberRegister, roleGrantRegister, tokenRegister],
    operations: [inviteMember, disableMember, giveRole(house), endRole, createToken, revokeToken],
  }),
];
