// A backend for the generation screen, in memory. `work` is where yours goes; README.md says how to run it.
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { STATUS_CODES } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import cookieSession from "cookie-session";
import express from "express";
import { expressjwt } from "express-jwt";
import jwt from "jsonwebtoken";

const { HOST = "127.0.0.1", PORT = "8787", SECONDS = "20", STATIC_DIR } = process.env;
const [TOKEN_S, COOKIE_MS, HELLO_MS, WAIT_S_MAX, URL_MAX, KEPT_MAX] = [900, 2_592_000_000, 15_000, 30, 2048, 256];
const KEY = randomBytes(32).toString("hex"); // A new start signs everybody out.
const STEPS = { place: "Reading the place", brief: "Writing the brief", page: "Writing the page" };
const ON_ERROR = { 401: { "WWW-Authenticate": 'Bearer error="invalid_token"' }, 503: { "Retry-After": "10" } };
const [generations, changes] = [new Map(), new EventEmitter().setMaxListeners(0)]; // Each viewer listens.
const end = (log) => ["done", "error", "cancelled"].find((type) => type === log.at(-1)?.type);
const page = (log) => Buffer.from(log.map(({ text = "" }) => text).join(""));
const frame = (fields) => `data: ${JSON.stringify(fields)}\n\n`;
const problem = (status, detail, more) => Object.assign(new Error(detail), { status, more: { detail, ...more } });

