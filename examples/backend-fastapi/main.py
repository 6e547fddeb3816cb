"""A backend for the generation screen, in memory. `work` is where yours goes; README.md says the rest."""

import asyncio
import hashlib
import json
import os
import re
import secrets
from datetime import UTC, datetime
from html import escape
from http import HTTPStatus

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from itsdangerous import BadData, URLSafeTimedSerializer
from pydantic import BaseModel, Field, ValidationError
from starlette.middleware.sessions import SessionMiddleware

SECONDS, TOKEN_S, MONTH_S = float(os.environ.get("SECONDS", "20")), 15 * 60, 30 * 24 * 60 * 60
HEARTBEAT_S, WAIT_S_MAX, BODY_MAX, KEPT_MAX = 15, 30, 16 * 1024, 256
ENDED, KEY = ("done", "error", "cancelled"), secrets.token_hex(32)  # A new start signs everybody out.
STEPS = {"place": "Reading the place", "brief": "Writing the brief", "page": "Writing the page"}
STREAM = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no", "Incremental": "?1",
          "Connection": "keep-alive"}
CHALLENGE = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
generations, tokens, app = {}, URLSafeTimedSerializer(KEY, salt="token"), FastAPI(openapi_url=None)
app.add_middleware(SessionMiddleware, KEY, max_age=MONTH_S, path="/api/session", same_site="strict")


async def work(url, say):  # What was pasted is never fetched, and is escaped where it stands in HTML.
    title = re.sub("^.*/place/([^/@?#]+).*$", r"\1", url).replace("+", " ")[:200]
    heading = f"<!doctype html>\n<h1>📍 {escape(title)}</h1>\n"
    for done, step in enumerate(["place", "brief"] + 12 * ["page"]):
        say("status", step=step, label=STEPS[step], progress=done / 14)
        await asyncio.sleep(SECONDS / 14)
        if step == "place":
            say("preview", title=title, subtitle="A page in twelve parts")
        else:
            say("html", text=heading if step == "brief" else f"<p>{'Hello from 東京, again. ' * 18}</p>\n")
    say("done", result={"title": title})


class New(BaseModel):
    url: str = Field(min_length=1, max_length=2048)


class Generation:
    """One log in each run, and what it adds up to. No connection can end a run."""

    def __init__(self, id, owner, url):
        self.id, self.owner, self.url, self.run, self.changed = id, owner, url, 0, asyncio.Future()
        self.begin()

    def begin(self):
        if self.run:
            self.task.cancel()  # Work that was cancelled may still be asleep.
        self.run, self.status, self.log, self.page, self.known = self.run + 1, "queued", [], b"", {}
        self.steps = [{"name": name, "label": label, "state": "pending"} for name, label in STEPS.items()]
        self.task = asyncio.create_task(work(self.url, self.say))
        self.task.add_done_callback(self.over)

    def over(self, task):
        if not task.cancelled() and task.exception():
            self.say("error", code="broke_off", message="The work broke off. Try again.", retryable=True)
            raise task.exception()  # So that it is logged.

    def say(self, kind, **fields):
        if self.status in ENDED:
            raise asyncio.CancelledError  # The work ends here: it was cancelled.
        self.status, at = kind if kind in ENDED else "running", now()
        counted = {"html": {"offset": len(self.page)}, "done": {"html_len": len(self.page)}}.get(kind, {})
        self.page += fields.get("text", "").encode()
        self.log.append({"seq": len(self.log) + 1, "at": at, "type": kind} | counted | fields)
        self.known |= {kind: fields} | fields
        for step in self.steps if kind in ("status", *ENDED) else ():
            if step["name"] == fields.get("step"):
                step.update({"started_at": at} | step | {"state": "running"})
            elif step["state"] == "running":
                step.update(state="done" if kind in ("status", "done") else "failed", finished_at=at)
        self.changed.set_result(None)
        self.changed = asyncio.Future()

    def tag(self):
        return f'"{self.run}-{len(self.log)}"'

    def state(self, html_from=0):  # With the page from this byte on, or from where that character starts.
        start = len(self.page[: html_from * (html_from <= len(self.page))].decode(errors="ignore").encode())
        known = {name: self.known.get(name) for name in ("progress", "preview", "error", "result")}
        html = {"from": start, "len": len(self.page), "text": self.page[start:].decode()}
        return known | {"id": self.id, "run": self.run, "seq": len(self.log), "event_id": self.tag()[1:-1],
                        "now": now(), "status": self.status, "steps": self.steps, "html": html}

    async def frames(self, last_event_id):  # A viewer is a place in the log.
        run, log, clock, hello_at = self.run, self.log, asyncio.get_running_loop().time, 0
        after = next((event["seq"] for event in log if f"{run}-{event['seq']}" == last_event_id), 0)
        while self.log is log:
            if clock() >= hello_at:
                hello_at = clock() + (HEARTBEAT_S if hello_at else 1)  # The second comes soon.
                hello = {"type": "hello", "run": run, "after": after, "head": len(log), "now": now()}
                yield f"data: {json.dumps(hello | {'heartbeat_ms': HEARTBEAT_S * 1000})}\n\n"
            while after < len(log):
                after += 1
                yield f"id: {run}-{after}\ndata: {json.dumps(log[after - 1])}\n\n"
            if self.status in ENDED:
                return
            await asyncio.wait([self.changed], timeout=max(0, hello_at - clock()))


