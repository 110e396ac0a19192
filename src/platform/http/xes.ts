// Writes an event log as XES (IEEE 1849-2023), event by event: traces follow each other as the rows do, so that nothing is held in memory.
import { Readable } from "node:stream";

/** A row of an operation whose answer is an event log. */
export interface LoggedEvent {
  readonly caseId: string;
  readonly concept: string;
  readonly timestamp: string;
  readonly lifecycle: string;
  readonly resource: string | null;
  readonly group: string;
  readonly process: string;
  readonly instance: string;
}

/** The columns by which an answer is known as an event log. */
export const logColumns = ["caseId", "concept", "timestamp", "lifecycle", "resource"] as const;

export const xesType = "application/xml; charset=utf-8";

/** Rows of one case must follow each other, in the order of time. */
export const xesStream = (events: AsyncIterable<LoggedEvent>): Readable => Readable.from(linesOf(events));

const head = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2023" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <global scope="trace">
    <string key="concept:name" value="unknown"/>
  </global>
  <global scope="event">
    <string key="concept:name" value="unknown"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>
    <string key="lifecycle:transition" value="complete"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
  <string key="lifecycle:model" value="standard"/>
`;

async function* linesOf(events: AsyncIterable<LoggedEvent>): AsyncGenerator<string> {
  yield head;
  let open: string | undefined;
  for await (const event of events) {
    if (event.caseId !== open) {
      if (open !== undefined) yield "  </trace>\n";
      open = event.caseId;
      yield `  <trace>\n    ${text("concept:name", event.caseId)}\n`;
    }
    yield `    <event>\n${attributesOf(event)
      .map((line) => `      ${line}\n`)
      .join("")}    </event>\n`;
  }
  if (open !== undefined) yield "  </trace>\n";
  yield "</log>\n";
}

const attributesOf = ({ concept, timestamp, lifecycle, resource, group, process, instance }: LoggedEvent): string[] => [
  text("concept:name", concept),
  text("concept:instance", instance),
  `<date key="time:timestamp" value="${escaped(timestamp)}"/>`,
  text("lifecycle:transition", lifecycle),
  ...(resource === null ? [] : [text("org:resource", resource)]),
  text("org:group", group),
  text("process", process),
];

const text = (key: string, value: string): string => `<string key="${key}" value="${escaped(value)}"/>`;

const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** Whether XML 1.0 has a place for a unit of UTF-16: of the control characters only for tab and the ends of lines. */
const hasPlace = (unit: string): boolean => (unit >= " " ? unit < "\uFFFE" : "\t\n\r".includes(unit));

/** A value inside an attribute; what XML 1.0 has no place for is left out. */
const escaped = (value: string): string =>
  value
    .toWellFormed()
    .split("")
    .filter(hasPlace)
    .join("")
    .replace(/[&<>"']/g, (sign) => named[sign]!)
    .replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