async function work(url, say) { // What was pasted is never fetched, and is escaped where it stands in HTML.
  const title = url.replace(/^.*\/place\/([^/@?#]+).*$/, "$1").replaceAll("+", " ").slice(0, 200).toWellFormed();
  const heading = `<!doctype html>\n<h1>📍 ${title.replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`)}</h1>\n`;
  for (const [done, step] of ["place", "brief", ...Array(12).fill("page")].entries()) {
    say("status", { step, label: STEPS[step], progress: done / 14 });
    await sleep((SECONDS * 1000) / 14);
    if (step === "place") say("preview", { title, subtitle: "A page in twelve parts" });
    else say("html", { text: step === "brief" ? heading : `<p>${"Hello from 東京, again. ".repeat(18)}</p>\n` });
  }
  say("done", { result: { title } });
}

function begin(it, log = [], latest = {}) { // No connection can end it; cancelled, it ends when its work says more.
  const say = (type, fields) => {
    if (end(log)) throw new Error("It is over.");
    const counted = { html: { offset: page(log).length }, done: { html_len: page(log).length } }[type];
    log.push({ seq: log.length + 1, at: new Date(), type, ...counted, ...fields });
    latest[type] = fields;
    changes.emit(it.id);
  };
  generations.set(it.id, Object.assign(it, { run: it.run + 1, log, latest, say }));
  const failure = { code: "broke_off", message: "The work broke off. Try again.", retryable: true };
  work(it.url, say).catch((error) => end(log) ?? say("error", failure) ?? console.error(error));
}

function state({ id, run, log, latest: { status, preview, error, done } }, htmlFrom) { // What the log adds up to.
  const steps = Object.entries(STEPS).map(([name, label]) => { // From its first event to another's, or to the end.
    const first = log.find(({ step }) => step === name);
    const next = first && log.slice(first.seq).find((event) => (event.step ?? name) !== name || end([event]));
    const state = next ? (next.step || done ? "done" : "failed") : first ? "running" : "pending";
    return { name, label, state, started_at: first?.at, finished_at: next?.at };
  });
  const html = page(log);
  let from = htmlFrom >= 0 && htmlFrom <= html.length ? Math.trunc(htmlFrom) : 0;
  while ((html[from] & 0xc0) === 0x80) from -= 1; // Back to where a character starts.
  return { id, run, seq: log.length, event_id: `${run}-${log.length}`, now: new Date(), status: end(log) ?? "running",
    steps, progress: status?.progress, preview, error, result: done?.result,
    html: { from, len: html.length, text: html.toString("utf8", from) } };
}
const tag = ({ run, log }) => `"${run}-${log.length}"`;
const send = (response, it, htmlFrom) => response.set("ETag", tag(it)).json(state(it, htmlFrom));
const change = (id, ms) => once(changes, id, { signal: AbortSignal.timeout(Math.max(ms, 0)) }).catch(() => {});
const app = express().disable("x-powered-by");
app.use("/api/session", cookieSession({ keys: [KEY], path: "/api/session", sameSite: "strict", maxAge: COOKIE_MS }));
app.post("/api/session", ({ session }, response) => {
  const access_token = jwt.sign({}, KEY, { subject: (session.user ??= randomUUID()), expiresIn: TOKEN_S });
  response.set("Cache-Control", "no-store").json({ access_token, expires_in: TOKEN_S });
});
app.use("/api/generations", expressjwt({ secret: KEY, algorithms: ["HS256"] }));
app.param("id", (request, _response, next, id) => {
  request.it = generations.get(id);
  next(request.it?.owner === request.auth.sub ? null : problem(404, "There is nothing here, or it is not yours."));
});
app.post("/api/generations", express.json({ limit: "16kb" }), ({ auth, body, headers }, response) => {
  const [owner, url, key = randomUUID()] = [auth.sub, body?.url, headers["idempotency-key"]];
  if (typeof url !== "string" || !url || url.length > URL_MAX) throw problem(422, "Send a url of 1 to 2,048 characters.");
  const id = createHmac("sha256", KEY).update(`${owner} ${key}`).digest("base64url"); // The same key, the same one.
  if (!generations.has(id)) {
    const oldest = [...generations.values()].find(({ log }) => end(log))?.id;
    if (generations.size >= KEPT_MAX && !generations.delete(oldest)) throw problem(503, "Too busy: try again soon.");
    begin({ id, owner, url, run: 0 });
  }
  send(response.status(202).location(`/api/generations/${id}`), generations.get(id));
});
app.get("/api/generations/:id", async ({ it, headers, query }, response) => {
  const isKnown = () => headers["if-none-match"]?.includes(tag(it));
  const wait = Math.min(/\bwait=(\d{1,4})/.exec(headers.prefer)?.[1] ?? 0, WAIT_S_MAX);
  if (wait) response.set("Preference-Applied", `wait=${wait}`);
  if (wait && isKnown()) await change(it.id, wait * 1000);
  send(response.status(isKnown() ? 304 : 200), it, Number(headers["html-from"] ?? query.html_from));
});
app.get("/api/generations/:id/events", async ({ it: { id, run, log }, headers }, response) => {
  let after = log.findIndex(({ seq }) => `${run}-${seq}` === headers["last-event-id"]) + 1;
  response.set({ "Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no", Incremental: "?1" });
  response.type("text/event-stream");
  for (let helloAt = 0; !response.closed; await change(id, helloAt - Date.now())) {
    if (Date.now() >= helloAt) {
      helloAt = Date.now() + (helloAt ? HELLO_MS : 1000); // The second soon: what holds back shows then.
      response.write(frame({ type: "hello", run, after, head: log.length, now: new Date(), heartbeat_ms: HELLO_MS }));
    }
    for (; after < log.length; after += 1) response.write(`id: ${run}-${after + 1}\n${frame(log[after])}`);
    if (end(log)) return response.end();
  }
});
const action = (name, ends, act) => app.post(`/api/generations/:id/${name}`, ({ it }, response) => {
  if (!ends.includes(end(it.log))) throw problem(409, `There is nothing to ${name}.`, { state: state(it) });
  act(it);
  send(response.status(202), it);
});
action("cancel", [undefined], (it) => it.say("cancelled"));
action("retry", ["error", "cancelled"], begin);
if (STATIC_DIR) app.use(express.static(STATIC_DIR));
app.use(({ status = 500, more, stack }, _request, response, _next) => {
  if (status === 500) console.error(stack);
  response.status(status).set(ON_ERROR[status] ?? {}).type("application/problem+json");
  response.send(JSON.stringify({ title: STATUS_CODES[status], status, ...more }));
});
app.listen(Number(PORT), HOST, () => console.log(`listening on http://${HOST}:${PORT}`));
