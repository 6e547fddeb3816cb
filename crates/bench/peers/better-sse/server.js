// The peer of load-server: the same routes, the same events at the same pace, by better-sse as its documentation has it: a
// session for each viewer, a channel for each generation, broadcasts. It keeps no log, resumes nothing, checks no token and
// writes to no disk. It begins to write when it is told `go`, and ends with its standard input.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { createChannel, createSession } from "better-sse";

const [perSecond, seconds, generations, textBytes] = process.argv.slice(2).map(Number);

// As in crates/bench/src/load/pace.rs.
const FILLER = "<p>It stands by the river, as it has for more than a hundred years, and people come to see it.</p>";
const STAMP_DIGITS = 20;
const pieces = Math.max(Math.round(perSecond * seconds), 1);
const due = (generation, written) => Math.trunc(((written + generation / generations) / perSecond) * 1e6);
const textOf = (moment) => String(moment).padStart(STAMP_DIGITS, "0") + FILLER.slice(0, textBytes - STAMP_DIGITS);

// The machine's monotonic clock, in microseconds.
const nowUs = () => Number(process.hrtime.bigint() / 1000n);

const channels = [];

const json = (response, status, headers, body) => {
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  response.writeHead(status, { "content-type": "application/json", "content-length": length, ...headers });
  response.end(text);
};

const server = createServer(async (request, response) => {
  const stream = /^\/api\/generations\/(\d+)\/events$/.exec(request.url);
  if (stream && channels[stream[1]]) {
    channels[stream[1]].register(await createSession(request, response));
  } else if (request.method === "POST" && request.url === "/api/session") {
    json(response, 200, {}, { access_token: "none-is-checked" });
  } else if (request.method === "POST" && request.url === "/api/generations") {
    const id = channels.push(createChannel()) - 1;
    json(response, 202, { location: `/api/generations/${id}` }, { id: String(id) });
  } else {
    json(response, 404, {}, {});
  }
});

const end = (channel, seq) => {
  const at = new Date().toISOString();
  channel.broadcast({ seq, at, type: "done", html_len: pieces * textBytes }, "message", { eventId: String(seq) });
};

// All events that are due, in order; and again when the next one is.
const write = (start) => {
  const written = channels.map(() => 0);
  const turn = () => {
    const now = nowUs();
    let next = Infinity;
    channels.forEach((channel, generation) => {
      while (written[generation] < pieces && start + due(generation, written[generation]) <= now) {
        const moment = start + due(generation, written[generation]);
        const offset = written[generation] * textBytes;
        const seq = ++written[generation];
        const event = { seq, at: new Date().toISOString(), type: "html", offset, text: textOf(moment) };
        channel.broadcast(event, "message", { eventId: String(seq) });
        if (seq === pieces) {
          end(channel, seq + 1);
        }
      }
      if (written[generation] < pieces) {
        next = Math.min(next, start + due(generation, written[generation]));
      }
    });
    if (next < Infinity) {
      // Also if it is late: sockets have their turn.
      setTimeout(turn, Math.max((next - nowUs()) / 1000, 0));
    }
  };
  turn();
};

// As many connections may wait as the reference server lets wait.
server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
});

createInterface({ input: process.stdin })
  .on("line", (line) => line === "go" && write(nowUs()))
  .on("close", () => process.exit());
