"""Error answers: problem+json (RFC 9457), with a code for programs and a sentence for people."""

from http import HTTPStatus

from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException


class Problem(HTTPException):
    """Why something is refused; what is named besides stands in the answer, too."""

    def __init__(self, status, code, detail, headers=None, **more):
        super().__init__(status, detail, headers)
        self.more = {"code": code, **more}


async def answer(_request, error):
    """The answer to a Problem, and to what the framework refuses by itself."""
    status, more = error.status_code, getattr(error, "more", {})
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": error.detail} | more
    headers = {"Cache-Control": "no-store"} | (error.headers or {})
    return JSONResponse(body, status, headers, "application/problem+json")


handlers = {HTTPException: answer}
