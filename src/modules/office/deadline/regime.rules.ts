// Regimes whose deadlines many companies have: the rule of each article as data. A summary for defaults, not legal advice; the text of
// the law is named with each. A company adopts the regimes that hold for it.
import type { Period } from "./deadline.rules.ts";

export const regimes = ["gdpr", "nis2", "dora", "aiAct", "whistleblowing"] as const;
export type Regime = (typeof regimes)[number];

export interface RuleTerms extends Period {
  readonly code: string;
  readonly title: string;
  readonly regime: Regime | null;
  readonly reference: string;
  readonly source: string | null;
  /** What lets it begin, in words. */
  readonly trigger: string;
  /** The event of a department that lets it begin. */
  readonly startsOn: string | null;
  /** The rule whose submission lets it begin. */
  readonly follows: string | null;
  readonly extension: { readonly amount: number; readonly tell: string } | null;
  /** Why its clock may be stopped. */
  readonly pauseGround: string | null;
  readonly isReasonedWhenLate: boolean;
  readonly isConfidential: boolean;
  readonly warnHours: readonly number[];
  readonly activity: string;
  readonly guidance: string | null;
}

const law = (number: string): string => `https://eur-lex.europa.eu/eli/${number}`;

const common = {
  startsOn: null,
  follows: null,
  extension: null,
  pauseGround: null,
  isReasonedWhenLate: false,
  isConfidential: false,
  isPutOff: false,
  guidance: null,
} as const;

const gdpr = { ...common, regime: "gdpr", source: law("reg/2016/679/oj"), activity: "governance.privacy" } as const;
const nis2 = {
  ...common,
  regime: "nis2",
  source: law("dir/2022/2555/oj"),
  activity: "governance.compliance",
  isConfidential: true,
} as const;
const dora = {
  ...common,
  regime: "dora",
  source: law("reg_del/2025/301/oj"),
  activity: "governance.compliance",
  isConfidential: true,
} as const;
const aiAct = { ...common, regime: "aiAct", source: law("reg/2024/1689/oj"), activity: "governance.compliance", isPutOff: true } as const;
const whistle = {
  ...common,
  regime: "whistleblowing",
  source: law("dir/2019/1937/oj"),
  activity: "governance.compliance",
  isConfidential: true,
  isPutOff: true,
  unit: "days",
} as const;

