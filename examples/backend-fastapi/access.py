"""Who asks: anonymous users by a cookie, and short-lived tokens for them. Yours, if you have users already.

A token goes into the Authorization header, and nowhere else. All is signed, so that nothing has to be kept.
"""

import hmac
import secrets
import time
from typing import Annotated

from fastapi import APIRouter, Cookie, Header, Request
from fastapi.responses import JSONResponse

from problem import Problem

TOKEN_S, COOKIE_S = 15 * 60, 30 * 24 * 60 * 60
KEY = secrets.token_bytes(32)  # A new start signs everybody out.
router = APIRouter()


def signed(purpose, said):
    return f"{said}.{hmac.new(KEY, f'{purpose} {said}'.encode(), 'sha256').hexdigest()}"


def read_signed(purpose, text):
    """What was signed for this purpose, or nothing. Compared in constant time."""
    said = text.rpartition(".")[0]
    return said if hmac.compare_digest(signed(purpose, said).encode(), text.encode()) else ""


@router.post("/api/session")
async def session(
    request: Request,
    sec_fetch_site: Annotated[str, Header()] = "none",
    known: Annotated[str, Cookie(alias="session")] = "",
):
    if sec_fetch_site not in ("same-origin", "none"):
        raise Problem(403, "cross_site", "A session is only given to pages of this server.")
    user = read_signed("cookie", known) or secrets.token_urlsafe(16)
    token = signed("token", f"{user}.{int(time.time()) + TOKEN_S}")
    said = {"access_token": token, "expires_in": TOKEN_S}
    answer = JSONResponse(said, headers={"Cache-Control": "no-store"})
    answer.set_cookie("session", signed("cookie", user), max_age=COOKIE_S, path="/api/session", httponly=True,
                      samesite="strict", secure=request.url.scheme == "https")
    return answer


async def caller(authorization: Annotated[str, Header()] = ""):
    """The user whose token it is."""
    scheme, _, token = authorization.partition(" ")
    user, _, expires = read_signed("token", token.strip()).rpartition(".")
    if scheme.lower() != "bearer" or not user or time.time() >= int(expires):
        raise Problem(401, "invalid_token", "The token is missing, wrong or expired: get a new one.",
                      {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    return user
