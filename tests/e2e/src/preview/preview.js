// Short names for what the tests of the preview look at. Each script begins with this text. What stands in a frame may
// hide anything by a name of its own, so it is only ever asked through the host's own prototypes.
const box = (n = 1) => document.querySelector(`[data-gallery="part"][data-number="${n}"]`) ?? document;
const element = (n) => box(n).querySelector('[data-part="preview-frame"] iframe');
const inFrame = (n) => element(n)?.contentDocument;
const get = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).get;
const ask = (type, node, name) => get(type, name).call(node);
const root = (n) => { const own = inFrame(n); return own && ask(Document, own, "documentElement"); };
const text = (n) => root(n)?.textContent ?? "";
const found = (n, selector) => Document.prototype.querySelector.call(inFrame(n), selector);
const style = (n, selector) => element(n).contentWindow.getComputedStyle(found(n, selector));
const sourceOf = (n) => box(n).querySelector('[data-part="source-text"]')?.textContent ?? "";
const notice = (n) => { const it = box(n).querySelector('[data-part="preview-notice"]'); return it && !it.hidden ? it.textContent : ""; };
// Begins with another page. What is shown of the one before is not taken for it.
const again = (n) => {
  window.__before = root(n);
  parts[n - 1].reset();
};
// All of a page is written, and its document closed.
const isWhole = (n) =>
  !!inFrame(n) && !!ask(Document, inFrame(n), "doctype") && root(n) !== window.__before
  && ask(Document, inFrame(n), "readyState") === "complete";

// What is written of a page: each link is a meta, and each frame has an address before its own.
const written = (html) =>
  html.replace(/<link(?=[\t\n\f\r />])/gi, "<meta").replace(/<(i?frame)(?=[\t\n\f\r />])/gi, "<$1 src srcdoc x");

// Hands a page over in pieces of so many characters, one for each frame of the screen.
const feed = (n, html, size) => {
  const characters = [...html];
  const step = () => {
    parts[n - 1].push(characters.splice(0, size).join(""));
    if (characters.length) requestAnimationFrame(step);
    else parts[n - 1].finish();
  };
  step();
};

// A document as lines: every node with all that it is. Texts that touch are one.
const lines = (top) => {
  const found = [];
  const waiting = [top];
  while (waiting.length) {
    const node = waiting.pop();
    const type = typeof node === "string" ? 0 : ask(Node, node, "nodeType");
    if (type === 0) found.push(node);
    else if (type === 3 && found.at(-1)?.startsWith("text ")) found[found.length - 1] += ask(Node, node, "nodeValue");
    else if (type === 3) found.push(`text ${ask(Node, node, "nodeValue")}`);
    else if (type !== 1) found.push(`${type} ${ask(Node, node, "nodeName")} ${ask(Node, node, "nodeValue")}`);
    else {
      const own = [...ask(Element, node, "attributes")].map((it) => `${it.namespaceURI ?? ""}|${it.name}=${it.value}`);
      found.push(`<${ask(Element, node, "namespaceURI")} ${ask(Node, node, "nodeName")} ${own.sort().join(" ")}`);
      waiting.push("end");
      if (ask(Node, node, "nodeName") === "TEMPLATE") waiting.push(node.content);
    }
    if (type === 1 || type === 9 || type === 11) waiting.push(...[...ask(Node, node, "childNodes")].reverse());
  }
  return found;
};

// Where what is shown differs from what the browser's parser makes of this text; null if nowhere.
const difference = (n, html) => {
  const own = new DOMParser().parseFromString(previewPrelude + html, "text/html");
  const [shown, parsed] = [lines(inFrame(n)), lines(own)];
  const mode = [ask(Document, inFrame(n), "compatMode"), own.compatMode];
  if (mode[0] !== mode[1]) return { shown: mode[0], parsed: mode[1] };
  for (let at = 0; at < Math.max(shown.length, parsed.length); at += 1) {
    if (shown[at] !== parsed[at]) {
      const cut = (list) => list.slice(Math.max(0, at - 2), at + 3).map((line) => line.slice(-300));
      return { at, shown: cut(shown), parsed: cut(parsed) };
    }
  }
  return null;
};

// The same page in a frame that protects nobody, beside what is tested.
const control = (html) => {
  const frame = document.createElement("iframe");
  frame.dataset.test = "control";
  frame.srcdoc = html;
  document.body.append(frame);
};

// For each cut of a page from one place to another: what is shown of it in the end differs from the parser's page where?
const cutEverywhere = async (n, html, from, to) => {
  const frame = () => new Promise(requestAnimationFrame);
  window.__cuts = null;
  const wrong = [];
  for (let at = from; at < to; at += 1) {
    if (/[\udc00-\udfff]/.test(html[at])) continue;
    again(n);
    parts[n - 1].push(html.slice(0, at));
    // What is due of it is written by then: the rest comes in a write of its own.
    for (let drawn = 0; drawn < 3; drawn += 1) await frame();
    parts[n - 1].push(html.slice(at));
    parts[n - 1].finish();
    do await frame(); while (!isWhole(n));
    const differs = difference(n, written(html));
    if (differs) wrong.push({ at, differs });
  }
  window.__cuts = wrong;
};
