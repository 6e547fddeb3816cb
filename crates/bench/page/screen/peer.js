// What the screen is compared with, as people write it: a stream that is appended to a <pre>, and bare
// `document.write` into the same kind of frame. No framework, no protocol, no care.

import { createParser } from "/peers/eventsource-parser/dist/index.js";

const pre = document.querySelector("pre");
const peer = { isOver: false };
globalThis.peer = peer;

const show = {
  append: (text) => pre.append(text),
  textContent: (text) => { pre.textContent += text; },
};

// Shows each event of a generation as it comes.
peer.follow = async (id, how) => {
  const parser = createParser({
    onEvent({ data }) {
      const event = JSON.parse(data);
      if (event.type === "html") show[how](event.text);
      if (event.type === "done") peer.isOver = true;
    },
  });
  const headers = { accept: "text/event-stream", authorization: "Bearer measured" };
  const response = await fetch(`/api/generations/${id}/events`, { headers });
  peer.isOpen = true;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
  }
};

// A frame like ours, with the same beginning; one that `follows` shows its end after each write, as ours does.
peer.prepare = ({ width, height, prelude, follows }) => {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-same-origin");
  frame.width = width;
  frame.height = height;
  document.body.append(frame);
  peer.document = frame.contentDocument;
  peer.document.open();
  peer.document.write(prelude);
  peer.follows = follows;
};

// The same pieces at the same times: [milliseconds from now, text] each. Ours are written at a frame, so these are.
peer.replay = (writes) => {
  const start = performance.now();
  let at = 0;
  requestAnimationFrame(function frame() {
    const isDue = at < writes.length && performance.now() - start >= writes[at][0];
    if (isDue) {
      peer.document.write(writes[at++][1]);
      const root = peer.document.documentElement;
      if (peer.follows) root.scrollTo(0, root.scrollHeight);
    }
    if (at < writes.length) return requestAnimationFrame(frame);
    peer.document.close();
    peer.isOver = true;
  });
};
