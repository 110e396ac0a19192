// Labels for equipment and places: whoever scans one reports what is broken there, with the place or thing filled in.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { FileId, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { facilityKinds, type Label, labelsPdf, squareOf } from "../assets/index.ts";
import { keepers } from "./place.store.ts";

const input = z.strictObject({
  equipmentIds: z.array(ref("facilities.equipment")).max(240).default([]),
  placeIds: z.array(ref("directory.place")).max(240).default([]),
  address: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .optional()
    .describe("Where this house is reached, when phones reach it by another address than usual."),
});

const refuses = {
  notFound: "One of these is not in the register. Look at the list again.",
};

async function labelsOf(context: ReadContext, wish: z.output<typeof input>): Promise<Label[]> {
  const { equipmentIds, placeIds } = wish;
  const found = await context.db.rows<{ tag: string; name: string; assetId: KernelId | null; placeId: KernelId | null }>(sql`
    select a.tag, a.name, a.id as asset_id, a.place_id from assets.asset a
    where a.tenant_id = ${context.tenantId} and a.id = any(${equipmentIds}::uuid[]) and a.kind = any(${facilityKinds}::text[])
    union all
    select p.code, p.name, null, p.id from directory.place p where p.tenant_id = ${context.tenantId} and p.id = any(${placeIds}::uuid[])
    order by 1`);
  if (found.length < new Set([...equipmentIds, ...placeIds]).size) refuse("notFound", {}, ["equipmentIds"]);
  const address = (wish.address ?? context.address).replace(/\/+$/, "");
  return found.map(({ tag, name, assetId, placeId }) => ({ tag, name, path: `${address}${reportPath(assetId, placeId)}` }));
}

/** The form of the request catalogue, with what is known filled in. */
function reportPath(assetId: KernelId | null, placeId: KernelId | null): string {
  const known = [...(assetId ? [`&asset=${assetId}`] : []), ...(placeId ? [`&place=${placeId}`] : [])];
  return `/requests/new?kind=broken-thing${known.join("")}`;
}

export const getReportLabel = operation({
  name: "facilities.label.get",
  title: "Labels to report faults",
  does: "Draws for each thing or place the square that opens the report of a fault there, as a picture.",
  kind: "read",
  may: [...keepers],
  input,
  output: z.object({ labels: z.array(z.object({ tag: z.string(), name: z.string(), path: z.string(), svg: z.string() })) }),
  refuses,
  run: async (wish, context) => ({
    labels: (await labelsOf(context, wish)).map((label) => ({ ...label, svg: squareOf(label.path) })),
  }),
});

export const printReportLabel = operation({
  name: "facilities.label.print",
  title: "Print labels to report faults",
  does: "Makes a sheet of labels as PDF, 24 on a page of A4: whoever scans one reports what is broken there.",
  kind: "write",
  may: [...keepers],
  input,
  output: z.object({ fileId: FileId }),
  refuses: { ...refuses, nothingNamed: "Say which equipment or which places the labels are for." },
  async run(wish, context) {
    const labels = await labelsOf(context, wish);
    if (labels.length === 0) refuse("nothingNamed", {}, ["equipmentIds"]);
    return { fileId: await context.writeFile(`fault-labels-${context.today}.pdf`, "application/pdf", labelsPdf(labels)) };
  },
});
