// Remembers what is over by the time that a test looks: states that the screen went through, broken policy, errors
// and dialogs. Changes nothing that the page could see, but that dialogs do not open. In a browser whose driver cannot
// put it there, it is part of the page.
(() => {
  if (window !== window.top || window.__seen) return;
  const seen = { states: [], violations: [], errors: [], dialogs: [] };
  Object.defineProperty(window, "__seen", { value: seen });
  addEventListener("securitypolicyviolation", (event) => {
    seen.violations.push(`${event.violatedDirective} ${event.blockedURI || "inline"} ${event.sample}`);
  }, true);
  addEventListener("error", (event) => seen.errors.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => seen.errors.push(String(event.reason)));
  const report = console.error;
  console.error = (...said) => {
    seen.errors.push(said.map(String).join(" "));
    report.apply(console, said);
  };
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
    window[name] = (...said) => { seen.dialogs.push([name, ...said].map(String).join(" ")); };
  }
  const look = () => {
    const screen = document.querySelector('[data-part="screen"]');
    if (!screen) return;
    const { phase, connection, outcome, marks } = screen.dataset;
    const said = document.querySelector('[data-part="connection"]')?.innerText ?? "";
    const last = seen.states.at(-1);
    if (last && last.phase === phase && last.connection === connection && last.marks === marks) return;
    seen.states.push({ at: Date.now(), phase, connection, outcome, marks, said });
  };
  const options = {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-phase", "data-connection", "data-outcome", "data-marks"],
  };
  new MutationObserver(look).observe(document, options);
})();
