// Every "no" and every failure as one kind of answer: a problem document (RFC 9457) that says what to do next.
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../../kernel/refusal.ts";
import { WaitsForApproval } from "../funnel/gate.ts";
import { InvalidInput, NotPermitted, SignedOut, UnknownOperation } from "../funnel/denial.ts";
import { isConnectionLost } from "../funnel/transaction.ts";

export const problemType = "application/problem+json";

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly path?: readonly (string | number)[];
  readonly mistakes?: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
}

/** A "no" of the door itself: wrong address, wrong form, wrong company. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "HttpProblem";
    this.status = status;
    this.code = code;
  }
}

export const noSuchAddress = (): HttpProblem =>
  new HttpProblem(404, "noSuchAddress", "There is nothing at this address. What there is stands in /docs.");

export const otherSite = (): HttpProblem =>
  new HttpProblem(
    403,
    "otherSite",
    "This request came from another site and was not carried out. Open Heartwood itself, or send a personal token.",
  );

/** Whether the database said so (53100) or we saw it coming. */
export const storageFull = new HttpProblem(
  503,
  "storageFull",
  "The disk of the server is full, so nothing can be written just now; reading goes on. Make room, then send it again with the same key.",
);

type Told = Omit<Problem, "type" | "requestId">;

export function problemOf(error: unknown, requestId: string): Problem {
  const told = ofHouse(error) ?? ofDoor(error) ?? ofDatabase(error) ?? fault(requestId);
  return { type: `urn:heartwood:problem:${told.code}`, ...told, requestId };
}

export const isFault = (problem: Problem): boolean => problem.status >= 500 && problem.status !== 503;

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500) {
    request.log.error({ problem: problem.code, error }, "a request failed");
  }
  if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="heartwood"');
  if (problem.status === 503) reply.header("retry-after", "5");
  return reply.code(problem.status).header("cache-control", "no-store").type(problemType).send(JSON.stringify(problem));
}

const refusedAs: Readonly<Record<string, number>> = { notFound: 404, fileNotFound: 404, scannerSilent: 503 };

function ofHouse(error: unknown): Told | undefined {
  if (error instanceof Refusal) {
    const status = refusedAs[error.code] ?? 409;
    const { code, message: detail, facts, path } = error;
    return { title: status === 404 ? "Not found" : "Refused", status, detail, code, facts: wire(facts), ...(path && { path }) };
  }
  // Said as a no only where one wish is part of something larger, which cannot wait halfway.
  if (error instanceof WaitsForApproval) {
    return { title: "Waits for approval", status: 409, detail: error.message, code: "waitsForApproval", facts: wire(error.facts as never) };
  }
  if (error instanceof InvalidInput) {
    const { message: detail, mistakes } = error;
    return { title: "The input does not fit", status: 422, detail, code: "invalidInput", mistakes };
  }
  if (error instanceof SignedOut) {
    const detail = "You are not signed in. Sign in and try again, or send a personal token.";
    return { title: "Signed out", status: 401, detail, code: "signedOut" };
  }
  if (error instanceof NotPermitted) {
    const { message: detail, operation, needs } = error;
    return { title: "Not permitted", status: 403, detail, code: "notPermitted", facts: { operation, needs } };
  }
  if (error instanceof UnknownOperation) return { title: "Not found", status: 404, detail: error.message, code: "unknownOperation" };
  return undefined;
}

// Facts are told as they were, except what JSON cannot say.
const wire = (facts: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(facts, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value)));

const titles: Readonly<Record<number, string>> = {
  400: "Not understood",
  403: "Not permitted",
  404: "Not found",
  405: "Not done this way",
  413: "Too large",
  415: "Not understood",
  422: "The input does not fit",
  429: "Too many requests",
};

const doorSentences: Readonly<Record<string, readonly [code: string, sentence: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["bodyTooLarge", "The body is too large. Send less at once, and files as files."],
  FST_REQ_FILE_TOO_LARGE: ["fileTooLarge", "The file is too large: 25 MB at most. Make it smaller or split it."],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["bodyNotJson", "Send the body as application/json."],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["bodyMalformed", "The body is not as long as its Content-Length says. Send it again."],
  FST_INVALID_MULTIPART_CONTENT_TYPE: ["fileMissing", "Send the file as multipart/form-data in a field named file."],
  FST_FILES_LIMIT: ["tooManyFiles", "Send one file at a time."],
  FST_PARTS_LIMIT: ["tooManyFiles", "Send one file at a time."],
};

function ofDoor(error: unknown): Told | undefined {
  if (error instanceof HttpProblem) {
    return { title: titles[error.status] ?? "Refused", status: error.status, detail: error.message, code: error.code };
  }
  const { code = "", statusCode } = error as Partial<FastifyError>;
  const known = doorSentences[code];
  if (known) {
    const status = statusCode ?? 400;
    return { title: titles[status] ?? "Not understood", status, detail: known[1], code: known[0] };
  }
  if (statusCode === 429) {
    return { title: titles[429]!, status: 429, detail: (error as Error).message, code: "tooManyRequests" };
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const detail = "The request could not be read. Check its address and its body; /docs says what is expected.";
    return { title: titles[statusCode] ?? "Not understood", status: statusCode, detail, code: "requestMalformed" };
  }
  return undefined;
}

// Connection lost, shutting down, too many connections; out of time at a lock or in a statement; still in conflict after all tries.
const outage = /^(08\w{3}|57P0[123]|53300|53200|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/;
const busy = /^(55P03|57014|40001|40P01)$/;

function ofDatabase(error: unknown): Told | undefined {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  if (outage.test(code) || isConnectionLost(error) || message.startsWith("timeout exceeded when trying to connect")) {
    const detail = "The database cannot be reached just now. Nothing is lost; try again in a moment with the same key.";
    return { title: "Out of order", status: 503, detail, code: "outage" };
  }
  if (code === "53100") return { title: "Out of room", status: 503, detail: storageFull.message, code: storageFull.code };
  if (busy.test(code)) {
    const detail = "Too much is happening on these records just now. Try again in a moment with the same key.";
    return { title: "Busy", status: 503, detail, code: "busy" };
  }
  return undefined;
}

const fault = (requestId: string): Told => ({
  title: "Something went wrong",
  status: 500,
  detail: `Something went wrong on our side. Nothing was kept. Tell your administrator the number ${requestId}.`,
  code: "fault",
});
