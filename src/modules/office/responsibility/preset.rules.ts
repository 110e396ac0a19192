// Presets of the responsibility map: which role answers for which kind of work in a small, a medium and a large company.
// Growing is choosing the next one and giving its roles to people; nothing else changes.

export const presetSizes = ["small", "medium", "large"] as const;
export type PresetSize = (typeof presetSizes)[number];

/** Before a company has chosen. */
export const defaultSize: PresetSize = "medium";

interface Preset {
  readonly title: string;
  readonly says: string;
  /** A module, or one activity of it, to the roles that answer for it, the first that someone holds. The owner comes after them all. */
  readonly answers: Readonly<Record<string, readonly string[]>>;
}

export const presets: Readonly<Record<PresetSize, Preset>> = {
  small: {
    title: "Small company",
    says: "The founder answers for everything; an assistant runs the office.",
    answers: {
      office: ["office.manager"],
      directory: ["office.manager"],
      facilities: ["office.manager"],
      assets: ["office.manager"],
    },
  },
  medium: {
    title: "Medium company",
    says: "An office manager, with an accountant and a manager each for people, IT and facilities.",
    answers: {
      office: ["office.manager"],
      directory: ["directory.manager", "office.manager"],
      assets: ["facilities.manager", "office.manager"],
      finance: ["finance.accountant", "finance.manager", "office.manager"],
      "finance.close": ["finance.manager", "finance.accountant", "office.manager"],
      // A second person, so not the accountant who entered it.
      "finance.billApproval": ["finance.manager"],
      purchasing: ["office.manager", "finance.accountant"],
      people: ["people.manager", "office.manager"],
      payroll: ["payroll.manager", "people.manager", "finance.accountant", "office.manager"],
      it: ["it.manager", "office.manager"],
      facilities: ["facilities.manager", "office.manager"],
      governance: ["office.manager"],
      // A second person, so not whoever proposes it.
      "governance.erasure": [],
    },
  },
  large: {
    title: "Large company",
    says: "A back-office manager or chief operating officer over five departments, each with its own manager.",
    answers: {
      office: ["office.manager"],
      directory: ["directory.manager", "people.manager", "office.manager"],
      assets: ["facilities.manager", "office.manager"],
      finance: ["finance.manager", "finance.accountant"],
      purchasing: ["finance.manager", "office.manager"],
      people: ["people.manager", "office.manager"],
      payroll: ["payroll.manager", "people.manager", "finance.manager"],
      it: ["it.manager", "office.manager"],
      facilities: ["facilities.manager", "office.manager"],
      governance: ["governance.manager", "office.manager"],
      "governance.erasure": [],
    },
  },
};

/** The roles that answer for an activity in a company of that size, first come first; the owner of the company last. */
export function rolesFor(size: PresetSize, activity: string): readonly string[] {
  const { answers } = presets[size];
  const [module = ""] = activity.split(".");
  return [...(answers[activity] ?? answers[module] ?? []), "owner"];
}

/** Every role that some preset names. */
export const presetRoles: readonly string[] = [
  ...new Set([...Object.values(presets).flatMap(({ answers }) => Object.values(answers).flat()), "owner"]),
];
