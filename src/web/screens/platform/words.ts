// The words of the status screen.
export const words = {
  title: "Status of the house",
  does: "How the house runs: what is well, what to look at, what is broken, and what to do next.",
  states: { well: "Well", look: "Look at it", broken: "Broken" },
  allWell: "All is well",
  counted: (broken: number, look: number) =>
    [broken > 0 && `${broken} broken`, look > 0 && `${look} to look at`].filter(Boolean).join(", ") || "All is well",
  next: "Next:",
  open: (title: string) => `Open: ${title}`,
  again: "Look again",
  failedJobs: "Jobs that failed",
  failedMail: "Mail that did not leave",
  retry: "Try again",
  discard: "Discard",
  resend: "Send again",
  retried: "It is tried again.",
  discarded: "Discarded.",
  resent: "It waits in the outbox.",
  attempts: (attempts: number, most: number) => `tried ${attempts} of ${most} times`,
  noFailure: "It left no word.",
} as const;
