// How the company is governed and how its work is routed: responsibilities, limits, policies, risks and obligations.
import { addDays, addMonths, dayOf, endOfMonth, startOfYear, yearOf } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { colleagues } from "../company.ts";
import { chance, known, type Story, tell } from "../story.ts";

const compliance = "Daniel Okafor";

export async function dutiesChapter(story: Story): Promise<void> {
  await office(story);
  await policies(story);
  await risks(story);
  await obligations(story);
}

async function office(story: Story): Promise<void> {
  const activities = [...story.funnel.registry.activities].map(([name, title]) => ({ name, title }));
  await tell(story, "office.activity.name", { activities });
  await tell(story, "office.preset.apply", { size: "medium" }, "Helene Lindholm");
  const limit = (name: string, amount: string) =>
    tell(
      story,
      "office.approvalLimit.set",
      {
        activity: "purchasing.approval",
        personId: known(story, `person/${name}`),
        amount: { amount, currency: "EUR" },
        from: story.today,
      },
      "Helene Lindholm",
    );
  await limit("Pia Brandt", "500.00");
  await limit("Jonas Falk", "10000.00");
}

async function policies(story: Story): Promise<void> {
  const policy = async (code: string, title: string, text: string): Promise<Id> => {
    const made = await tell(
      story,
      "governance.policy.create",
      { code, title, text, ownerId: known(story, `person/${compliance}`), reviewMonths: 12 },
      compliance,
    );
    await tell(story, "governance.policyAudience.add", { policyId: made.id, kind: "everyone" }, compliance);
    await tell(story, "governance.policy.publish", { policyId: made.id }, "Helene Lindholm");
    return made.id;
  };
  const use = await policy(
    "IT-01",
    "Acceptable use of IT",
    "Devices and accounts are for the company's work. Lock the screen, keep passwords to yourself, report a loss at once.",
  );
  const conduct = await policy(
    "HR-01",
    "Code of conduct",
    "We treat each other, our customers and our suppliers with respect, take no gifts above 50 EUR, and speak up when something is wrong.",
  );
  for (const [index, { name }] of colleagues.entries()) {
    if (chance(index + 3, 6) > 0) await tell(story, "governance.policy.attest", { policyId: use }, name);
    if (chance(index + 9, 5) > 0) await tell(story, "governance.policy.attest", { policyId: conduct }, name);
  }
}

async function risks(story: Story): Promise<void> {
  const rows: readonly (readonly [string, string, string, string, number, number, number, number, number, number])[] = [
    ["R-01", "Failure of the coating plant stops deliveries for weeks", "operational", "Klaus Reimer", 4, 5, 3, 4, 2, 4],
    ["R-02", "Ransomware encrypts design files and order data", "technology", "Erik Hansen", 4, 5, 3, 4, 2, 3],
    ["R-03", "The only supplier of optical glass fails", "operational", "Klaus Reimer", 3, 5, 3, 4, 2, 3],
    ["R-04", "A key customer goes insolvent with open invoices", "financial", "Ingrid Sommer", 3, 4, 3, 3, 2, 3],
    ["R-05", "Personal data of applicants is kept too long", "legal", "Nadia Petrov", 4, 3, 3, 3, 1, 2],
    ["R-06", "A serious accident at a grinding machine", "safety", "Rosa Marino", 2, 5, 2, 4, 1, 4],
    ["R-07", "Two optical engineers leave at the same time", "people", "Viktor Stahl", 3, 4, 3, 3, 2, 3],
    ["R-08", "A tax return is filed late", "legal", "Ingrid Sommer", 2, 3, 2, 2, 1, 2],
  ];
  for (const [code, title, category, owner, ...scores] of rows) {
    const ownerId = known(story, `person/${owner}`);
    const first = { likelihood: scores[0], impact: scores[1] };
    const { id } = await tell(story, "governance.risk.create", { code, title, category, ownerId, ...first }, compliance);
    await tell(story, "governance.risk.score", { riskId: id, stage: "current", likelihood: scores[2], impact: scores[3] }, compliance);
    await tell(story, "governance.risk.score", { riskId: id, stage: "residual", likelihood: scores[4], impact: scores[5] }, compliance);
    story.known.set(`risk/${code}`, id);
  }
  const treat = (risk: string, title: string, owner: string, days: number) =>
    tell(
      story,
      "governance.treatment.plan",
      {
        riskId: known(story, `risk/${risk}`),
        kind: "mitigate",
        title,
        ownerId: known(story, `person/${owner}`),
        dueDay: addDays(story.today, days),
      },
      compliance,
    );
  await treat("R-01", "Spare parts for the coating plant in stock", "Klaus Reimer", 45);
  await treat("R-02", "Offline backup, restored once as a test", "Erik Hansen", 12);
  await treat("R-03", "Qualify a second glass supplier", "Klaus Reimer", 120);
}

async function obligations(story: Story): Promise<void> {
  const next = endOfMonth(story.today);
  const owe = (code: string, title: string, source: string, activity: string, recurrence: string, firstDue: string) =>
    tell(
      story,
      "governance.obligation.create",
      { code, title, source, kind: "law", jurisdiction: "DE", activity, recurrence, firstDue },
      compliance,
    );
  await owe("VAT", "Advance return of value added tax", "UStG § 18", "finance.bookkeeping", "monthly", addDays(next, 10));
  await owe("WTAX", "Wage tax return", "EStG § 41a", "finance.bookkeeping", "monthly", addDays(next, 10));
  await owe("ACC", "Annual accounts", "HGB § 325", "finance.bookkeeping", "yearly", dayOf(yearOf(story.today), 12, 31));
  await owe("FIRE", "Fire drill at both sites", "ArbStättV § 4", "facilities.maintenance", "yearly", addDays(story.today, 6));
  await owe(
    "DPR",
    "Review of the record of processing",
    "GDPR Art 30",
    "governance.compliance",
    "yearly",
    addMonths(startOfYear(story.today), 14),
  );
}
