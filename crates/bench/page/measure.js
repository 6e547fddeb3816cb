// Times every decoder on every kind of traffic: nine interleaved runs, each repeated until the clock can be trusted.
// One whose first pass takes longer than SLOW_MS is not run again. `?only=text` measures the traffic so named.

import { ROWS } from "./decoders.js";
import initFast, { traffic_chunks, traffic_names } from "./fast/bench.js";
import initSmall from "./release/bench.js";

const RUNS = 9;
const RUN_MS = 60;
const SLOW_MS = 1500;

async function pass(decode, chunks, times) {
  const start = performance.now();
  for (let n = 0; n < times; n += 1) await decode(chunks);
  return (performance.now() - start) / times;
}

async function measure(decoders, chunks) {
  const results = {};
  for (const [name, decode] of Object.entries(decoders)) {
    const start = performance.now();
    const { events, sum } = await decode(chunks);
    let once = performance.now() - start;
    const is_slow = once > SLOW_MS;
    // Warm: the browser compiles what runs often.
    if (once < 300) once = await pass(decode, chunks, Math.ceil(300 / Math.max(once, 0.05)));
    const times = Math.max(1, Math.ceil(RUN_MS / Math.max(once, 0.01)));
    results[name] = { events, sum, times, runs: is_slow ? 0 : RUNS, ms: is_slow ? [once] : [] };
  }
  const entries = Object.entries(decoders);
  for (let run = 0; run < RUNS; run += 1) {
    // Each of them comes first in turn: nobody always pays for what another left behind.
    entries.push(entries.shift());
    for (const [name, decode] of entries) {
      const result = results[name];
      if (run < result.runs) result.ms.push(await pass(decode, chunks, result.times));
    }
  }
  return results;
}

async function all() {
  await Promise.all([initFast(), initSmall()]);
  const measured = [];
  const only = new URLSearchParams(location.search).get("only") ?? "";
  for (const [at, traffic] of traffic_names().entries()) {
    if (!traffic.includes(only)) continue;
    const chunks = traffic_chunks(at);
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    for (const [row, decoders] of Object.entries(ROWS)) {
      measured.push({ traffic, row, bytes, chunks: chunks.length, decoders: await measure(decoders, chunks) });
    }
  }
  return { browser: navigator.userAgent, measured };
}

const report = await all().catch((error) => ({ error: String(error?.stack ?? error) }));
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
