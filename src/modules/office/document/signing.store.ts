// Signatures as they are kept: who is asked next, and the end of a signing.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { closeTask, openTask } from "../task/task.ts";
import { signingPdf } from "./certificate.ts";
import { nameReaders, type Visibility } from "./document.store.ts";

export interface SigningRow {
  readonly id: Id;
  readonly documentId: Id;
  readonly versionId: Id;
  readonly title: string;
  readonly number: number;
  readonly hash: string;
  readonly visibility: Visibility;
  readonly inOrder: boolean;
  readonly due: Day;
  readonly state: "open" | "signed" | "declined" | "withdrawn";
  readonly askedBy: Id | null;
  readonly asker: string;
}

/** A signing, with its document locked, whoever asks. */
export const lockSigning = (context: WriteContext, id: Id): Promise<SigningRow | undefined> =>
  context.db.maybe<SigningRow>(sql`
    select g.id, g.document_id, g.version_id, d.title, v.number, g.hash, d.visibility, g.in_order, g.due, g.state, g.asked_by, g.asker
    from office.signing g
    join office.document d on d.tenant_id = g.tenant_id and d.id = g.document_id
    join office.document_version v on v.tenant_id = g.tenant_id and v.id = g.version_id
    where g.tenant_id = ${context.tenantId} and g.id = ${id} for update of g, d`);

export interface SignatureRow {
  readonly id: Id;
  readonly personId: Id;
  readonly person: string;
  readonly place: number;
  readonly state: "waiting" | "asked" | "signed" | "declined" | "void";
  readonly name: string | null;
  readonly hash: string | null;
  readonly seal: string | null;
  readonly at: Date | null;
}

export const signaturesOf = (context: ReadContext, signingId: Id): Promise<SignatureRow[]> =>
  context.db.rows<SignatureRow>(sql`
    select s.id, s.person_id, p.name as person, s.place, s.state, s.name, s.hash, s.seal, s.at
    from office.signature s join directory.party p on p.tenant_id = s.tenant_id and p.id = s.person_id
    where s.tenant_id = ${context.tenantId} and s.signing_id = ${signingId} order by s.place`);

const taskKey = (signingId: Id, personId: Id): string => `sign:${signingId}:${personId}`;

/** Asks whoever is next: the first in order, or everyone at once. They may then read what they are asked to sign. */
export async function askNext(context: WriteContext, signing: SigningRow): Promise<void> {
  const waiting = (await signaturesOf(context, signing.id)).filter((one) => one.state === "waiting");
  const next = signing.inOrder ? waiting.slice(0, 1) : waiting;
  if (next.length === 0) return;
  const people = next.map((one) => one.personId);
  await nameReaders(context, signing.documentId, people, "signer");
  await context.db.run(sql`
    update office.signature set state = 'asked'
    where tenant_id = ${context.tenantId} and signing_id = ${signing.id} and person_id = any(${people}::uuid[])`);
  for (const personId of people) {
    await openTask(context, {
      kind: "signature",
      title: `Sign: ${signing.title}`,
      owner: { personId },
      due: signing.due,
      about: { subject: "office.document", id: signing.documentId },
      asks: { operation: "office.signing.sign", input: { signingId: signing.id } },
      key: taskKey(signing.id, personId),
      confidential: signing.visibility !== "company",
    });
  }
}

export const closeSignTask = (context: WriteContext, signingId: Id, personId: Id): Promise<boolean> =>
  closeTask(context, { key: taskKey(signingId, personId) });

/** Ends a signing: nobody is asked any more; when all have signed there is a certificate; who asked is told. */
export async function endSigning(context: WriteContext, signing: SigningRow, state: "signed" | "declined" | "withdrawn"): Promise<void> {
  const signatures = await signaturesOf(context, signing.id);
  for (const one of signatures) {
    if (one.state === "asked")
      await closeTask(context, { key: taskKey(signing.id, one.personId) }, "cancelled", `The signing was ${state}.`);
  }
  await context.db.run(sql`
    update office.signature set state = 'void'
    where tenant_id = ${context.tenantId} and signing_id = ${signing.id} and state in ('waiting', 'asked')`);
  const fileId = state === "signed" ? await certify(context, signing, signatures) : null;
  await context.db.run(sql`
    update office.signing set state = ${state}, closed_at = ${context.now}, certificate_file_id = ${fileId}
    where tenant_id = ${context.tenantId} and id = ${signing.id}`);
  if (signing.askedBy === null || signing.askedBy === context.actor.personId) return;
  const outcome = state === "signed" ? "Signed by all" : state === "declined" ? "Signature declined" : "Signing withdrawn";
  const title = `${outcome}: ${signing.title}`;
  const about = { subject: "office.document", id: signing.documentId };
  await context.notify({ personId: signing.askedBy, title, about, event: "office.document.signed" });
}

async function certify(context: WriteContext, signing: SigningRow, signatures: readonly SignatureRow[]): Promise<Id> {
  const { name: company } = await context.db.row<{ name: string }>(sql`
    select name from platform.tenant_account where tenant_id = ${context.tenantId}`);
  const paper = signingPdf({
    company,
    title: signing.title,
    version: signing.number,
    hash: signing.hash,
    asker: signing.asker,
    closedAt: wordsOf(context.now),
    signatures: signatures.map((one) => ({ name: one.name!, person: one.person, at: wordsOf(one.at!), seal: one.seal! })),
  });
  return context.writeFile(`Certificate ${signing.title.slice(0, 120)}.pdf`, "application/pdf", paper);
}

const wordsOf = (instant: Date): string => `${instant.toISOString().slice(0, 19).replace("T", " ")} UTC`;
