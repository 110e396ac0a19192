// The proof of the trail: every block recomputed from its rows, and the whole of it as a file that a stranger can check.
import { z } from "zod";
import { exportAudit, verifyAudit } from "../audit/block.ts";
import { headIn, headText } from "../audit/chain.ts";
import { operation } from "../operation/operation.ts";

const breaksMax = 200;

export const verifyTrail = operation({
  name: "platform.audit.verify",
  title: "Verify the audit trail",
  does: "Recomputes every block of the trail and names each row that was changed, removed or slipped in since it was sealed.",
  kind: "read",
  may: ["platform.auditor"],
  input: z.strictObject({
    heads: z
      .array(z.string().regex(/^\d{1,18}:[0-9a-f]{64}$/, "must be a head like 12:5f…"))
      .max(100)
      .optional()
      .describe("Heads that were kept outside; the trail must still hold them."),
  }),
  output: z.object({
    holds: z.boolean(),
    blocks: z.number().int(),
    rows: z.number().int(),
    unsealed: z.number().int(),
    head: z.string().nullable(),
    breaks: z.array(z.string()),
  }),
  example: {},
  async run(input, context) {
    const heads = (input.heads ?? []).flatMap((text) => headIn(text) ?? []);
    const { breaks, head, blocks, rows, unsealed } = await verifyAudit(context.db, context.tenantId, heads);
    return { holds: breaks.length === 0, blocks, rows, unsealed, head: head ? headText(head) : null, breaks: breaks.slice(0, breaksMax) };
  },
});

export const exportTrail = operation({
  name: "platform.audit.export",
  title: "Export the audit trail",
  does: "Gives the sealed trail page by page as lines of a file that can be verified without the house.",
  kind: "read",
  may: ["platform.auditor"],
  logged: true,
  input: z.strictObject({
    cursor: z
      .string()
      .regex(/^\d{1,18}:\d{1,18}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "must be the `next` of the page before")
      .optional()
      .describe("The `next` of the page before."),
  }),
  output: z.object({ lines: z.array(z.string()), next: z.string().nullable() }),
  example: {},
  run: (input, context) => exportAudit(context.db, context.tenantId, input.cursor),
});
