// What would change: field by field what is asked for, beside it what stands there now, and the files that lie with the record.
import { filePath } from "../../../client.ts";
import { RecordLink, useCatalogue, usePage, ValueText, type Row } from "../../../kit/index.ts";
import type { ApprovalRow, AskedField, Chain } from "./approval.ts";
import { words } from "./words.ts";

const said = words.pane;

function Value({ field, value }: { field: AskedField; value: unknown }) {
  if (field.ref && typeof value === "string") return <RecordLink register={field.ref} id={value} />;
  return <ValueText kind={field.kind} value={value} refTo={field.ref ?? undefined} />;
}

/** A name that stands for nobody, such as an identifier of a department's own, says nothing to whoever decides. */
const isSaid = (field: AskedField): boolean => field.value !== null && field.value !== "" && !(field.kind === "id" && !field.ref);

export function What({ chain, row }: { chain: Chain; row: ApprovalRow }) {
  const register = useCatalogue().register(row.aboutSubject);
  // The record itself stands above already.
  const fields = chain.what.filter((field) => isSaid(field) && field.value !== row.aboutId);
  const isItself = row.aboutSubject === "office.approval";
  return (
    <>
      <dl className="hw-facts hw-approval-what">
        {register && !isItself && (
          <div>
            <dt>{said.about}</dt>
            <dd>
              <RecordLink register={row.aboutSubject} id={row.aboutId} />
            </dd>
          </div>
        )}
        {fields.map((field) => (
          <div key={field.name} data-broad={typeof field.value === "string" && field.value.length > 90 ? true : undefined}>
            <dt>{field.title}</dt>
            <dd>
              <Value field={field} value={field.value} />
              {field.now !== null && (
                <span className="hw-small hw-dim hw-approval-now">
                  {said.now}: <Value field={field} value={field.now} />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {fields.length === 0 && <p className="hw-dim">{said.nothing}</p>}
    </>
  );
}

interface FileRow extends Row {
  readonly title: string;
  readonly fileId: string;
}

/** Files of the record, and of the wish itself, as far as one may read them. */
export function Files({ row }: { row: ApprovalRow }) {
  const there = Boolean(useCatalogue().register("office.attachment"));
  const filter = { recordId: `${row.aboutId}|${row.id}` };
  const page = usePage<FileRow>("office.attachment", { filter, limit: 20 }, { enabled: there });
  const files = page.data?.rows ?? [];
  if (files.length === 0) return null;
  return (
    <section aria-label={said.files}>
      <h3 className="hw-approval-head">{said.files}</h3>
      <ul className="hw-approval-files">
        {files.map((file) => (
          <li key={file.id}>
            <a href={filePath(file.fileId, true)} target="_blank" rel="noreferrer">
              {file.title}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
