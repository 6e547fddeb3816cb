// One generation: its log, what that adds up to, and what a viewer gets of it. It knows no HTTP.

import { EventEmitter, once } from "node:events";
import { STEPS, work } from "./work.js";

const HEARTBEAT_MS = 15_000;
const ENDED = ["done", "error", "cancelled"];
const now = () => new Date().toISOString();
const frame = (fields) => `data: ${JSON.stringify(fields)}\n\n`;

/** The work goes on by itself: no connection can end it. Each run has a log of its own. */
export class Generation extends EventEmitter {
  id = crypto.randomUUID();
  run = 0;

  constructor(owner, key, url, place) {
    super();
    this.setMaxListeners(0); // Each viewer is one.
    Object.assign(this, { owner, key, url, place });
    this.begin();
  }

  begin() {
    Object.assign(this, { run: this.run + 1, log: [], html: Buffer.alloc(0), status: "queued", known: {} });
    this.steps = Object.entries(STEPS).map(([name, label]) => ({ name, label, state: "pending" }));
    this.stop = new AbortController();
    this.emit("change");
    this.go(this.stop.signal);
  }

  async go(stopped) {
    const say = (type, fields) => stopped.aborted || this.say(type, fields);
    try {
      for await (const [type, fields] of work(this.place, stopped)) say(type, fields);
      say("done", { html_len: this.html.length, result: { title: this.place.name } });
    } catch (error) {
      if (!stopped.aborted) console.error(`the work on ${this.id} broke off:`, error);
      say("error", { code: "broke_off", message: "The work broke off. Try again.", retryable: true });
    }
  }

  cancel() {
    this.stop.abort(); // The work says nothing after this.
    this.say("cancelled");
  }

  /** Writes one event into the log, and what it changes into the state. */
  say(type, fields = {}) {
    const at = now();
    this.status = ENDED.includes(type) ? type : "running";
    if (type === "status" || this.ended) this.step(fields.step, at, this.hasFailed ? "failed" : "done");
    if (type === "html") {
      fields = { offset: this.html.length, ...fields };
      this.html = Buffer.concat([this.html, Buffer.from(fields.text)]);
    }
    if (type === "preview" || type === "error") this.known[type] = fields;
    for (const name of ["progress", "result"]) if (name in fields) this.known[name] = fields[name];
    this.log.push({ seq: this.log.length + 1, at, type, ...fields });
    this.emit("change");
  }

  /** The step of this name runs; the one that ran before it has come to this end. */
  step(name, at, end) {
    for (const step of this.steps) {
      const [isNamed, { state }] = [step.name === name, step];
      if (isNamed && state === "pending") Object.assign(step, { state: "running", started_at: at });
      if (!isNamed && state === "running") Object.assign(step, { state: end, finished_at: at });
    }
  }

  /** Until something has changed; but no longer than this, and until none of these says that nobody waits. */
  async wait(ms, ...signals) {
    const signal = AbortSignal.any([AbortSignal.timeout(Math.max(Math.ceil(ms), 0)), ...signals]);
    await once(this, "change", { signal }).catch(() => {}); // It rejects for no other reason.
  }

  get ended() {
    return ENDED.includes(this.status);
  }

  get hasFailed() {
    return this.ended && this.status !== "done";
  }

  get etag() {
    return `"${this.run}-${this.log.length}"`;
  }

  /** Everything that is known, with the page from this byte on. */
  state(htmlFrom = 0) {
    let from = htmlFrom <= this.html.length ? htmlFrom : 0;
    while ((this.html[from] & 0xc0) === 0x80) from -= 1; // Back to where a character starts.
    const html = { from, len: this.html.length, text: this.html.toString("utf8", from) };
    const { id, run, log, status, steps, known } = this;
    const event_id = this.etag.slice(1, -1);
    return { id, run, seq: log.length, event_id, now: now(), status, steps, html, ...known };
  }

  /** What one viewer gets: the events after the last one it has, and hellos. It is a place in the log. */
  async *frames(lastEventId, gone) {
    const { run, log } = this;
    const [, seen = 0] = new RegExp(`^${run}-([0-9]{1,9})$`).exec(lastEventId) ?? [];
    let after = Number(seen) <= log.length ? Number(seen) : 0;
    let [nextHello, pause] = [performance.now(), 1000]; // The second soon: what holds back shows then.
    while (!gone.aborted) {
      if (performance.now() >= nextHello) {
        [nextHello, pause] = [performance.now() + pause, HEARTBEAT_MS];
        yield frame({ type: "hello", run, after, head: log.length, now: now(), heartbeat_ms: HEARTBEAT_MS });
      }
      for (const event of log.slice(after)) {
        after = event.seq;
        yield `id: ${run}-${after}\n${frame(event)}`;
      }
      if (after < log.length) continue;
      if (ENDED.includes(log.at(-1)?.type)) return;
      await this.wait(nextHello - performance.now(), gone);
    }
  }
}
