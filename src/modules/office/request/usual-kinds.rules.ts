// What people of every company ask for: the catalogue to begin with, as data. Each kind goes to whoever answers for its activity.
import type { FormField } from "./form.rules.ts";
import type { Level } from "./request.rules.ts";

interface UsualKind {
  readonly code: string;
  readonly title: string;
  readonly says: string;
  readonly department: string;
  readonly activity: string;
  readonly teamRoles: readonly string[];
  readonly impact: Level;
  readonly urgency: Level;
  readonly fields: readonly FormField[];
  readonly placeOf?: "company" | "unit" | "site" | "chosen";
  readonly isConfidential?: boolean;
  readonly audienceRoles?: readonly string[];
  readonly tasks?: readonly { readonly title: string; readonly activity: string; readonly days: number }[];
  readonly approvalActivity?: string;
}

const field = (name: string, label: string, kind: FormField["kind"], more: Partial<FormField> = {}): FormField => ({
  name,
  label,
  kind,
  ...more,
});
const needed = { required: true } as const;

const it = { department: "it", placeOf: "site", teamRoles: ["it.manager"], impact: "low", urgency: "medium" } as const;
const facilities = {
  department: "facilities",
  placeOf: "site",
  teamRoles: ["facilities.manager"],
  impact: "low",
  urgency: "medium",
} as const;
const people = { department: "people", teamRoles: ["people.manager"], impact: "low", urgency: "low" } as const;
const finance = { department: "finance", teamRoles: ["finance.accountant", "finance.manager"], impact: "low", urgency: "medium" } as const;
const compliance = { department: "governance", teamRoles: ["governance.manager"], impact: "medium", urgency: "medium" } as const;
const office = { department: "office", teamRoles: ["office.manager"], impact: "low", urgency: "low" } as const;

const itKinds: readonly UsualKind[] = [
  {
    ...it,
    code: "it-trouble",
    title: "Computer, phone or program does not work",
    says: "Something of IT is broken, slow or shows an error.",
    activity: "it.support",
    fields: [
      field("what", "What is it about", "choice", { ...needed, options: ["Computer", "Phone", "Program", "Network", "Printer"] }),
      field("device", "Which device", "record", { register: "it.device", showWhen: { field: "what", is: ["Computer", "Phone"] } }),
      field("program", "Which program", "text", { ...needed, showWhen: { field: "what", is: ["Program"] } }),
      field("error", "What does it say or do", "longText", needed),
      field("blocked", "I cannot work because of it", "yesNo"),
      field("picture", "A picture of it", "file"),
    ],
  },
  {
    ...it,
    code: "new-equipment",
    title: "New equipment",
    says: "A laptop, screen, phone or other thing to work with.",
    activity: "it.equipment",
    approvalActivity: "it.equipment",
    fields: [
      field("thing", "What do you need", "choice", { ...needed, options: ["Laptop", "Screen", "Phone", "Headset", "Something else"] }),
      field("which", "What exactly", "text", { ...needed, showWhen: { field: "thing", is: ["Something else"] } }),
      field("why", "What is it for", "longText", needed),
      field("by", "Needed by", "day"),
      field("price", "What it costs, if you know", "money"),
    ],
  },
  {
    ...it,
    code: "system-access",
    title: "Access to a system",
    says: "An account, or more rights in a program.",
    activity: "it.access",
    fields: [
      field("system", "Which system", "record", { ...needed, register: "it.system" }),
      field("forWhom", "For whom", "person"),
      field("rights", "What should be possible", "choice", { ...needed, options: ["Look", "Work", "Administer"] }),
      field("why", "Why administering is needed", "longText", { ...needed, showWhen: { field: "rights", is: ["Administer"] } }),
    ],
  },
  {
    ...it,
    code: "lost-device",
    title: "Device lost or stolen",
    says: "Tell us at once: we lock it, and look at what stood on it.",
    activity: "it.security",
    impact: "high",
    urgency: "high",
    fields: [
      field("device", "Which device", "record", { register: "it.device" }),
      field("when", "Last seen", "day", needed),
      field("where", "Where", "text", needed),
      field("personal", "Personal data of others stood on it", "choice", { ...needed, options: ["Yes", "No", "I do not know"] }),
    ],
    tasks: [
      { title: "Lock and wipe the device", activity: "it.security", days: 0 },
      { title: "Assess whether personal data was lost", activity: "governance.compliance", days: 1 },
    ],
  },
];

