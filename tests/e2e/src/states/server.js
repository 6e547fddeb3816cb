// In place of the network: a server that brings the running page into the state that its address names, `mount=NAME`.
// Runs before the page's own scripts, and does nothing where no state is named.
(() => {
  const name = new URLSearchParams(location.search).get("mount");
  if (!name) return;
  const is = (...names) => names.includes(name);
  const now = "2026-03-01T10:00:39Z";
  const page = "<!doctype html><title>Tower</title><h1>Tower</h1><p>Open every day.</p>";
  const run = is("second-run") ? 2 : 1;
  const words = "The model that writes the page did not answer in time.";
  const long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(3);

  // ---- what the server knows ----
  const failure = { code: "provider", message: words, retryable: !is("failed") };
  const labels = { place: "Reading the place", brief: "Writing the brief", page: "Writing the page" };
  const steps = Object.keys(labels).map((step, at) => ({
    name: step,
    label: is("running-long-words") ? `${at + 1}: ${long}` : labels[step],
    state: at < 2 ? "done" : "running",
    started_at: "2026-03-01T10:00:00Z",
  }));
  const more = Array.from({ length: 9 }, (_, at) => ({ ...steps[2], name: `step-${at}`, state: "pending" }));
  const running = {
    id: name, run, seq: 3, event_id: `${run}-3`, now, status: "running",
    steps: is("running-no-steps") ? [] : is("running-long-words") ? [...steps, ...more] : steps,
    ...(is("running-no-number") ? {} : { progress: 0.62 }),
    ...(is("running-no-steps", "running-first-step") ? {} : { preview: { title: is("running-long-words") ? long : "Eiffel Tower" } }),
    html: is("running-first-step") ? { from: 0, len: 0, text: "" } : { from: 0, len: page.length, text: page },
  };
  const ends = {
    complete: { status: "done", result: {} }, "complete-unconfirmed": { status: "done", result: {} },
    finishing: { status: "done", result: {} }, incomplete: { status: "done", result: {} },
    failed: { status: "error", error: failure }, "failed-retryable": { status: "error", error: failure },
    retrying: { status: "error", error: failure }, "retry-refused": { status: "error", error: failure },
    "retry-unanswered": { status: "error", error: failure }, cancelled: { status: "cancelled" },
  };
  const state = () => ({
    ...running, ...(ends[name] ? { seq: 4, event_id: `${run}-4`, ...ends[name] } : {}),
    ...(is("queued") ? { status: "queued", seq: 0, steps: [], preview: undefined, html: { from: 0, len: 0, text: "" } } : {}),
    ...(is("incomplete") ? { html: { from: 0, len: 999, text: page } } : {}),
  });

  // ---- how it answers ----
  const json = (value, status = 200, headers = {}) =>
    new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json", etag: `"${value.run}-${value.seq}"`, ...headers } });
  const refuse = (status, headers = {}) =>
    new Response("{}", { status, headers: { "content-type": "application/problem+json", ...headers } });
  const never = (signal) => new Promise((_, no) => signal?.addEventListener("abort", () => no(signal.reason)));
  const lost = () => Promise.reject(new TypeError("no network"));
  const later = (ms) => new Promise((done) => setTimeout(done, ms));
  const frame = (event) => `${event.seq ? `id: ${run}-${event.seq}\n` : ""}data: ${JSON.stringify({ at: now, ...event })}\n\n`;
  const hello = (head = 3, after = 0) => frame({ type: "hello", run, after, head, now, heartbeat_ms: 15000 });
  const events = [
    { seq: 1, type: "status", step: "page", label: labels.page, progress: 0.62 },
    { seq: 2, type: "preview", title: "Eiffel Tower" },
    { seq: 3, type: "html", offset: 0, text: page },
  ].map(frame).join("");
  const terminal = {
    done: { seq: 4, type: "done", html_len: is("incomplete") ? 999 : page.length, result: {} },
    error: { seq: 4, type: "error", ...failure }, cancelled: { seq: 4, type: "cancelled" },
  };
  // A body that says `first`, then goes on as `then` does, with its controller's `say`.
  const stream = (signal, first, then = async () => {}) => {
    const bytes = new TextEncoder();
    const body = new ReadableStream({
      async start(controller) {
        signal?.addEventListener("abort", () => controller.error(signal.reason));
        const say = (text) => controller.enqueue(bytes.encode(text));
        try {
          if (first) say(first);
          await then(say, controller);
        } catch { /* it was let go */ }
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  const beat = (head, times = 1000) => async (say) => {
    for (let at = 0; at < times; at += 1) { await later(50); say(hello(head)); }
  };
  // Live, and stays so.
  const live = (signal) => stream(signal, hello(is("queued") ? 0 : 3) + (is("queued") ? "" : events), beat(is("queued") ? 0 : 3));

  // What the state says comes before the stream is live: no event does.
  const laterLive = (signal) => (streams > 1 ? stream(signal, hello(3, 3), beat(3)) : never(signal));
  const cut = async (_, controller) => { await later(50); controller.error(new TypeError("cut")); };

  let streams = 0;
  let isOut = false;
  const opened = {
    "polling-unproven": (signal) => stream(signal, hello() + events),
    "polling-mute": never,
    "polling-idle": (signal) => (streams > 1 ? never(signal) : stream(signal, hello() + events, beat(3, 3))),
    "polling-behind": (signal) => stream(signal, hello(9) + events, beat(9)),
    "polling-closed": (signal) => stream(signal, hello(), async (_, controller) => controller.close()),
    "polling-broken": lost,
    "polling-malformed": (signal) => stream(signal, "id: 1\ndata: {no json\n\n"),
    "polling-limit": (signal) => stream(signal, `: ${"x".repeat(2 << 20)}`),
    "polling-trouble": async () => refuse(503),
    "polling-wrong-type": async () => new Response("<p>Sign in to the network", { headers: { "content-type": "text/html" } }),
    "polling-not-offered": async () => refuse(405),
    "polling-token": async () => { await later(400); isOut = true; return refuse(401, { "www-authenticate": 'Bearer error="invalid_token"' }); },
    connecting: never, "connecting-offline": lost, opening: never,
    reconnecting: (signal) => stream(signal, `retry: 90000\n\n${hello()}${events}`, cut),
    "reconnecting-now": (signal) => (streams > 2 ? never(signal) : streams > 1 ? refuse(503) : stream(signal, hello() + events, cut)),
    "too-large": (signal) => stream(signal, hello() + events, async (say) => {
      const text = "x".repeat(512 << 10);
      for (let at = 0; at <= 64; at += 1) {
        say(frame({ seq: 4 + at, type: "html", offset: page.length + at * text.length, text }));
        await later(1);
      }
    }),
    resumed: laterLive, "running-no-number": laterLive, "running-no-steps": laterLive,
    "running-first-step": laterLive, "running-long-words": laterLive,
    "not-found": async () => refuse(404), gone: async () => refuse(410), forbidden: async () => refuse(403),
    "signed-out": (signal) => stream(signal, hello() + events, async (say, controller) => {
      await beat(3, 6)(say); isOut = true; await cut(say, controller);
    }),
    finishing: (signal) => stream(signal, hello() + events, async (say) => { await beat(3, 12)(say); say(frame(terminal.done)); }),
  };
  const read = {
    connecting: never, "connecting-offline": lost, "reconnecting": async () => refuse(503, { "retry-after": "90" }), "reconnecting-now": lost,
    "not-found": async () => refuse(404), gone: async () => refuse(410), forbidden: async () => refuse(403),
    finishing: never, "complete-unconfirmed": async () => refuse(503),
  };
  const ended = (signal) => {
    const { status } = ends[name];
    return stream(signal, hello(4) + events + frame(terminal[status]), async (_, controller) => controller.close());
  };
  const post = {
    cancel: async () => (is("cancel-refused") ? refuse(503) : json(state(), 202)),
    retry: (signal) => (is("retrying") ? never(signal) : is("retry-unanswered") ? lost() : Promise.resolve(refuse(429))),
    session: async () => (is("connecting-signed-out") || (isOut && is("signed-out")) ? refuse(401) : isOut ? never() : json({ access_token: "t", expires_in: 900 })),
  };
  const real = window.fetch.bind(window);
  window.fetch = (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const path = new URL(request.url).pathname;
    const signal = init?.signal ?? request.signal;
    if (!path.startsWith("/api/")) return real(input, init);
    const action = /\/(cancel|retry|session)$/.exec(path)?.[1];
    if (action) return post[action](signal);
    if (isOut && is("signed-out")) return Promise.resolve(refuse(401, { "www-authenticate": 'Bearer error="invalid_token"' }));
    if (path.endsWith("/events")) {
      streams += 1;
      return Promise.resolve((opened[name] ?? (ends[name] ? ended : live))(signal));
    }
    return Promise.resolve(read[name] ? read[name](signal) : json(state()));
  };
  if (is("connecting-offline")) Object.defineProperty(navigator, "onLine", { get: () => false });
})();
