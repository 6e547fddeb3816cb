"""Error answers: problem+json (RFC 9457), with a code for programs and a sentence for people."""

from http import HTTPStatus

from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException


class Problem(HTTPException):
    """Why something is refused; what is named besides stands in the answer, too."""

    def __init__(self, status, code, detail, headers=None, **more):
        super().__init__(status, detail, headers)
        self.more = {"code": code, **more}


async def refused(_request, error):
    """The answer to a Problem, and to what the framework refuses by itself."""
    status, more = error.status_code, getattr(error, "more", {})
    return answer(status, {"detail": error.detail} | more, error.headers or {})


async def failed(_request, _error):
    """The answer to a mistake of ours. The framework writes it down."""
    return answer(500, {"detail": "The server could not do that: try again later."})


def answer(status, more, headers=()):
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status} | more
    headers = {"Cache-Control": "no-store"} | dict(headers)
    return JSONResponse(body, status, headers, "application/problem+json")


handlers = {HTTPException: refused, Exception: failed}
