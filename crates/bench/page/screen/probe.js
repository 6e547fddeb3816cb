// Runs in every page before its own scripts, ours and the peers' alike: writes down what only the page itself can
// see. Costs little: one callback a frame, one a chunk, one a write, one an input. Changes nothing that the page does.

globalThis.bench = (() => {
  // Inside the preview's frame nothing may run anyway.
  if (globalThis !== top) return undefined;
  const bench = {
    began: 0, ended: 0, // performance.now()
    frames: [], // when each frame began
    tasks: [], // [start, duration] of long tasks
    chunks: [], // [when, bytes] of what was read
    writes: [], // [when, text] of what was written into a frame
    inputs: [], // [start, until it was handled, until the next frame was painted]
    answers: [], // durations of inputs as the Event Timing API has them, 16 ms and more
  };
  let isOn = false;
  let isOver = () => false;
  let tell = () => {};
  const memories = [];

  // From here on; resolves when `over` says so.
  bench.begin = (over) => new Promise((resolve) => {
    [isOver, tell, isOn] = [over, resolve, true];
    for (const list of ["frames", "tasks", "chunks", "inputs", "answers"]) bench[list].length = 0;
    bench.began = performance.now();
    performance.mark("bench began");
  });
  // How many characters of text stand in the element that `selector` finds. Only what is new is counted.
  let counted = [0, 0];
  bench.shown = (selector) => {
    const parts = document.querySelector(selector)?.childNodes ?? [];
    let [at, sum] = counted;
    const length = (part) => (part.nodeType === Node.TEXT_NODE ? part.length : part.textContent.length);
    for (; at < parts.length - 1; at += 1) sum += length(parts[at]);
    counted = [at, sum];
    return at < parts.length ? sum + length(parts[at]) : sum;
  };
  bench.wasmBytes = () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

  requestAnimationFrame(function frame(now) {
    if (isOn) bench.frames.push(now);
    if (isOn && isOver()) {
      isOn = false;
      bench.ended = performance.now();
      performance.mark("bench ended");
      // After the frame in which it ended: what is still to be painted belongs to it.
      setTimeout(() => tell(true), 100);
    }
    requestAnimationFrame(frame);
  });

  const observe = (type, keep, options) =>
    new PerformanceObserver((list) => list.getEntries().forEach(keep)).observe({ type, ...options });
  observe("longtask", ({ startTime, duration }) => bench.tasks.push([startTime, duration]));
  const isFirst = ({ name }) => name === "mousedown" || name === "keydown";
  observe("event", (entry) => isFirst(entry) && bench.answers.push(entry.duration), { durationThreshold: 16 });

  const { read } = ReadableStreamDefaultReader.prototype;
  ReadableStreamDefaultReader.prototype.read = function () {
    const reading = read.call(this);
    reading.then(({ value }) => {
      if (isOn && value) bench.chunks.push([performance.now(), value.length]);
    }, () => {});
    return reading;
  };

  const { write } = Document.prototype;
  Document.prototype.write = function (...text) {
    bench.writes.push([performance.now(), text.join("")]);
    performance.mark("bench write");
    return write.apply(this, text);
  };

  for (const type of ["mousedown", "keydown"]) {
    addEventListener(type, ({ timeStamp }) => {
      const handled = performance.now() - timeStamp;
      const painted = new MessageChannel();
      painted.port1.onmessage = () => {
        if (isOn) bench.inputs.push([timeStamp, handled, performance.now() - timeStamp]);
        painted.port1.close();
      };
      requestAnimationFrame(() => painted.port2.postMessage(0));
    }, { capture: true, passive: true });
  }

  for (const name of ["instantiate", "instantiateStreaming"]) {
    const make = WebAssembly[name];
    WebAssembly[name] = async (...source) => {
      const made = await make.apply(WebAssembly, source);
      const { exports } = made.instance ?? made;
      memories.push(...Object.values(exports).filter((value) => value instanceof WebAssembly.Memory));
      return made;
    };
  }
  return bench;
})();
