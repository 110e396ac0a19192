// The reference as pages to read: what there is, by department; for each operation what it does, takes, answers and refuses. Pure.
import type { Catalogue, CatalogueOperation } from "../operation/catalogue.ts";
import { type JsonSchema, kindOfJson, present } from "../operation/shape.ts";
import { toolName } from "../mcp/tool.ts";

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[sign]!);

const code = (text: string): string => `<code>${escaped(text)}</code>`;

/** A sentence, with what stands between backticks as code. */
const sentence = (text: string): string => escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");

const operationsOf = (catalogue: Catalogue, module: string): CatalogueOperation[] =>
  catalogue.operations.filter(({ name }) => name.startsWith(`${module}.`));

export function docsIndex(catalogue: Catalogue): string {
  const sections = catalogue.modules.map(({ name, title }) => {
    const items = operationsOf(catalogue, name).map(
      (operation) =>
        `<li data-find="${found(operation)}"><a href="/docs/${name}#${operation.name}">${escaped(operation.title)}</a> ` +
        `${code(operation.name)}<br><span>${escaped(operation.does)}</span></li>`,
    );
    const heading = `<h2 id="${name}"><a href="/docs/${name}">${escaped(title)}</a></h2>`;
    return `<section data-group>${heading}<ul class="list">${items.join("")}</ul></section>`;
  });
  return page("Heartwood reference", catalogue, undefined, `<h1>Heartwood reference</h1>${introduction}${search}${sections.join("\n")}`);
}

const introduction = `
<p>Everything Heartwood does is an operation. Each can be run in the browser, over HTTP, on the command line and by an agent,
with the same permission, the same checks and the same words. This page is made from their declarations;
so is <a href="/openapi.json">openapi.json</a>.</p>
<dl>
<dt>Sign in</dt>
<dd>A browser carries a cookie. A program sends <code>Authorization: Bearer hw_…</code>, a personal token made with
<code>identity.token.create</code>. An agent connects to <code>/mcp</code> with the same token.</dd>
<dt>Read</dt>
<dd><code>GET</code> with query parameters. A list takes <code>filter[column]=value</code>, <code>search</code>,
<code>sort</code> (<code>-column</code> for descending), <code>limit</code>, <code>cursor</code> (the <code>next</code> of the page
before), <code>count</code>, <code>asOf</code>, and <code>format=csv</code> or <code>format=xlsx</code> for all rows as a file.</dd>
<dt>Write</dt>
<dd><code>POST</code> with a JSON body. <code>Idempotency-Key</code> makes a repetition safe,
<code>Heartwood-Dry-Run: true</code> shows what would happen and keeps nothing, <code>Heartwood-Reason</code> says why,
<code>Heartwood-Tenant</code> for which company.</dd>
<dt>A no</dt>
<dd>A problem document (RFC 9457): <code>code</code> names the refusal and <code>detail</code> says what to do next.
409 is a refusal, 422 an input that does not fit, 401 signed out, 403 not permitted, 404 not found, 500 a fault of ours,
503 out of order for now.</dd>
</dl>`;

const search = `<p role="search"><label for="search">Search</label> <input id="search" type="search" autocomplete="off" spellcheck="false">
<span id="found" role="status" aria-live="polite"></span></p>`;

const found = ({ name, title, does, path, may }: CatalogueOperation): string =>
  escaped([name, title, does, path, ...may].join(" ").toLowerCase());

export function docsModule(catalogue: Catalogue, module: string): string {
  const title = catalogue.modules.find(({ name }) => name === module)?.title ?? module;
  const operations = operationsOf(catalogue, module).map(article);
  const body = `<h1>${escaped(title)}</h1>${search}<div data-group>${operations.join("\n")}</div>`;
  return page(`${title} · Heartwood reference`, catalogue, module, body);
}

