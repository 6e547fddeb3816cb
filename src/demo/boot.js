// Starts the page's program, and says in plain words why it cannot. The words are in index.html. A file of its own,
// so that the page needs no inline script and its policy can forbid them all.

const app = document.querySelector('meta[name="app"]')?.dataset;
const boot = document.querySelector("[data-boot]");

// Smallest module with a 128-bit constant: a browser that refuses it cannot run the decoder.
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12];
SIMD.push(...new Array(16).fill(0), 26, 11);

function say(what) {
  boot.hidden = false;
  for (const message of boot.querySelectorAll("[data-boot-message]")) {
    message.hidden = message.dataset.bootMessage !== what;
  }
}

function runsWasm() {
  try {
    return WebAssembly.validate(new Uint8Array(SIMD));
  } catch {
    return false;
  }
}

async function start() {
  if (!runsWasm()) return say("unsupported");
  try {
    const { default: init } = await import(app.module);
    await init({ module_or_path: app.wasm });
  } catch (error) {
    console.error(error);
    say("failed");
  }
}

// A program that stopped in the middle would leave a page that looks alive and is not.
function stopped(error) {
  if (globalThis.WebAssembly && error instanceof WebAssembly.RuntimeError) say("stopped");
}

addEventListener("error", (event) => stopped(event.error));
addEventListener("unhandledrejection", (event) => stopped(event.reason));
for (const button of boot.querySelectorAll("button")) button.onclick = () => location.reload();
if (app?.module) start();

// Only while one develops: a release page ends here.
// `trunk serve` fills in where its socket is. Its own script is inline, and the policy forbids that.
function followDevServer(base) {
  const address = `${location.origin.replace("http", "ws")}${base}.well-known/trunk/ws`;
  const socket = new WebSocket(address);
  socket.onmessage = (event) => {
    const news = JSON.parse(event.data);
    if (news.type === "reload") location.reload();
    else console.error("Build failed:", news.data?.reason);
  };
}
if (app?.dev && !app.dev.startsWith("{")) followDevServer(app.dev);
