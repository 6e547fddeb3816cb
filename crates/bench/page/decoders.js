// Each decoder as its own page would use it: chunks in, every event read. `frames` reads type, id and data;
// `typed` reads the JSON in the data. Each returns how many events it saw, and a sum over them.

import { createParser } from "./peers/eventsource-parser/dist/index.js";
import { getLines, getMessages } from "./peers/@microsoft/fetch-event-source/lib/esm/parse.js";
import { events } from "./peers/fetch-event-stream/esm/mod.js";
import { Wasm as Small } from "./release/bench.js";
import { Wasm as Fast } from "./fast/bench.js";

class Seen {
  events = 0;
  sum = 0;
  frame(type, id, data) {
    this.events += 1;
    this.sum += type.length + id.length + data.length;
  }
  typed(type, id, data) {
    const frame = JSON.parse(data);
    this.events += 1;
    this.sum += frame.seq;
  }
}

function ours(Wasm, row) {
  return (chunks) => {
    const wasm = new Wasm();
    for (const chunk of chunks) wasm[row](chunk);
    const seen = { events: wasm.events(), sum: wasm.sum() };
    wasm.free();
    return seen;
  };
}

function eventsourceParser(row) {
  return (chunks) => {
    const seen = new Seen();
    const parser = createParser({
      onEvent: (event) => seen[row](event.event ?? "message", event.id ?? "", event.data),
    });
    const decoder = new TextDecoder();
    for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
    return seen;
  };
}

function fetchEventSource(row) {
  return (chunks) => {
    const seen = new Seen();
    const onMessage = (message) => seen[row](message.event || "message", message.id, message.data);
    const feed = getLines(getMessages(() => {}, () => {}, onMessage));
    for (const chunk of chunks) feed(chunk);
    return seen;
  };
}

// It takes a response only: what its stream costs is part of it.
function fetchEventStream(row) {
  return async (chunks) => {
    const seen = new Seen();
    let at = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (at < chunks.length) controller.enqueue(chunks[at++]);
        else controller.close();
      },
    });
    for await (const event of events(new Response(body))) {
      seen[row](event.event ?? "message", String(event.id ?? ""), event.data);
    }
    return seen;
  };
}

function textDecoder() {
  return (chunks) => {
    const decoder = new TextDecoder();
    let sum = 0;
    for (const chunk of chunks) sum += decoder.decode(chunk, { stream: true }).length;
    return { events: 0, sum };
  };
}

export const ROWS = {
  frames: {
    "ours, as shipped": ours(Small, "frames"),
    "ours, for speed": ours(Fast, "frames"),
    "eventsource-parser": eventsourceParser("frame"),
    "fetch-event-source": fetchEventSource("frame"),
    "fetch-event-stream": fetchEventStream("frame"),
    "TextDecoder alone": textDecoder(),
  },
  typed: {
    "ours, as shipped": ours(Small, "typed"),
    "ours, for speed": ours(Fast, "typed"),
    "eventsource-parser": eventsourceParser("typed"),
    "fetch-event-source": fetchEventSource("typed"),
    "fetch-event-stream": fetchEventStream("typed"),
  },
};