const facilityKinds: readonly UsualKind[] = [
  {
    ...facilities,
    code: "broken-thing",
    title: "Something is broken",
    says: "A lift, door, light, heating, tap: anything in or around the building.",
    activity: "facilities.maintenance",
    placeOf: "chosen",
    fields: [
      field("place", "Where", "place", needed),
      field("asset", "Which thing", "record", { register: "facilities.installation" }),
      field("danger", "Somebody could get hurt", "yesNo"),
      field("hazard", "What is dangerous", "text", { ...needed, showWhen: { field: "danger", is: ["yes"] } }),
      field("picture", "A picture of it", "file"),
    ],
  },
  {
    ...facilities,
    code: "room-setup",
    title: "Room set-up",
    says: "Chairs, catering or technology for a meeting.",
    activity: "facilities.space",
    placeOf: "chosen",
    fields: [
      field("place", "Which room", "place", needed),
      field("day", "On which day", "day", needed),
      field("people", "How many people", "number", { ...needed, least: 1, most: 500 }),
      field("needs", "What is needed", "choices", {
        ...needed,
        options: ["Chairs in rows", "Tables in a U", "Coffee", "Lunch", "Projector", "Video call"],
      }),
      field("diets", "Diets to mind", "text", { showWhen: { field: "needs", is: ["Lunch"] } }),
    ],
  },
  {
    ...facilities,
    code: "visitor-badge",
    title: "Visitor badge",
    says: "Someone comes to see us and should be let in.",
    activity: "facilities.reception",
    fields: [
      field("visitor", "Who comes", "text", needed),
      field("company", "From which company", "text"),
      field("day", "On which day", "day", needed),
      field("production", "They enter the production", "yesNo"),
      field("escort", "Who walks with them", "person", { ...needed, showWhen: { field: "production", is: ["yes"] } }),
    ],
  },
  {
    ...facilities,
    code: "key-or-badge",
    title: "Key or access badge",
    says: "A new one, more doors, or one that was lost.",
    activity: "facilities.space",
    fields: [
      field("what", "What happened", "choice", { ...needed, options: ["I need one", "More doors", "Lost or stolen"] }),
      field("doors", "Which doors", "text", { ...needed, showWhen: { field: "what", is: ["I need one", "More doors"] } }),
      field("lostOn", "Lost on", "day", { ...needed, showWhen: { field: "what", is: ["Lost or stolen"] } }),
    ],
  },
  {
    ...facilities,
    code: "machine-down",
    title: "Production machine down",
    says: "A machine stands still or makes scrap.",
    activity: "facilities.maintenance",
    placeOf: "chosen",
    impact: "high",
    urgency: "high",
    fields: [
      field("place", "Where", "place"),
      field("asset", "Which machine", "record", { register: "facilities.installation" }),
      field("still", "It stands still", "yesNo", needed),
      field("fault", "What it shows or does", "longText", needed),
      field("order", "Orders that wait for it", "text"),
    ],
  },
  {
    ...facilities,
    code: "desk-change",
    title: "Another desk",
    says: "A desk elsewhere, for some time or for good.",
    activity: "facilities.space",
    fields: [
      field("place", "Where you would like to sit", "place"),
      field("from", "From", "day", needed),
      field("why", "Why", "choice", { ...needed, options: ["Team moves", "Ergonomics", "Noise", "Other"] }),
    ],
  },
];

const peopleKinds: readonly UsualKind[] = [
  {
    ...people,
    code: "employment-letter",
    title: "Letter of employment",
    says: "A confirmation for a landlord, a bank or an authority.",
    activity: "people.contract",
    fields: [
      field("addressee", "For whom is it", "text", needed),
      field("language", "In which language", "choice", { ...needed, options: ["English", "German", "French"] }),
      field("pay", "It names the pay", "yesNo"),
      field("by", "Needed by", "day"),
    ],
  },
  {
    ...people,
    code: "personal-details",
    title: "Change of personal details",
    says: "A new address, name, bank account or family status.",
    activity: "people.contract",
    isConfidential: true,
    fields: [
      field("what", "What changes", "choice", { ...needed, options: ["Address", "Name", "Bank account", "Family status"] }),
      field("new", "The new one", "longText", needed),
      field("from", "From", "day", needed),
      field("proof", "Proof", "file", { showWhen: { field: "what", is: ["Name", "Family status"] } }),
    ],
  },
  {
    ...people,
    code: "pay-question",
    title: "Question about my pay",
    says: "Something on the payslip is unclear or wrong.",
    activity: "payroll.run",
    isConfidential: true,
    fields: [field("month", "Which month", "day", needed), field("question", "What is the question", "longText", needed)],
  },
  {
    ...people,
    code: "training",
    title: "Training or conference",
    says: "A course you would like to take.",
    activity: "people.training",
    approvalActivity: "people.training",
    fields: [
      field("course", "Which", "text", needed),
      field("from", "From", "day", needed),
      field("until", "Until", "day"),
      field("price", "What it costs", "money", needed),
      field("why", "What it brings", "longText"),
    ],
  },
];

