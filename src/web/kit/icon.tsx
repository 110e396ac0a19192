// The few drawings the screens use, as strokes of one weight. Decorative: the words beside them carry the meaning.

const paths = {
  today: "M4 5h16v15H4zM4 9.5h16M8.5 3v4M15.5 3v4",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3 20 20",
  bell: "M6 16.5V11a6 6 0 1 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
  person: "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.5-6 7.5-6s6.9 2 7.5 6",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.8 2.9-5.8 6.5-5.8s6.1 2 6.5 5.8" +
    "M15.5 4.2a3.5 3.5 0 0 1 0 6.6M18 14.8c2 .8 3.2 2.6 3.5 5.2",
  company: "M4.5 20.5v-15l8-2.5v17.5M12.5 8.5l7 2v10M2.5 20.5h19M7.5 9h2M7.5 13h2M7.5 17h2M16 14h.5M16 17.5h.5",
  menu: "M4 6.5h16M4 12h16M4 17.5h16",
  close: "M6 6l12 12M18 6 6 18",
  chevron: "M9 5.5 15.5 12 9 18.5",
  down: "M5.5 9 12 15.5 18.5 9",
  up: "M5.5 15 12 8.5 18.5 15",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.5 10 17.5 19.5 7",
  alert: "M12 3.5 21.5 20h-19zM12 10v4.5M12 17.2v.3",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.6v.3",
  lock: "M6 11h12v9.5H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
  filter: "M4 5.5h16L14 12.5v6l-4 1.5v-7.5z",
  columns: "M4 5h16v14H4zM9.5 5v14M14.5 5v14",
  download: "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
  upload: "M12 16V5M7 9.5l5-5 5 5M4.5 20h15",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  sun:
    "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z" +
    "M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
  out: "M14 4.5H5v15h9M10.5 12H21M17 8l4 4-4 4",
  file: "M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5v5h5",
  clip: "M19 11.5l-7.5 7.5a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.5 1.5 0 0 1-2.2-2.2l7.3-7.3",
  comment: "M4 5h16v11.5h-9L6.5 20.5v-4H4z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.3l3.5 2",
  list: "M8.5 6h12M8.5 12h12M8.5 18h12M4 6h.01M4 12h.01M4 18h.01",
  report: "M5 3.5h14v17H5zM9 15.5v-3M12 15.5V8M15 15.5v-5",
  bookmark: "M6.5 4h11v16.5L12 16l-5.5 4.5z",
  finance: "M3.5 20.5h17M5 17h14M4 9.5 12 4l8 5.5zM6.5 9.5V17M11 9.5V17M13 9.5V17M17.5 9.5V17",
  payroll: "M3.5 6.5h17v11h-17zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM6.5 12h.01M17.5 12h.01",
  it: "M4 5h16v10.5H4zM8.5 20h7M12 15.5V20",
  facilities: "M4.5 20.5V8L12 3.5 19.5 8v12.5M2.5 20.5h19M9.5 20.5v-6h5v6M9 10h.5M14.5 10h.5",
  governance: "M12 3.5 19.5 6v6c0 4.5-3 7.3-7.5 8.8C7.5 19.3 4.5 16.5 4.5 12V6zM8.8 12l2.3 2.3 4.2-4.5",
  purchasing: "M3 4.5h2.5l2.3 11h10.4l2-7.5H6.5M9.3 20a.7.7 0 1 0 0-1.4.7.7 0 0 0 0 1.4zM16.7 20a.7.7 0 1 0 0-1.4.7.7 0 0 0 0 1.4z",
  office: "M3.5 8h17v12h-17zM8.5 8V4.5h7V8M3.5 13h17",
  assets: "M12 3.5l8 4.5v8l-8 4.5L4 16V8zM4 8l8 4.5L20 8M12 12.5v8",
  process: "M4 6.5h6v4H4zM14 13.5h6v4h-6zM10 8.5h4.5a2.5 2.5 0 0 1 2.5 2.5v2.5",
  gear:
    "M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z" +
    "M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flexShrink: 0 }}
    >
      <path d={paths[name]} />
    </svg>
  );
}

const ofModule: Readonly<Record<string, IconName>> = {
  directory: "company",
  office: "office",
  assets: "assets",
  finance: "finance",
  people: "people",
  payroll: "payroll",
  it: "it",
  facilities: "facilities",
  governance: "governance",
  purchasing: "purchasing",
  processes: "process",
  process: "process",
  platform: "gear",
  identity: "lock",
};

/** The drawing of a department. */
export const moduleIcon = (module: string): IconName => ofModule[module] ?? "list";
