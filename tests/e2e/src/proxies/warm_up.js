// Has the server write the beginning of a page that nobody looks at: for its first one it reads its list of towns, which
// is no part of any way. The header tells the proxy that it is not the page that asks.
const done = arguments[arguments.length - 1];
(async () => {
  const mark = { "x-test": "1" };
  const session = await (await fetch("/api/session", { method: "POST", headers: mark })).json();
  const headers = { ...mark, authorization: `Bearer ${session.access_token}` };
  const made = await fetch("/api/generations", {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ url: "48.85, 2.29" }),
  });
  const generation = made.headers.get("location");
  let tag = made.headers.get("etag") ?? "";
  for (let len = 0; len === 0;) {
    const held = { ...headers, prefer: "wait=25", "if-none-match": tag };
    const answer = await fetch(generation, { headers: held });
    if (answer.status !== 200) continue;
    tag = answer.headers.get("etag");
    len = (await answer.json()).html.len;
  }
  await fetch(`${generation}/cancel`, { method: "POST", headers });
})().then(() => done(null), (error) => done(String(error)));
