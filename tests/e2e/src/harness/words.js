// Short names for what the scripts of the tests look at. Each script begins with this text.
const part = (name) =>
  document.querySelector(`[data-part="${name}"]:not([hidden])`) ?? document.querySelector(`[data-part="${name}"]`);
const action = (name) => document.querySelector(`[data-action="${name}"]`);
const screen = part("screen")?.dataset ?? {};
const source = () => part("source-text")?.textContent ?? "";
const frame = () => part("preview-frame")?.querySelector("iframe")?.contentDocument;
const said = (name) => part(name)?.innerText ?? "";
const id = location.hash.replace("#/g/", "");
