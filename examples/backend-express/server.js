// A backend for the generation screen, in memory: what can be asked for, and what is answered.

import { pipeline } from "node:stream/promises";
import express from "express";
import { caller, session } from "./access.js";
import { Generation } from "./generation.js";
import { Problem, answerProblem } from "./problem.js";
import { readPlace } from "./work.js";

const WAIT_MAX_S = 30;
const URL_LENGTH_MAX = 2048;
const GENERATIONS_MAX = 256;
const STREAM = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache, no-transform",
  "X-Accel-Buffering": "no",
  Incremental: "?1",
};
const generations = new Map();
const app = express().disable("etag").disable("x-powered-by"); // Its tags name bytes, ours events.

app.post("/api/session", session);

app.use("/api/generations", (request, response, next) => {
  response.locals.user = caller(request);
  response.set("Cache-Control", "no-store");
  next();
});

app.param("id", (_request, response, next, id) => {
  const generation = generations.get(id);
  if (generation?.owner !== response.locals.user) { // Somebody else's looks like none at all.
    throw new Problem(404, "not_found", "There is nothing here, or it is not yours.");
  }
  response.locals.generation = generation;
  next();
});

app.post("/api/generations", express.json({ limit: "16kb" }), (request, response) => {
  const { user } = response.locals;
  const { url } = request.body ?? {};
  if (typeof url !== "string" || url.length > URL_LENGTH_MAX) {
    throw new Problem(422, "wrong_fields", 'Send JSON: {"url": "…"}, 2,048 characters at most.');
  }
  const place = readPlace(url);
  if (!place) throw new Problem(422, "not_a_place", "That holds no coordinates: paste a place's link.");
  const key = request.get("idempotency-key");
  if (key?.length > 255) {
    throw new Problem(400, "bad_idempotency_key", "An Idempotency-Key has at most 255 characters.");
  }
  const all = [...generations.values()];
  let generation = key && all.find((it) => it.owner === user && it.key === key);
  if (!generation) {
    const oldestEnded = all.find((it) => it.ended)?.id;
    if (all.length >= GENERATIONS_MAX && !generations.delete(oldestEnded)) {
      const headers = { "Retry-After": "10" };
      throw new Problem(503, "at_capacity", "The server is busy: try again soon.", { headers });
    }
    generation = new Generation(user, key, url, place);
    generations.set(generation.id, generation);
  } else if (generation.url !== url) {
    throw new Problem(422, "key_reused", "This Idempotency-Key was used for another address: use a new one.");
  }
  response.location(`/api/generations/${generation.id}`);
  sendState(response.status(202), generation);
});

function sendState(response, generation, htmlFrom = 0) {
  response.set("ETag", generation.etag).json(generation.state(htmlFrom));
}

app.get("/api/generations/:id", async (request, response) => {
  const { generation } = response.locals;
  const { etag } = generation;
  const [, wish = 0] = /\bwait\s*=\s*"?(\d{1,9})/i.exec(request.get("prefer") ?? "") ?? [];
  const wait = Math.min(Number(wish), WAIT_MAX_S);
  if (wait) response.set("Preference-Applied", `wait=${wait}`);
  const known = request.get("if-none-match")?.match(/"[^"]*"|\*/g) ?? [];
  if (known.includes(etag) || known.includes("*")) {
    await generation.wait(wait * 1000);
    if (generation.etag === etag) return response.set("ETag", etag).status(304).end();
  }
  const htmlFrom = request.get("html-from") ?? String(request.query.html_from);
  sendState(response, generation, /^\d{1,15}$/.test(htmlFrom) ? Number(htmlFrom) : 0);
});

app.get("/api/generations/:id/events", async (request, response) => {
  const gone = new AbortController();
  response.set(STREAM).on("close", () => gone.abort());
  const frames = response.locals.generation.frames(request.get("last-event-id") ?? "", gone.signal);
  await pipeline(frames, response).catch(() => {}); // A viewer that goes away is no error.
});

app.post("/api/generations/:id/cancel", (_request, response) => {
  const { generation } = response.locals;
  if (generation.ended) {
    throw new Problem(409, "already_ended", "There is nothing to cancel.", { state: generation.state() });
  }
  generation.cancel();
  sendState(response.status(202), generation);
});

app.post("/api/generations/:id/retry", (_request, response) => {
  const { generation } = response.locals;
  if (!generation.hasFailed) {
    throw new Problem(409, "not_failed", "There is no failure to try again.", { state: generation.state() });
  }
  generation.begin();
  sendState(response.status(202), generation);
});

if (process.env.STATIC_DIR) app.use(express.static(process.env.STATIC_DIR));
app.use(() => {
  throw new Problem(404, "not_found", "There is nothing here.");
});
app.use(answerProblem);

const { HOST = "127.0.0.1", PORT = "8787" } = process.env;
app.listen(Number(PORT), HOST, () => console.log(`listening on http://${HOST}:${PORT}`));