function article(operation: CatalogueOperation): string {
  const { name, title, does, method, path, command, may, kind, refuses, emits, example, input, output } = operation;
  const refusals = Object.entries(refuses).map(([refusal, words]) => `<dt>${code(refusal)}</dt><dd>${sentence(words)}</dd>`);
  return `<article id="${name}" data-find="${found(operation)}">
<h2><a href="#${name}">${escaped(title)}</a></h2>
<p>${sentence(does)}</p>
<dl class="ways">
<dt>HTTP</dt><dd>${code(`${method} ${path}`)}</dd>
<dt>Command</dt><dd>${code(["heartwood", ...command].join(" "))}</dd>
<dt>Tool</dt><dd>${code(toolName(name))}</dd>
<dt>Done by</dt><dd>${escaped(may.join(", "))}</dd>
${emits.length > 0 ? `<dt>Tells</dt><dd>${emits.map(code).join(", ")}</dd>` : ""}
</dl>
${fields(kind === "read" ? "Asks" : "Takes", input, true)}
${fields("Answers", output, false)}
${refusals.length > 0 ? `<h3>Refuses</h3><dl>${refusals.join("")}</dl>` : ""}
${example === undefined ? "" : `<h3>Example</h3><pre tabindex="0">${escaped(JSON.stringify(example, undefined, 2))}</pre>`}
</article>`;
}

function fields(heading: string, schema: JsonSchema, isInput: boolean): string {
  const rows = rowsOf(schema, "", isInput, 0);
  if (rows.length === 0) return "";
  const columns = `<th scope="col">Field</th><th scope="col">Kind</th><th scope="col">Says</th>`;
  return `<h3>${heading}</h3><div class="wide" tabindex="0" role="group" aria-label="${heading}">
<table><thead><tr>${columns}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

const depthMax = 3;

function rowsOf(schema: JsonSchema, prefix: string, isInput: boolean, depth: number): string[] {
  const inner = present(schema);
  return Object.entries(inner.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix + name;
    const required = isInput && (inner.required ?? []).includes(name);
    const says = [required ? "required" : "", saysOf(field)].filter(Boolean).join("; ");
    const row = `<tr><th scope="row">${code(path)}</th><td>${escaped(kindText(field))}</td><td>${sentence(says)}</td></tr>`;
    const own = present(field);
    if (depth >= depthMax || typeof own["x-kind"] === "string") return [row];
    const deeper = own.items ? rowsOf(own.items, `${path}[].`, isInput, depth + 1) : rowsOf(own, `${path}.`, isInput, depth + 1);
    return [row, ...deeper];
  });
}

function kindText(schema: JsonSchema): string {
  const inner = present(schema);
  const kind = kindOfJson(schema);
  if (kind === "ref") return `a ${String(inner["x-ref"])}`;
  if (kind === "array") return inner.items ? `list of ${kindText(inner.items)}` : "list";
  return kind;
}

function saysOf(schema: JsonSchema): string {
  const inner = present(schema);
  const options = Array.isArray(inner["enum"]) && inner["x-kind"] !== "currency" ? `one of ${inner["enum"].join(", ")}` : "";
  const usual = schema["default"] ?? inner["default"];
  const described = inner["description"] ?? schema["description"];
  return [
    typeof described === "string" ? described : "",
    options,
    usual === undefined ? "" : `usually ${JSON.stringify(usual)}`,
    inner === schema ? "" : "may be null",
  ]
    .filter(Boolean)
    .join("; ");
}

function page(title: string, catalogue: Catalogue, current: string | undefined, body: string): string {
  const links = catalogue.modules.map(
    ({ name, title: words }) => `<li><a href="/docs/${name}"${name === current ? ' aria-current="page"' : ""}>${escaped(words)}</a></li>`,
  );
  const all = `<li><a href="/docs"${current === undefined ? ' aria-current="page"' : ""}>All</a></li>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/style.css">
<script src="/docs/search.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><nav aria-label="Departments"><ul>${all}${links.join("")}</ul></nav></header>
<main id="main" tabindex="-1">${body}</main>
</body>
</html>
`;
}
