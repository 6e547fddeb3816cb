// Short names for what the scenarios look at: screens and timelines by number. Each script begins with this text.
const panel = (n) => document.querySelector(`[data-gallery="panel"][data-number="${n}"]`);
const shown = (n) => panel(n)?.querySelector('[data-part="screen"]')?.dataset ?? {};
const inside = (n, name) =>
  panel(n)?.querySelector(`[data-part="${name}"]:not([hidden])`) ?? panel(n)?.querySelector(`[data-part="${name}"]`);
const html = (n) => inside(n, "source-text")?.textContent ?? "";
const told = (n, name) => inside(n, name)?.innerText ?? "";
const button = (n, name) => panel(n)?.querySelector(`[data-action="${name}"]`);
const rows = (n) =>
  [...panel(n).querySelectorAll('[data-gallery="timeline"] li')].map((row) => ({
    at: performance.timeOrigin + Number(panel(n).dataset.began) + Number(row.dataset.at),
    kind: row.dataset.kind,
    name: row.dataset.name,
    detail: row.dataset.detail,
  }));
const row = (n, name, detail) => rows(n).find((row) => row.name === name && (detail ?? row.detail) === row.detail);