export const regimeRules: readonly RuleTerms[] = [
  {
    ...gdpr,
    code: "gdpr-33",
    title: "Notify the supervisory authority of a personal-data breach",
    reference: "GDPR Art. 33(1)",
    trigger: "The company becomes aware of the breach.",
    startsOn: "governance.breach.recorded",
    unit: "hours",
    amount: 72,
    isReasonedWhenLate: true,
    isConfidential: true,
    warnHours: [48, 24, 6],
    guidance: "Not needed where a risk to persons is unlikely: then record why. What is not known yet may follow in phases (Art. 33(4)).",
  },
  {
    ...gdpr,
    code: "gdpr-34",
    title: "Tell the persons concerned of a personal-data breach",
    reference: "GDPR Art. 34(1)",
    trigger: "The breach is likely to result in a high risk to persons.",
    startsOn: "governance.breach.highRisk",
    unit: "promptly",
    amount: null,
    isConfidential: true,
    warnHours: [],
    guidance: "Without undue delay, in plain words: what happened, whom to ask, what it may lead to, what was done about it.",
  },
  {
    ...gdpr,
    code: "gdpr-12-3",
    title: "Answer a request of a data subject",
    reference: "GDPR Art. 12(3)",
    trigger: "The request is received.",
    unit: "months",
    amount: 1,
    isPutOff: true,
    extension: { amount: 2, tell: "the person who asked, within the first month" },
    pauseGround: "The identity of the person is being verified (Art. 12(6)).",
    warnHours: [240, 72],
    guidance: "Two more months where requests are complex or many.",
  },
  {
    ...nis2,
    code: "nis2-23-warning",
    title: "Early warning of a significant incident",
    reference: "NIS2 Art. 23(4)(a)",
    trigger: "The company becomes aware of the significant incident.",
    startsOn: "governance.breach.recorded",
    unit: "hours",
    amount: 24,
    warnHours: [12, 4],
    guidance: "Say whether it is suspected to be unlawful or malicious, and whether it could reach across borders.",
  },
  {
    ...nis2,
    code: "nis2-23-notification",
    title: "Notification of a significant incident",
    reference: "NIS2 Art. 23(4)(b)",
    trigger: "The company becomes aware of the significant incident.",
    startsOn: "governance.breach.recorded",
    unit: "hours",
    amount: 72,
    warnHours: [24, 6],
    guidance: "An update of the early warning with a first assessment of severity and impact.",
  },
  {
    ...nis2,
    code: "nis2-23-final",
    title: "Final report on a significant incident",
    reference: "NIS2 Art. 23(4)(d)",
    trigger: "The notification was submitted.",
    follows: "nis2-23-notification",
    unit: "months",
    amount: 1,
    isPutOff: true,
    warnHours: [168, 48],
    guidance: "While the incident goes on: a progress report by then, and the final one within a month of its end.",
  },
  {
    ...dora,
    code: "dora-19-initial",
    title: "Initial notification of a major ICT incident",
    reference: "DORA Art. 19(4)(a), RTS Art. 5(1)(a)",
    trigger: "The incident is classified as major.",
    unit: "hours",
    amount: 4,
    warnHours: [2],
    guidance: "At the latest 24 hours after the company became aware of the incident.",
  },
  {
    ...dora,
    code: "dora-19-intermediate",
    title: "Intermediate report on a major ICT incident",
    reference: "DORA Art. 19(4)(b), RTS Art. 5(1)(b)",
    trigger: "The initial notification was submitted.",
    follows: "dora-19-initial",
    unit: "hours",
    amount: 72,
    warnHours: [24, 6],
  },
  {
    ...dora,
    code: "dora-19-final",
    title: "Final report on a major ICT incident",
    reference: "DORA Art. 19(4)(c), RTS Art. 5(1)(c)",
    trigger: "The intermediate report was submitted.",
    follows: "dora-19-intermediate",
    unit: "months",
    amount: 1,
    isPutOff: true,
    warnHours: [168, 48],
  },
  ...(
    [
      ["ai-73-serious", "serious incident", "Art. 73(2)", 15],
      ["ai-73-widespread", "widespread infringement or a disruption of critical infrastructure", "Art. 73(3)", 2],
      ["ai-73-death", "death of a person", "Art. 73(4)", 10],
    ] as const
  ).map(([code, what, article, amount]) => ({
    ...aiAct,
    code,
    title: `Report a ${what} with a high-risk AI system`,
    reference: `AI Act ${article}`,
    trigger: "The provider or deployer becomes aware of it.",
    unit: "days" as const,
    amount,
    warnHours: amount > 5 ? [120, 48] : [24],
    guidance: "At once when the causal link is established or reasonably likely; an incomplete report may come first (Art. 73(5)).",
  })),
  {
    ...whistle,
    code: "whistle-acknowledge",
    title: "Acknowledge a report of a breach of law",
    reference: "Directive (EU) 2019/1937 Art. 9(1)(b)",
    trigger: "The report is received.",
    amount: 7,
    warnHours: [72, 24],
  },
  {
    ...whistle,
    code: "whistle-feedback",
    title: "Give feedback to whoever reported",
    reference: "Directive (EU) 2019/1937 Art. 9(1)(f)",
    trigger: "The receipt was acknowledged.",
    follows: "whistle-acknowledge",
    unit: "months",
    amount: 3,
    warnHours: [336, 72],
    guidance: "Without an acknowledgement it runs from the end of the seven days.",
  },
];
