// The browser's one way to the server: reads and runs operations over HTTP, uploads files, fetches exports.
// A "no" comes back as a Problem, which carries the words to show.
import type { OperationEntry } from "./catalogue.ts";

export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface ProblemDocument {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly requestId?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly path?: readonly (string | number)[];
  readonly mistakes?: readonly Mistake[];
}

/** An RFC 9457 problem document as an error. `status` 0 means that no answer came at all. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Where in the input a refusal belongs. */
  readonly path: readonly (string | number)[] | undefined;
  readonly mistakes: readonly Mistake[];

  constructor(status: number, document: ProblemDocument) {
    super(document.detail ?? document.title ?? `Status ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = document.code ?? "unknown";
    this.title = document.title ?? "";
    this.detail = document.detail ?? "";
    this.requestId = document.requestId;
    this.facts = document.facts ?? {};
    this.path = document.path;
    this.mistakes = document.mistakes ?? [];
  }

  /** A declared, worded "no": the request was understood and the rules of the house say no. */
  get isRefusal(): boolean {
    return this.status === 409 || this.status === 404;
  }

  /** No answer, or an answer that says to come again: the same wish may be sent again. */
  get mayRetry(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** A no before anything was asked: the person's roles do not open the operation. */
export const closedTo = (operation: string): Problem => new Problem(403, { code: "notPermitted", facts: { operation } });

export const isProblem = (error: unknown): error is Problem => error instanceof Problem;

/** Whatever was thrown, as a Problem. */
export function asProblem(error: unknown): Problem {
  if (isProblem(error)) return error;
  return new Problem(500, { title: "Something went wrong on this page", detail: error instanceof Error ? error.message : String(error) });
}

const companyKey = "heartwood.company";
let company: string | null | undefined;

const companyNow = (): string | null => (company ??= sessionStorage.getItem(companyKey) ?? localStorage.getItem(companyKey));

/** Which company every further request is for; each tab keeps its own, a new tab starts with the last chosen. */
export function chooseCompany(tenantId: string): void {
  company = tenantId;
  sessionStorage.setItem(companyKey, tenantId);
  localStorage.setItem(companyKey, tenantId);
}

export function forgetCompany(): void {
  company = null;
  sessionStorage.removeItem(companyKey);
  localStorage.removeItem(companyKey);
}

export interface Answer<T> {
  readonly body: T;
  readonly headers: Headers;
}

/** Sends one request. @throws Problem for every answer that is not a success. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const tenant = path.startsWith("/api/v1/") ? companyNow() : null;
  if (tenant) headers.set("Heartwood-Tenant", tenant);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, {
      code: "offline",
      title: "No answer from the server",
      detail: "Check the connection, then try again. Nothing was lost.",
    });
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get("x-request-id") ?? undefined;
  try {
    const document = (await response.json()) as ProblemDocument & { message?: string };
    return new Problem(response.status, { requestId, ...document, detail: document.detail ?? document.message });
  } catch {
    return new Problem(response.status, { title: response.statusText, requestId });
  }
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send(path, { signal, headers: { Accept: "application/json" } })).json() as Promise<T>;
}

export async function postJson<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
  const response = await send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    body: JSON.stringify(body ?? {}),
  });
  const text = await response.text();
  return { body: (text ? JSON.parse(text) : null) as T, headers: response.headers };
}

type Input = Readonly<Record<string, unknown>>;

/** The address of an operation with the record's identifier filled in, and the input that is left to send. */
function addressOf(operation: OperationEntry, input: Input): { path: string; rest: Record<string, unknown> } {
  const rest: Record<string, unknown> = { ...input };
  if (!operation.idField) return { path: operation.path, rest };
  const id = String(rest[operation.idField] ?? "");
  delete rest[operation.idField];
  return { path: operation.path.replace("{id}", encodeURIComponent(id)), rest };
}

/** The address of a read with its input as a query: arrays repeated, `filter` by column, other objects as JSON text. */
export function readPath(operation: OperationEntry, input: Input = {}): string {
  const { path, rest } = addressOf(operation, input);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined || value === null || value === "") continue;
    if (Array.isArray(value)) for (const one of value) query.append(name, typeof one === "object" ? JSON.stringify(one) : String(one));
    else if (name === "filter") for (const [column, text] of Object.entries(value)) query.append(`filter[${column}]`, String(text));
    else query.append(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export const readOperation = <T>(operation: OperationEntry, input: Input = {}, signal?: AbortSignal): Promise<T> =>
  getJson<T>(readPath(operation, input), signal);

/** The answer of a read as the text it came as. */
export const readText = async (operation: OperationEntry, input: Input, signal?: AbortSignal): Promise<string> =>
  (await send(readPath(operation, input), { signal, headers: { Accept: "application/json" } })).text();

export interface RunOptions {
  /** Names the wish; sending the same wish again under the same key does it once. */
  readonly key: string;
  readonly dryRun?: boolean;
  readonly reason?: string;
}

/** Runs a write. A request that got no answer is sent again under the same key, at most twice. */
export async function runOperation<T>(operation: OperationEntry, input: Input, options: RunOptions): Promise<T> {
  const { path, rest } = addressOf(operation, input);
  const headers: Record<string, string> = { "Idempotency-Key": options.key };
  if (options.dryRun) headers["Heartwood-Dry-Run"] = "true";
  if (options.reason) headers["Heartwood-Reason"] = encodeURIComponent(options.reason);
  for (let attempt = 0; ; attempt++) {
    try {
      return (await postJson<T>(path, rest, headers)).body;
    } catch (error) {
      if (attempt >= 2 || !isProblem(error) || !error.mayRetry) throw error;
      await new Promise((resolve) => setTimeout(resolve, 400 * 3 ** attempt));
    }
  }
}

/** A wish that others have to agree to first: it is kept, and done once they have. */
export interface Waits {
  readonly record: { readonly subject: string; readonly id: string } | null;
  readonly says: string;
}

export const waitsIn = (output: unknown): Waits | undefined => (output as { waitsForApproval?: Waits } | null)?.waitsForApproval;

export const newKey = (): string => crypto.randomUUID();

export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
}

export async function uploadFile(file: File): Promise<UploadedFile> {
  const form = new FormData();
  form.append("file", file, file.name);
  return (await send("/api/v1/files", { method: "POST", body: form })).json() as Promise<UploadedFile>;
}

export const filePath = (id: string, inline = false): string => `/api/v1/files/${encodeURIComponent(id)}${inline ? "?inline=1" : ""}`;

/** Saves an answer as a file of the person's computer: an export, an attachment. */
export async function download(path: string, fallbackName: string): Promise<void> {
  const response = await send(path);
  const named = /filename\*?=(?:UTF-8'')?"?([^";]+)/i.exec(response.headers.get("content-disposition") ?? "")?.[1];
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = named ? decodeURIComponent(named) : fallbackName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
