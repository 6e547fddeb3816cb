// Error answers: problem+json (RFC 9457), with a code for programs and a sentence for people.

import { STATUS_CODES } from "node:http";

/** Why something is refused; what is named besides stands in the answer, too. */
export class Problem extends Error {
  constructor(status, code, detail, { headers, ...more } = {}) {
    super(detail);
    Object.assign(this, { status, headers, more: { code, ...more } });
  }
}

/** Express's last handler: the answer to a Problem, and to what the framework refuses by itself. */
export function answerProblem(error, _request, response, next) {
  if (response.headersSent) return next(error);
  const { status = 500, headers = {}, more } = error;
  if (status >= 500 && !more) console.error(error);
  const detail = status < 500 || more ? error.message : "The server could not do that: try again later.";
  const body = { type: "about:blank", title: STATUS_CODES[status], status, detail, ...more };
  response.status(status).set({ "Cache-Control": "no-store", ...headers });
  response.type("application/problem+json").send(JSON.stringify(body));
}