def now():
    return datetime.now(UTC).isoformat()


@app.exception_handler(HTTPException)
async def problem(_request, error):
    body = {"title": HTTPStatus(error.status_code).phrase, "status": error.status_code} | error.detail
    return JSONResponse(body, error.status_code, error.headers, "application/problem+json")


@app.post("/api/session")
async def session(request: Request, response: Response):
    response.headers["Cache-Control"] = "no-store"
    user = request.session.setdefault("user", secrets.token_urlsafe(16))
    return {"access_token": tokens.dumps(user), "expires_in": TOKEN_S}


async def caller(authorization=Header("")):
    try:
        return tokens.loads(authorization[len("Bearer ") :], max_age=TOKEN_S)
    except BadData:
        raise HTTPException(401, {"detail": "The token is missing, wrong or expired."}, CHALLENGE) from None


async def mine(id: str, user=Depends(caller)):
    if id not in generations or generations[id].owner != user:
        raise HTTPException(404, {"detail": "There is nothing here, or it is not yours."})
    return generations[id]


@app.post("/api/generations", status_code=202)
async def create(request: Request, response: Response, user=Depends(caller), idempotency_key=Header("")):
    body, key = b"", idempotency_key or secrets.token_hex(16)
    async for chunk in request.stream():
        body = (body + chunk)[:BODY_MAX]  # What is too long is cut, and so is no JSON any more.
    try:
        url = New.model_validate_json(body).url
    except ValidationError:
        raise HTTPException(422, {"detail": 'Send {"url": "…"}, of 2,048 characters at most.'}) from None
    id = hashlib.sha256(f"{KEY} {user} {key}".encode()).hexdigest()  # The same key, the same generation.
    if id not in generations:
        oldest = next((it.id for it in generations.values() if it.status in ENDED), None)
        if len(generations) >= KEPT_MAX and not generations.pop(oldest, None):
            raise HTTPException(503, {"detail": "The server is busy: try again soon."}, {"Retry-After": "10"})
        generations[id] = Generation(id, user, url)
    response.headers["Location"] = f"/api/generations/{id}"
    return generations[id].state()


@app.get("/api/generations/{id}")
async def read(request: Request, response: Response, it=Depends(mine)):
    header, known = request.headers.get, request.headers.get("if-none-match", "")
    wait = min(int((re.findall("wait=([0-9]{1,4})", header("prefer", "")) or [0])[0]), WAIT_S_MAX)
    if wait and it.tag() in known:
        await asyncio.wait([it.changed], timeout=wait)
    response.headers.update({"ETag": it.tag()} | ({"Preference-Applied": f"wait={wait}"} if wait else {}))
    response.status_code = 304 if it.tag() in known else 200  # FastAPI sends no body with 304.
    start = re.fullmatch("[0-9]{1,15}", header("html-from") or request.query_params.get("html_from", ""))
    return it.state(int(start[0]) if start else 0)


@app.get("/api/generations/{id}/events")
async def events(it=Depends(mine), last_event_id=Header("")):
    return StreamingResponse(it.frames(last_event_id), headers=STREAM, media_type="text/event-stream")


@app.post("/api/generations/{id}/cancel", status_code=202)
async def cancel(it=Depends(mine)):
    if it.status in ENDED:
        raise HTTPException(409, {"detail": "There is nothing to cancel.", "state": it.state()})
    it.say("cancelled")
    return it.state()


@app.post("/api/generations/{id}/retry", status_code=202)
async def retry(it=Depends(mine)):
    if it.status not in ("error", "cancelled"):
        raise HTTPException(409, {"detail": "There is no failure to try again.", "state": it.state()})
    it.begin()
    return it.state()


if site := os.environ.get("STATIC_DIR"):
    app.mount("/", StaticFiles(directory=site, html=True))
if __name__ == "__main__":
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8787"))
    uvicorn.run(app, host=host, port=port, server_header=False, access_log=False, timeout_graceful_shutdown=1)
