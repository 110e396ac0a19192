// Who is at the door: from a cookie or a token to a person of a company, and what they carry in the headers of a write.
import type { FastifyRequest } from "fastify";
import type { Membership, Memberships } from "../identity/actor.ts";
import type { SignIn } from "../identity/sign-in.ts";
import { InvalidInput, SignedOut } from "../funnel/denial.ts";
import type { Call } from "../funnel/frame.ts";
import { HttpProblem, otherSite } from "./problem.ts";

export interface Identity {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  /** A browser sends a cookie by itself; a token is only sent by who means it. */
  readonly by: "cookie" | "token";
  readonly hasSecondFactor?: boolean;
}

export type Identify = (request: Pick<FastifyRequest, "headers">) => Promise<Identity | undefined>;

declare module "fastify" {
  interface FastifyRequest {
    identity: Identity | null;
  }
}

export const identifyWith =
  (signIn: Pick<SignIn, "sessionOf" | "userOfToken">): Identify =>
  async ({ headers }) => {
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
    // A wrong token is a wrong token, whatever cookie comes with it.
    if (headers.authorization !== undefined) {
      const owner = bearer === undefined ? undefined : await signIn.userOfToken(bearer);
      if (!owner) return undefined;
      const { userId, email, name, hasSecondFactor } = owner;
      return { userId, email, name, hasSecondFactor, by: "token" };
    }
    const session = await signIn.sessionOf(headers);
    if (!session) return undefined;
    const { userId, email, name, hasSecondFactor } = session;
    return { userId, email, name, hasSecondFactor, by: "cookie" };
  };

export interface Caller extends Membership {
  readonly identity: Identity;
}

export interface Door {
  readonly memberships: Memberships;
  readonly isSameOrigin: SignIn["isSameOrigin"];
}

const harmless = new Set(["GET", "HEAD", "OPTIONS"]);

/** @throws SignedOut, or a problem when the company is not theirs, another site caused the request, or a second factor is missing. */
export async function callerOf(request: FastifyRequest, door: Door, at?: "threshold"): Promise<Caller> {
  const { identity } = request;
  if (!identity) throw new SignedOut();
  if (identity.by === "cookie" && !harmless.has(request.method) && !door.isSameOrigin(request)) {
    throw otherSite();
  }
  const asked = header(request, "heartwood-tenant") ?? tenantInAddress(request);
  const membership = await door.memberships.actorOf(identity.userId, asked);
  if (!membership) {
    throw asked === undefined
      ? new HttpProblem(403, "noCompany", "You do not belong to any company yet. Ask your administrator to add you as a member.")
      : new HttpProblem(403, "otherCompany", "You do not belong to this company. Choose one of yours; they stand in /api/v1/me.");
  }
  // Who they are is told at the threshold, so that they can set one up.
  if (membership.needsSecondFactor && !identity.hasSecondFactor && at !== "threshold") throw secondFactorMissing;
  return { ...membership, identity };
}

const secondFactorMissing = new HttpProblem(
  403,
  "secondFactorMissing",
  "Your company asks for a second factor in your role. Set one up under your account, then go on.",
);

// A plain link to a file or an export carries no headers.
function tenantInAddress(request: FastifyRequest): string | undefined {
  if (!harmless.has(request.method)) return undefined;
  const value = (request.query as Record<string, unknown>)[tenantField];
  return typeof value === "string" && value !== "" ? value : undefined;
}

const tenantField = "heartwood-tenant";

/** What was asked, without for which company. */
export const withoutTenant = (query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  tenantField in query ? Object.fromEntries(Object.entries(query).filter(([name]) => name !== tenantField)) : query;

/** The call for the funnel, with the key, the reason and the wish for a dry run from the headers. */
export function callFor(request: FastifyRequest, caller: Caller): Call {
  const key = limited(request, "idempotency-key", 200);
  const reason = limited(request, "heartwood-reason", 1000);
  return {
    tenantId: caller.tenant.id,
    actor: caller.actor,
    requestId: request.id,
    ...(key !== undefined && { key }),
    ...(reason !== undefined && { reason: plain(reason) }),
    dryRun: isDryRun(request),
  };
}

export function isDryRun(request: FastifyRequest): boolean {
  const asked = header(request, "heartwood-dry-run");
  if (asked === undefined || asked === "false") return false;
  if (asked === "true") return true;
  // Taken for "no", a misspelt wish would write what was only to be tried.
  throw new InvalidInput([{ path: ["Heartwood-Dry-Run"], message: "must be true or false" }]);
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  return text === "" ? undefined : text;
}

function limited(request: FastifyRequest, name: string, max: number): string | undefined {
  const value = header(request, name);
  if (value !== undefined && value.length > max) throw new InvalidInput([{ path: [name], message: `must have at most ${max} characters` }]);
  return value;
}

// Headers carry no letters beyond Latin-1, so a reason may come percent-encoded.
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
