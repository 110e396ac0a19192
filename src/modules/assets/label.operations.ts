// Labels for things: to look at, and to print.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { FileId, Id, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { lookedAfterBy } from "./asset.register.ts";
import { type Label, labelsPdf, squareOf } from "./label.document.ts";

const input = z.strictObject({
  assetIds: z.array(ref("assets.asset")).min(1).max(240),
  address: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .optional()
    .describe("Where this house is reached, when phones reach it by another address than usual."),
});

async function labelsOf(context: ReadContext, wish: z.output<typeof input>): Promise<(Label & { assetId: KernelId })[]> {
  const found = await context.db.rows<{ assetId: KernelId; tag: string; name: string }>(sql`
    select a.id as asset_id, a.tag, a.name from unnest(${wish.assetIds}::uuid[]) with ordinality as w (id, place)
    join assets.asset a on a.tenant_id = ${context.tenantId} and a.id = w.id order by w.place`);
  if (found.length < wish.assetIds.length) refuse("notFound", {}, ["assetIds"]);
  const address = (wish.address ?? context.address).replace(/\/+$/, "");
  return found.map((row) => ({ ...row, path: `${address}/r/assets/asset/${row.assetId}` }));
}

export const getLabel = operation({
  name: "assets.label.get",
  title: "Labels of things",
  does: "Draws for each thing the square that opens its record, as a picture.",
  kind: "read",
  may: [...lookedAfterBy],
  input,
  output: z.object({ labels: z.array(z.object({ assetId: Id, tag: z.string(), name: z.string(), path: z.string(), svg: z.string() })) }),
  refuses: { notFound: "One of these things is not in the register. Look at the list again." },
  async run(wish, context) {
    const labels = await labelsOf(context, wish);
    return { labels: labels.map((label) => ({ ...label, svg: squareOf(label.path) })) };
  },
});

export const printLabel = operation({
  name: "assets.label.print",
  title: "Print labels",
  does: "Makes a sheet of labels as PDF, 24 on a page of A4, to stick on the things.",
  kind: "write",
  may: [...lookedAfterBy],
  input,
  output: z.object({ fileId: FileId }),
  refuses: { notFound: "One of these things is not in the register. Look at the list again." },
  async run(wish, context) {
    const labels = await labelsOf(context, wish);
    return { fileId: await context.writeFile(`labels-${context.today}.pdf`, "application/pdf", labelsPdf(labels)) };
  },
});
