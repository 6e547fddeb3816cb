"""One generation: its log, what that adds up to, and what a viewer gets of it. It knows no HTTP."""

import asyncio
import json
import logging
import re
import secrets
from contextlib import suppress
from datetime import datetime, timezone

from work import STEPS, work

HEARTBEAT_S = 15
ENDED = ("done", "error", "cancelled")


class Generation:
    """The work goes on by itself: no connection can end it. Each run has a log of its own."""

    def __init__(self, owner, key, url, place):
        self.owner, self.key, self.url, self.place = owner, key, url, place
        self.id, self.run, self.changed = secrets.token_urlsafe(16), 0, asyncio.Event()
        self.begin()

    def begin(self):
        self.run += 1
        self.log, self.html, self.status, self.known = [], b"", "queued", {}
        self.steps = [{"name": name, "label": label, "state": "pending"} for name, label in STEPS.items()]
        self.wake()
        self.task = asyncio.create_task(self.go())

    async def go(self):
        try:
            async for kind, fields in work(self.place):
                self.say(kind, **fields)
            self.say("done", html_len=len(self.html), result={"title": self.place.name})
        except Exception:
            logging.exception("the work on %s broke off", self.id)
            self.say("error", code="broke_off", message="The work broke off. Try again.", retryable=True)

    def cancel(self):
        self.task.cancel()  # It says nothing more: it ends where it waits now.
        self.say("cancelled")

    def say(self, kind, **fields):
        """Writes one event into the log, and what it changes into the state."""
        at = now()
        self.status = kind if kind in ENDED else "running"
        if kind == "status" or self.ended:
            self.step(fields.get("step"), at, "done" if kind in ("status", "done") else "failed")
        if kind == "html":
            fields["offset"] = len(self.html)
            self.html += fields["text"].encode()
        if kind in ("preview", "error"):
            self.known[kind] = fields
        self.known |= {name: fields[name] for name in ("progress", "result") if name in fields}
        self.log.append({"seq": len(self.log) + 1, "at": at, "type": kind, **fields})
        self.wake()

    def step(self, name, at, end):
        """The step of this name runs; the one that ran before it has come to this end."""
        for step in self.steps:
            if step["name"] == name and step["state"] == "pending":
                step.update(state="running", started_at=at)
            elif step["name"] != name and step["state"] == "running":
                step.update(state=end, finished_at=at)

    def wake(self):
        """Whoever waits for a change looks again."""
        self.changed.set()
        self.changed = asyncio.Event()

    async def wait(self, seconds):
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.changed.wait()

    @property
    def ended(self):
        return self.status in ENDED

    @property
    def etag(self):
        return f'"{self.run}-{len(self.log)}"'

    def state(self, html_from=0):
        """Everything that is known, with the page from this byte on."""
        page = self.html[:html_from] if html_from <= len(self.html) else b""
        start = len(page.decode(errors="ignore").encode())  # Back to where a character starts.
        html = {"from": start, "len": len(self.html), "text": self.html[start:].decode()}
        return {"id": self.id, "run": self.run, "seq": len(self.log), "event_id": self.etag.strip('"'),
                "now": now(), "status": self.status, "steps": self.steps, "html": html, **self.known}

    async def frames(self, last_event_id):
        """What one viewer gets: the events after the last it has, and hellos. It is a place in the log."""
        run, log, clock = self.run, self.log, asyncio.get_running_loop().time
        seen = re.fullmatch(f"{run}-([0-9]{{1,9}})", last_event_id)
        after = int(seen[1]) if seen and int(seen[1]) <= len(log) else 0
        next_hello, pause = clock(), 1  # The second comes soon: a proxy that holds answers back shows then.
        while True:
            if clock() >= next_hello:
                next_hello, pause = clock() + pause, HEARTBEAT_S
                yield frame(type="hello", run=run, after=after, head=len(log), now=now(),
                            heartbeat_ms=HEARTBEAT_S * 1000)
            for event in log[after:]:
                after = event["seq"]
                yield f"id: {run}-{after}\n{frame(**event)}"
            if after == len(log):
                if log and log[-1]["type"] in ENDED:
                    return
                await self.wait(next_hello - clock())


def frame(**fields):
    return f"data: {json.dumps(fields, ensure_ascii=False)}\n\n"


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
