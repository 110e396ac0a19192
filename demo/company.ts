// The demo company: Lindholm Optics GmbH makes measuring lenses in Jena and sells them from Hamburg. Everybody in it is invented.

export const company = {
  name: "Lindholm Optics GmbH",
  zone: "Europe/Berlin",
  entity: {
    code: "LO",
    name: "Lindholm Optics GmbH",
    country: "DE",
    currency: "EUR",
    taxNumber: "DE811234567",
    street: "Speicherweg 7",
    postcode: "20457",
    city: "Hamburg",
  },
  domain: "lindholm.example",
  password: "heartwood-demo",
} as const;

export const units = [
  { code: "LO", name: "Lindholm Optics", parent: null },
  { code: "BO", name: "Back office", parent: "LO" },
  { code: "FIN", name: "Finance", parent: "BO" },
  { code: "HR", name: "People", parent: "BO" },
  { code: "IT", name: "IT", parent: "BO" },
  { code: "FAC", name: "Facilities", parent: "BO" },
  { code: "GOV", name: "Risk and compliance", parent: "BO" },
  { code: "SAL", name: "Sales", parent: "LO" },
  { code: "RND", name: "Research and development", parent: "LO" },
  { code: "PRO", name: "Production", parent: "LO" },
  { code: "QA", name: "Quality", parent: "PRO" },
] as const;

export interface Colleague {
  readonly name: string;
  readonly job: string;
  readonly unit: string;
  readonly site: "HAM" | "JEN";
  /** Name of the person whose position this one reports to. */
  readonly reportsTo: string | null;
  /** Gross pay of a year in whole euros. */
  readonly payYearly: number;
  /** Whole months worked for the company before today. */
  readonly months: number;
  readonly roles: readonly string[];
  /** Shown on the one-click sign-in page; the others sign in as plain employees. */
  readonly title?: string;
}

type Row = readonly [string, string, string, "HAM" | "JEN", string | null, number, number, (readonly string[])?, string?];

const backOffice: readonly Row[] = [
  ["Helene Lindholm", "Chief executive", "LO", "HAM", null, 148_000, 96, ["owner"], "Founder and chief executive"],
  [
    "Pia Brandt",
    "Assistant",
    "LO",
    "HAM",
    "Helene Lindholm",
    46_000,
    40,
    ["office.manager", "directory.manager"],
    "Assistant to the founder",
  ],
  [
    "Jonas Falk",
    "Head of back office",
    "BO",
    "HAM",
    "Helene Lindholm",
    98_000,
    60,
    ["office.manager", "directory.manager", "identity.manager", "platform.operator"],
    "Back-office manager (COO)",
  ],
  ["Ingrid Sommer", "Head of finance", "FIN", "HAM", "Jonas Falk", 104_000, 52, ["finance.manager"], "Head of finance (CFO)"],
  ["Tomas Keller", "Accountant", "FIN", "HAM", "Ingrid Sommer", 58_000, 45, ["finance.accountant"], "Accountant"],
  ["Miriam Vogt", "Payroll specialist", "FIN", "HAM", "Ingrid Sommer", 54_000, 38, ["payroll.manager"], "Payroll"],
  ["Nadia Petrov", "Head of people", "HR", "HAM", "Jonas Falk", 82_000, 50, ["people.manager", "directory.manager"], "HR manager"],
  [
    "Erik Hansen",
    "IT manager",
    "IT",
    "HAM",
    "Jonas Falk",
    79_000,
    47,
    ["it.manager", "identity.manager", "platform.operator"],
    "IT manager",
  ],
  ["Rosa Marino", "Facility manager", "FAC", "JEN", "Jonas Falk", 61_000, 33, ["facilities.manager"], "Facility manager"],
  [
    "Daniel Okafor",
    "Risk and compliance manager",
    "GOV",
    "HAM",
    "Jonas Falk",
    77_000,
    29,
    ["governance.manager", "platform.auditor"],
    "Compliance and risk manager",
  ],
  ["Lena Wirth", "IT administrator", "IT", "JEN", "Erik Hansen", 55_000, 22, ["it.manager"]],
];