const financeKinds: readonly UsualKind[] = [
  {
    ...finance,
    code: "invoice-question",
    title: "Question about an invoice",
    says: "A supplier or customer asks, or something looks wrong.",
    activity: "finance.bookkeeping",
    fields: [
      field("side", "Whose invoice is it", "choice", { ...needed, options: ["We sent it", "We received it"] }),
      field("reference", "Its number", "text", needed),
      field("amount", "Its amount", "money"),
      field("question", "What is the question", "longText", needed),
      field("file", "The invoice", "file"),
    ],
  },
  {
    ...finance,
    code: "company-card",
    title: "Company card",
    says: "A card, a higher limit, or a card that was lost.",
    activity: "finance.expenseApproval",
    approvalActivity: "finance.expenseApproval",
    fields: [
      field("what", "What do you need", "choice", { ...needed, options: ["A card", "A higher limit", "Lost or stolen"] }),
      field("limit", "Limit in a month", "money", { ...needed, showWhen: { field: "what", is: ["A card", "A higher limit"] } }),
    ],
  },
  {
    ...finance,
    code: "new-supplier",
    title: "New supplier",
    says: "Someone we want to buy from for the first time.",
    activity: "purchasing.order",
    fields: [
      field("name", "Name", "text", needed),
      field("country", "Country", "text", needed),
      field("what", "What we buy", "text", needed),
      field("yearly", "What we spend in a year", "money", needed),
      field("personal", "They get personal data", "yesNo"),
      field("related", "You or your family are close to them", "yesNo", needed),
    ],
    tasks: [{ title: "Check conflict of interest and sanctions", activity: "governance.compliance", days: 5 }],
  },
];

const officeKinds: readonly UsualKind[] = [
  {
    ...office,
    code: "supplies",
    title: "Office supplies",
    says: "Paper, pens, coffee: what runs out.",
    activity: "office.supplies",
    fields: [field("what", "What and how many", "longText", needed), field("place", "Where it should stand", "place")],
  },
  {
    ...office,
    code: "parcel",
    title: "Parcel or courier",
    says: "Something has to be sent.",
    activity: "office.post",
    fields: [
      field("to", "To whom", "longText", needed),
      field("speed", "How fast", "choice", { ...needed, options: ["Usual", "Tomorrow", "Today by courier"] }),
      field("value", "Its value", "money", { ...needed, showWhen: { field: "speed", is: ["Today by courier"] } }),
    ],
  },
  {
    ...office,
    code: "travel",
    title: "Business trip",
    says: "Train, flight and hotel.",
    activity: "office.travel",
    fields: [
      field("to", "Where to", "text", needed),
      field("from", "From", "day", needed),
      field("until", "Until", "day", needed),
      field("hotel", "A hotel is needed", "yesNo"),
      field("wishes", "Wishes for the hotel", "text", { showWhen: { field: "hotel", is: ["yes"] } }),
    ],
  },
  {
    ...office,
    code: "mail",
    title: "A letter by mail",
    says: "What came in by mail and is no answer. Sort it into its kind.",
    activity: "office.mail",
    audienceRoles: ["office.manager"],
    fields: [],
  },
];

const complianceKinds: readonly UsualKind[] = [
  {
    ...compliance,
    code: "privacy-question",
    title: "Privacy question",
    says: "May we keep, share or use these data?",
    activity: "governance.compliance",
    fields: [
      field("whose", "Whose data", "choices", { ...needed, options: ["Employees", "Applicants", "Customers", "Suppliers"] }),
      field("question", "What is the question", "longText", needed),
      field("subject", "Somebody asked us for their own data", "yesNo"),
      field("received", "They asked on", "day", { ...needed, showWhen: { field: "subject", is: ["yes"] } }),
    ],
  },
  {
    ...compliance,
    code: "concern",
    title: "Report a concern in confidence",
    says: "Something that should not happen here. Only whoever answers for concerns reads it.",
    activity: "governance.concerns",
    placeOf: "company",
    isConfidential: true,
    urgency: "high",
    fields: [
      field("about", "What is it about", "choice", {
        ...needed,
        options: ["Safety", "Bribery or theft", "Harassment", "Data", "Environment", "Other"],
      }),
      field("since", "Since when", "day"),
      field("what", "What happened", "longText", needed),
      field("proof", "Something that shows it", "file"),
    ],
  },
];

export const usualKinds: readonly UsualKind[] = [
  ...itKinds,
  ...facilityKinds,
  ...peopleKinds,
  ...financeKinds,
  ...officeKinds,
  ...complianceKinds,
];
