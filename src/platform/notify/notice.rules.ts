// On which channels and at what hour someone hears of something. The person's own wish comes first, then the company's, then what is usual
// for the kind; what must be heard is heard at once, whatever was wished.
import { Temporal } from "temporal-polyfill";
import type { MailRhythm, NoticeKind } from "../operation/module.ts";

/** What was chosen for a kind of notice. */
export interface Channels {
  readonly app: boolean;
  readonly mail: MailRhythm;
}

/** When one person wants to hear: wall times of their zone, `07:30` or `07:30:00`. */
export interface Rhythm {
  readonly zone: string;
  readonly digestAt: string;
  /** 1 is Monday and 7 is Sunday. */
  readonly digestWeekday: number;
  readonly quietFrom: string | null;
  readonly quietUntil: string | null;
}

export const usualRhythm = { digestAt: "07:30", digestWeekday: 1, quietFrom: null, quietUntil: null } as const;

interface Asked {
  readonly kind: NoticeKind;
  /** Whoever tells it asked for a mail. */
  readonly wantsMail: boolean;
  readonly own: Channels | undefined;
  readonly company: Channels | undefined;
  /** The person wants to hear nothing of this record. */
  readonly muted: boolean;
}

export function channelsOf({ kind, wantsMail, own, company, muted }: Asked): Channels {
  if (kind.always) return { app: true, mail: "now" };
  if (muted) return { app: false, mail: "off" };
  return own ?? company ?? { app: true, mail: kind.mail === "off" && wantsMail ? "now" : kind.mail };
}

/** When a mail is due, in milliseconds since 1970: at once but for quiet hours, or at the next summary. */
export function mailDue(mail: Exclude<MailRhythm, "off">, rhythm: Rhythm, now: Date, always = false): number {
  const here = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(rhythm.zone);
  if (mail === "now") return always ? now.getTime() : afterQuiet(here, rhythm).epochMilliseconds;
  const at = here.withPlainTime(rhythm.digestAt);
  const days = mail === "daily" ? 0 : (rhythm.digestWeekday - here.dayOfWeek + 7) % 7;
  // Counted in days of the calendar, so that a day of 23 or 25 hours moves nothing.
  const next = at.add({ days });
  const isPast = Temporal.ZonedDateTime.compare(next, here) <= 0;
  return (isPast ? at.add({ days: days + (mail === "daily" ? 1 : 7) }) : next).epochMilliseconds;
}

function afterQuiet(here: Temporal.ZonedDateTime, { quietFrom, quietUntil }: Rhythm): Temporal.ZonedDateTime {
  if (quietFrom === null || quietUntil === null) return here;
  const [from, until, time] = [Temporal.PlainTime.from(quietFrom), Temporal.PlainTime.from(quietUntil), here.toPlainTime()];
  const { compare } = Temporal.PlainTime;
  const overMidnight = compare(from, until) > 0;
  const isQuiet = overMidnight
    ? compare(time, from) >= 0 || compare(time, until) < 0
    : compare(time, from) >= 0 && compare(time, until) < 0;
  if (!isQuiet) return here;
  const isTomorrow = overMidnight && compare(time, from) >= 0;
  return here.add({ days: isTomorrow ? 1 : 0 }).withPlainTime(until);
}