const sales: readonly Row[] = [
  ["Mats Eriksen", "Head of sales", "SAL", "HAM", "Helene Lindholm", 96_000, 44, [], "Head of sales (an ordinary line manager)"],
  ["Julia Arendt", "Key account manager", "SAL", "HAM", "Mats Eriksen", 68_000, 36],
  ["Pavel Novak", "Sales representative", "SAL", "HAM", "Mats Eriksen", 52_000, 30],
  ["Carla Mendes", "Sales representative", "SAL", "HAM", "Mats Eriksen", 52_000, 26],
  ["Yusuf Demir", "Sales representative", "SAL", "HAM", "Mats Eriksen", 51_000, 19],
  ["Anna Lauritzen", "Sales engineer", "SAL", "HAM", "Mats Eriksen", 63_000, 41, [], "Employee"],
  ["Oskar Lehn", "Sales engineer", "SAL", "JEN", "Mats Eriksen", 61_000, 15],
  ["Greta Holm", "Customer service", "SAL", "HAM", "Mats Eriksen", 43_000, 55],
  ["Ines Castell", "Customer service", "SAL", "HAM", "Mats Eriksen", 42_000, 12],
];

const research: readonly Row[] = [
  ["Viktor Stahl", "Head of research", "RND", "JEN", "Helene Lindholm", 108_000, 70],
  ["Sofia Rinaldi", "Optical engineer", "RND", "JEN", "Viktor Stahl", 74_000, 48],
  ["Hugo Bergmann", "Optical engineer", "RND", "JEN", "Viktor Stahl", 72_000, 35],
  ["Aylin Kaya", "Software engineer", "RND", "JEN", "Viktor Stahl", 70_000, 24],
  ["Ben Thorsen", "Software engineer", "RND", "HAM", "Viktor Stahl", 69_000, 18],
  ["Chiara Bellini", "Mechanical engineer", "RND", "JEN", "Viktor Stahl", 66_000, 42],
  ["Marek Dvorak", "Laboratory technician", "RND", "JEN", "Viktor Stahl", 47_000, 28],
  ["Emilia Roth", "Laboratory technician", "RND", "JEN", "Viktor Stahl", 46_000, 14],
];

const production: readonly Row[] = [
  ["Klaus Reimer", "Head of production", "PRO", "JEN", "Helene Lindholm", 92_000, 88],
  ["Dorota Zielinska", "Shift leader", "PRO", "JEN", "Klaus Reimer", 56_000, 64],
  ["Samuel Osei", "Shift leader", "PRO", "JEN", "Klaus Reimer", 55_000, 49],
  ["Heike Brand", "Lens grinder", "PRO", "JEN", "Dorota Zielinska", 44_000, 77],
  ["Luca Ferri", "Lens grinder", "PRO", "JEN", "Dorota Zielinska", 43_000, 53],
  ["Mina Park", "Lens grinder", "PRO", "JEN", "Dorota Zielinska", 42_500, 31],
  ["Timo Wendt", "Lens grinder", "PRO", "JEN", "Dorota Zielinska", 42_000, 20],
  ["Katja Simon", "Coating operator", "PRO", "JEN", "Samuel Osei", 43_500, 46],
  ["Nils Aman", "Coating operator", "PRO", "JEN", "Samuel Osei", 42_500, 27],
  ["Olga Tarasova", "Coating operator", "PRO", "JEN", "Samuel Osei", 42_000, 16],
  ["Ruben Vidal", "Assembler", "PRO", "JEN", "Samuel Osei", 40_500, 39],
  ["Selma Aydin", "Assembler", "PRO", "JEN", "Samuel Osei", 40_000, 23],
  ["Jan Kowal", "Warehouse clerk", "PRO", "JEN", "Klaus Reimer", 39_000, 34],
  ["Birgit Noll", "Warehouse clerk", "PRO", "JEN", "Klaus Reimer", 39_500, 58],
  ["Frida Skov", "Quality manager", "QA", "JEN", "Klaus Reimer", 67_000, 43],
  ["Theo Maas", "Quality inspector", "QA", "JEN", "Frida Skov", 45_000, 25],
  ["Nora Seidel", "Quality inspector", "QA", "JEN", "Frida Skov", 44_500, 13],
];

