// Who asks: anonymous users by a cookie, and short-lived tokens for them. Yours, if you have users already.
//
// A token goes into the Authorization header, and nowhere else. All is signed, so nothing has to be kept.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Problem } from "./problem.js";

const TOKEN_S = 15 * 60;
const COOKIE_MS = 30 * 24 * 60 * 60 * 1000;
const KEY = randomBytes(32); // A new start signs everybody out.

function signed(purpose, said) {
  return `${said}.${createHmac("sha256", KEY).update(`${purpose} ${said}`).digest("hex")}`;
}

/** What was signed for this purpose, or nothing. Compared in constant time. */
function readSigned(purpose, text) {
  const said = text.slice(0, Math.max(text.lastIndexOf("."), 0));
  const [ours, theirs] = [Buffer.from(signed(purpose, said)), Buffer.from(text)];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs) ? said : "";
}

/** `POST /api/session`: a token for whom the cookie names, or for somebody new. */
export function session(request, response) {
  if (!["same-origin", "none"].includes(request.get("sec-fetch-site") ?? "none")) {
    throw new Problem(403, "cross_site", "A session is only given to pages of this server.");
  }
  const [, known = ""] = /(?:^|;\s*)session=([^;]*)/.exec(request.get("cookie") ?? "") ?? [];
  const user = readSigned("cookie", known) || crypto.randomUUID();
  const expires = Math.floor(Date.now() / 1000) + TOKEN_S;
  response.cookie("session", signed("cookie", user), {
    maxAge: COOKIE_MS, path: "/api/session", httpOnly: true, sameSite: "strict", secure: request.secure,
  });
  response.set("Cache-Control", "no-store");
  response.json({ access_token: signed("token", `${user}.${expires}`), expires_in: TOKEN_S });
}

/** The user whose token it is. */
export function caller(request) {
  const [, token = ""] = /^bearer +(\S+)$/i.exec(request.get("authorization") ?? "") ?? [];
  const [user, expires] = readSigned("token", token).split(".");
  if (!user || Date.now() / 1000 >= Number(expires)) {
    throw new Problem(401, "invalid_token", "The token is missing, wrong or expired: get a new one.", {
      headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' },
    });
  }
  return user;
}
