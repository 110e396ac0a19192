// The log of the house. It is read by people who may not see what is in the records, so it carries no mail address, name or bank account:
// what failed is told by its kind, its code and the place in our own lines.
import { type DestinationStream, type Logger, pino } from "pino";

export const openLog = (level: string, stream?: DestinationStream): Logger =>
  pino({ level, serializers: { error: faultOf, err: faultOf } }, ...(stream ? [stream] : []));

const messageMax = 500;

/**
 * An error without the values it quotes. What PostgreSQL says about a row, and what our own lines say of what they were given, may name
 * people: of both only the code and the place remain.
 */
function faultOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, table, constraint } = error as { code?: string; table?: string; constraint?: string };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const isOurs = error.name === "Error" && !/node_modules|node:|<anonymous>/.test(frames[0] ?? "");
  const isOfDatabase = code !== undefined && /^[0-9A-Z]{5}$/.test(code);
  const message = isOurs || isOfDatabase ? undefined : withoutValues(error.message).slice(0, messageMax);
  // Why in words of our own, where whoever threw it has said so.
  const cause = typeof error.cause === "string" ? withoutValues(error.cause).slice(0, messageMax) : undefined;
  return { type: error.name, code, table, constraint, message, cause, stack: frames.slice(0, 12).join("\n") };
}

/** Parsers and mail servers quote what they were given. */
const withoutValues = (message: string): string =>
  message
    .replace(/"[^"]*"|<[^>]*>|«[^»]*»/g, "…")
    .replace(/[^\s@,;:]+@[^\s@,;:]+/g, "…")
    .replace(/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b/g, "…")
    .replace(/\d{6,}/g, "…");
