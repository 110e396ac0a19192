// Governance: what the company promised itself and others. Policies and who attested them, risks, and what the law asks and when.
import type { Id } from "../../kernel/id.ts";
import { module } from "../../platform/operation/module.ts";
import { askAttestations, askObligations, withdrawAttestations } from "./asking.ts";
import { attestPolicy } from "./attestation.operations.ts";
import { assessBreach, closeBreach, containBreach, recordBreach, tellPersons } from "./breach.operations.ts";
import { breachRegister } from "./breach.register.ts";
import { riskHeatMap } from "./heat-map.operations.ts";
import { figures, laws } from "./laws.ts";
import { appetiteRegister, createMatrix, matrixRegister, setAppetite } from "./matrix.operations.ts";
import { governanceKeeps, privacyOperations, privacyRegisters, privacySchedules } from "./privacy/index.ts";
import { createObligation, fulfilObligation, retireObligation, waiveObligation } from "./obligation.operations.ts";
import { obligationRegister, occurrenceRegister } from "./obligation.registers.ts";
import { addAudience, createPolicy, draftPolicy, publishPolicy, removeAudience, retirePolicy } from "./policy.operations.ts";
import {
  attestationRegister,
  openAttestationRegister,
  policyAudienceRegister,
  policyCoverageRegister,
  policyDraftRegister,
  policyRegister,
  policyVersionRegister,
} from "./policy.registers.ts";
import { acceptRisk, assignRisk, closeRisk, createRisk, endAcceptance, reopenRisk, scoreRisk } from "./risk.operations.ts";
import { acceptanceRegister, riskRegister, riskScoreRegister, treatmentRegister } from "./risk.registers.ts";
import { cancelTreatment, completeTreatment, planTreatment } from "./treatment.operations.ts";

const policyOf = (payload: Readonly<Record<string, unknown>>): { policyId: Id } => ({ policyId: payload["policyId"] as Id });

export const governance = module({
  name: "governance",
  title: "Governance",
  needs: ["office"],
  roles: { "governance.manager": "Governance and compliance manager" },
  activities: {
    "governance.compliance": "Legal and contractual duties",
    "governance.privacy": "Personal data: breaches and requests of the persons concerned",
    "governance.erasure": "Agreeing to the erasure of personal data, as a second person",
    "governance.policy": "Policies and their attestation",
    "governance.risk": "The risk register",
  },
  registers: [
    policyRegister,
    openAttestationRegister,
    policyCoverageRegister,
    attestationRegister,
    riskRegister,
    treatmentRegister,
    obligationRegister,
    occurrenceRegister,
    breachRegister,
    ...privacyRegisters,
    policyVersionRegister,
    policyDraftRegister,
    policyAudienceRegister,
    matrixRegister,
    appetiteRegister,
    riskScoreRegister,
    acceptanceRegister,
  ],
  operations: [
    createPolicy,
    draftPolicy,
    publishPolicy,
    attestPolicy,
    retirePolicy,
    addAudience,
    removeAudience,
    createRisk,
    scoreRisk,
    acceptRisk,
    endAcceptance,
    assignRisk,
    closeRisk,
    reopenRisk,
    riskHeatMap,
    planTreatment,
    completeTreatment,
    cancelTreatment,
    createMatrix,
    setAppetite,
    createObligation,
    fulfilObligation,
    waiveObligation,
    retireObligation,
    recordBreach,
    containBreach,
    tellPersons,
    closeBreach,
    // Offered first only until it was done: then what follows from it comes before doing it again.
    assessBreach,
    ...privacyOperations,
  ],
  reactions: [
    { to: "governance.policy.published", does: async (event, context) => void (await askAttestations(context, policyOf(event.payload))) },
    {
      to: "governance.policy.audienceChanged",
      does: async (event, context) => {
        await askAttestations(context, policyOf(event.payload));
        await withdrawAttestations(context);
      },
    },
    { to: "governance.policy.retired", does: async (_event, context) => withdrawAttestations(context) },
    {
      to: "governance.obligation.due",
      does: (event, context) => askObligations(context, { obligationId: event.payload["obligationId"] as Id }),
    },
  ],
  keeps: governanceKeeps,
  schedules: [
    ...privacySchedules,
    {
      name: "governance.ask",
      says: "Asks for attestations and obligations whose time has come, and takes back what is no longer asked for.",
      cron: "10 4 * * *",
      does: async (context) => {
        await askAttestations(context);
        await withdrawAttestations(context);
        await askObligations(context);
      },
    },
  ],
  laws,
  figures,
});