export const colleagues: readonly Colleague[] = [...backOffice, ...sales, ...research, ...production].map(
  ([name, job, unit, site, reportsTo, payYearly, months, roles = [], title]) => ({
    name,
    job,
    unit,
    site,
    reportsTo,
    payYearly,
    months,
    roles,
    title,
  }),
);

export const emailOf = (name: string): string => `${name.toLowerCase().replace(" ", ".")}@${company.domain}`;

export const sites = [
  { code: "HAM", name: "Hamburg office", floors: 2, desksPerFloor: 14, rooms: ["Elbe", "Alster"] },
  { code: "JEN", name: "Jena works", floors: 2, desksPerFloor: 18, rooms: ["Saale", "Prisma"] },
] as const;

export const customers = [
  ["Nordkap Marine AS", "Bergen", "NO"],
  ["Helios Labortechnik GmbH", "München", "DE"],
  ["Van der Berg Metrologie BV", "Eindhoven", "NL"],
  ["Atelier Lumière SARL", "Lyon", "FR"],
  ["Quantica Instruments SL", "Valencia", "ES"],
  ["Baltic Survey OÜ", "Tallinn", "EE"],
  ["Westfalen Prüftechnik GmbH", "Dortmund", "DE"],
  ["Cambria Optical Ltd", "Cardiff", "GB"],
  ["Rheinwerk Automation AG", "Köln", "DE"],
  ["Tirol Präzision GmbH", "Innsbruck", "AT"],
  ["Sundström Vision AB", "Uppsala", "SE"],
  ["Polaris Drones GmbH", "Bremen", "DE"],
  ["Medilux Diagnostics GmbH", "Freiburg", "DE"],
  ["Okavango Geo Ltd", "Cork", "IE"],
  ["Fabrica Ottica Srl", "Padova", "IT"],
  ["Kestrel Avionics Ltd", "Bristol", "GB"],
  ["Danube Robotics Kft", "Győr", "HU"],
  ["Hanse Windkraft GmbH", "Rostock", "DE"],
  ["Universität Ilmenau", "Ilmenau", "DE"],
  ["Stadtwerke Jena", "Jena", "DE"],
] as const;

export const suppliers = [
  ["Schottland Glaswerke GmbH", "Mainz", "material"],
  ["Carbide Tools AG", "Schaffhausen", "material"],
  ["Vakuumtechnik Nord GmbH", "Kiel", "equipment"],
  ["Hafen Immobilien KG", "Hamburg", "rent"],
  ["Saaleblick Gewerbepark GmbH", "Jena", "rent"],
  ["Thüringer Energie AG", "Erfurt", "energy"],
  ["NetzNord Telekom GmbH", "Hamburg", "telecom"],
  ["Bürowelt Lange GmbH", "Hamburg", "office"],
  ["Blitzblank Reinigung GmbH", "Jena", "cleaning"],
  ["CloudWerk SE", "Berlin", "software"],
  ["Notebook Depot GmbH", "Leipzig", "equipment"],
  ["Kanzlei Brandt & Partner", "Hamburg", "advice"],
  ["Hanse Versicherung AG", "Hamburg", "insurance"],
  ["Spedition Thalberg", "Gera", "freight"],
  ["Messe Hannover Service GmbH", "Hannover", "marketing"],
] as const;
