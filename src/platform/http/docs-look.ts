// How the reference looks, and how one searches in it: served as files of their own, so that the page's policy can stay strict.
export const docsStyle = `
:root { --ink: #1c2024; --soft: #54606b; --line: #d5dbe1; --ground: #ffffff; --shade: #f3f5f7; --link: #0b57a4; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecef; --soft: #a9b4be; --line: #3a434c; --ground: #15191d; --shade: #20262c; --link: #8cc2ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem; background: var(--ground); }
header { position: sticky; top: 0; background: var(--shade); border-bottom: 1px solid var(--line); }
header ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0 auto; padding: .6rem 1rem; max-width: 68rem; list-style: none; }
header a[aria-current] { font-weight: 700; color: var(--ink); text-decoration: none; }
main { max-width: 68rem; margin: 0 auto; padding: 1rem; outline: none; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1rem 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 .4rem; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
h2 a { color: inherit; text-decoration: none; }
h2 a:hover { text-decoration: underline; }
article { border-top: 1px solid var(--line); scroll-margin-top: 4rem; }
article:target { border-top: 3px solid var(--link); }
code, pre { font: .875em/1.5 ui-monospace, monospace; background: var(--shade); border-radius: 3px; overflow-wrap: anywhere; }
code { padding: .1em .3em; }
pre { padding: .75rem; overflow: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; margin: .5rem 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.list { list-style: none; padding: 0; }
.list li { padding: .35rem 0; }
.list span { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { font-weight: 600; }
th code { white-space: nowrap; overflow-wrap: normal; }
[role="search"] { position: sticky; top: 3rem; background: var(--ground); padding: .5rem 0; }
input { font: inherit; padding: .4rem .6rem; width: min(28rem, 100%); color: inherit; background: var(--ground);
  border: 1px solid var(--soft); border-radius: 4px; }
[hidden] { display: none !important; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } [role="search"], header { position: static; } }
`;

export const docsScript = `
const field = document.getElementById("search");
const said = document.getElementById("found");
const entries = [...document.querySelectorAll("[data-find]")];
const groups = [...document.querySelectorAll("[data-group]")];
function filter() {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const entry of entries) {
    const fits = words.every((word) => entry.dataset.find.includes(word));
    entry.hidden = !fits;
    if (fits) count += 1;
  }
  for (const group of groups) group.hidden = !group.querySelector("[data-find]:not([hidden])");
  said.textContent = words.length === 0 ? "" : count === 1 ? "1 operation" : count + " operations";
}
field?.addEventListener("input", filter);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) {
    event.preventDefault();
    field.focus();
  }
});
`;
