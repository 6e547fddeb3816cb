"""A backend for the generation screen, in memory: the contract's two resources, one stream and one state.

    pip install fastapi uvicorn && uvicorn main:app --port 8787
"""

import asyncio
import json
import secrets
from datetime import datetime, timezone

from fastapi import FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

HEARTBEAT_S = 15
STEPS = {"brief": "Writing the brief", "page": "Writing the page"}
app, users, generations = FastAPI(), {}, {}


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Generation:
    def __init__(self, owner, url):
        self.id, self.owner, self.url, self.run = secrets.token_urlsafe(16), owner, url, 0
        self.changed = asyncio.Event()
        self.begin()

    def begin(self):
        """The next run: an empty log, an empty page."""
        self.run, self.events, self.html = self.run + 1, [], b""
        self.status, self.known = "queued", {}
        self.steps = [{"name": name, "label": label, "state": "pending"} for name, label in STEPS.items()]
        self.tell()
        self.task = asyncio.create_task(self.work())

    def tell(self):
        self.changed.set()
        self.changed = asyncio.Event()

    def say(self, kind, **fields):
        """One event: into the log, and into the state that it adds up to."""
        at = now()
        self.events.append({"seq": len(self.events) + 1, "at": at, "type": kind, **fields})
        running = next((step for step in self.steps if step["state"] == "running"), None)
        self.status = {"done": "done", "error": "error", "cancelled": "cancelled"}.get(kind, "running")
        if running and self.status != "running":
            running.update(state="done" if kind == "done" else "failed", finished_at=at)
        if kind == "status":
            step = next(step for step in self.steps if step["name"] == fields["step"])
            if step is not running:
                if running:
                    running.update(state="done", finished_at=at)
                step.update(state="running", started_at=at)
            self.known["progress"] = fields["progress"]
        elif kind == "html":
            self.html += fields["text"].encode()
        elif kind == "done":
            self.known["result"] = fields["result"]
        elif kind in ("preview", "error"):
            self.known[kind] = fields
        self.tell()

    async def work(self):
        """Yours: whatever takes a minute."""
        self.say("status", step="brief", progress=0)
        await asyncio.sleep(1)
        self.say("preview", title=self.url[:200])
        pieces = ["<!doctype html><h1>A page</h1>"] + [f"<p>Paragraph {n} of it, é.</p>" for n in range(1, 21)]
        for n, piece in enumerate(pieces):
            self.say("status", step="page", progress=n / len(pieces))
            self.say("html", offset=len(self.html), text=piece)
            await asyncio.sleep(0.2)
        self.say("done", html_len=len(self.html), result={"title": "A page"})

    def state(self, html_from=0):
        start = html_from if 0 <= html_from <= len(self.html) else 0
        while 0 < start < len(self.html) and self.html[start] & 0xC0 == 0x80:
            start -= 1
        html = {"from": start, "len": len(self.html), "text": self.html[start:].decode()}
        return {"id": self.id, "run": self.run, "seq": len(self.events), "event_id": self.tag(), "now": now(),
                "status": self.status, "steps": self.steps, "html": html, **self.known}

    def tag(self):
        return f"{self.run}-{len(self.events)}"

    async def frames(self, after):
        """What one viewer gets. A viewer is a place in the log: a slow one costs nothing, a gone one ends nothing."""
        run, heartbeat_s = self.run, 0
        while self.run == run:
            changed = self.changed
            if heartbeat_s == 0 or after == len(self.events):
                hello = {"type": "hello", "run": run, "after": after, "head": len(self.events), "now": now(),
                         "heartbeat_ms": HEARTBEAT_S * 1000}
                yield f"data: {json.dumps(hello)}\n\n"
                heartbeat_s = HEARTBEAT_S if heartbeat_s else 1
            while after < len(self.events):
                event, after = self.events[after], after + 1
                yield f"id: {run}-{event['seq']}\ndata: {json.dumps(event)}\n\n"
            if self.status in ("done", "error", "cancelled"):
                return
            try:
                await asyncio.wait_for(changed.wait(), heartbeat_s)
            except asyncio.TimeoutError:
                continue
