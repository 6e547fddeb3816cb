"""A backend for the generation screen, in memory: what can be asked for, and what is answered."""

import os
import re
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field

from access import caller, router
from generation import Generation
from problem import Problem, handlers
from work import read_place

WAIT_MAX_S, BODY_BYTES_MAX, GENERATIONS_MAX = 30, 16 * 1024, 256
STREAM = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no", "Incremental": "?1",
          "Connection": "keep-alive"}
app, generations = FastAPI(openapi_url=None, exception_handlers=handlers), {}
app.include_router(router)
HeaderText = Annotated[str, Header()]
Caller = Annotated[str, Depends(caller)]


class NewGeneration(BaseModel):
    url: str = Field(max_length=2048)


async def mine(id: str, user: Caller):
    if id not in generations or generations[id].owner != user:  # Somebody else's looks like none at all.
        raise Problem(404, "not_found", "There is nothing here, or it is not yours.")
    return generations[id]


Mine = Annotated[Generation, Depends(mine)]


@app.post("/api/generations")
async def create(request: Request, user: Caller, idempotency_key: HeaderText = ""):
    if len(idempotency_key) > 255:
        raise Problem(400, "bad_idempotency_key", "An Idempotency-Key has at most 255 characters.")
    url = await pasted_url(request)
    if not (place := read_place(url)):
        raise Problem(422, "not_a_place", "That holds no coordinates: paste the link of a place from a map.")
    own = (it for it in generations.values() if it.owner == user)
    generation = next((it for it in own if idempotency_key and it.key == idempotency_key), None)
    if not generation:
        oldest_ended = next((it.id for it in generations.values() if it.ended), None)
        if len(generations) >= GENERATIONS_MAX and not generations.pop(oldest_ended, None):
            raise Problem(503, "at_capacity", "The server is busy: try again soon.", {"Retry-After": "10"})
        generation = Generation(user, idempotency_key, url, place)
        generations[generation.id] = generation
    elif generation.url != url:
        raise Problem(422, "key_reused", "This Idempotency-Key was used for another address: use a new one.")
    return state_of(generation, 202, headers={"Location": f"/api/generations/{generation.id}"})


async def pasted_url(request):
    body = b""
    async for chunk in request.stream():
        body = (body + chunk)[: BODY_BYTES_MAX + 1]  # What is too long is read to its end, but not kept.
    if len(body) > BODY_BYTES_MAX:
        raise Problem(413, "too_large", "That is too long: paste only the address of the place.")
    try:
        return NewGeneration.model_validate_json(body).url
    except ValueError:
        raise Problem(422, "wrong_fields", 'Send JSON: {"url": "…"}, 2,048 characters at most.') from None


def state_of(generation, status=200, html_from=0, headers=()):
    headers = {"ETag": generation.etag, "Cache-Control": "no-store"} | dict(headers)
    return JSONResponse(generation.state(html_from), status, headers)


@app.get("/api/generations/{id}")
async def state(generation: Mine, request: Request):
    etag, header = generation.etag, request.headers.get
    wish = re.search(r'\bwait\s*=\s*"?([0-9]{1,9})', header("prefer", ""), re.IGNORECASE)
    wait = min(int(wish[1]), WAIT_MAX_S) if wish else 0
    headers = {"Preference-Applied": f"wait={wait}"} if wait else {}
    known = re.findall(r'"[^"]*"|\*', header("if-none-match", ""))
    if etag in known or "*" in known:
        await generation.wait(wait)
        if generation.etag == etag:
            return Response(None, 304, {"ETag": etag, "Cache-Control": "no-store"} | headers)
    html_from = header("html-from") or request.query_params.get("html_from", "")
    html_from = int(html_from) if re.fullmatch("[0-9]{1,15}", html_from) else 0
    return state_of(generation, 200, html_from, headers)


@app.get("/api/generations/{id}/events")
async def events(generation: Mine, last_event_id: HeaderText = ""):
    return StreamingResponse(generation.frames(last_event_id), headers=STREAM, media_type="text/event-stream")


@app.post("/api/generations/{id}/cancel")
async def cancel(generation: Mine):
    if generation.ended:
        raise Problem(409, "already_ended", "There is nothing to cancel.", state=generation.state())
    generation.cancel()
    return state_of(generation, 202)


@app.post("/api/generations/{id}/retry")
async def retry(generation: Mine):
    if generation.status not in ("error", "cancelled"):
        raise Problem(409, "not_failed", "There is no failure to try again.", state=generation.state())
    generation.begin()
    return state_of(generation, 202)


if site := os.environ.get("STATIC_DIR"):
    app.mount("/", StaticFiles(directory=site, html=True))
if __name__ == "__main__":
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8787"))
    uvicorn.run(app, host=host, port=port, server_header=False, access_log=False, timeout_graceful_shutdown=1)
