//! Use from another web origin: what a browser asks before the request, and what it lets a page read after it. Only where
//! an origin was named.

use hyper::{HeaderMap, Method};

use super::Scene;
use super::whole::Known;
use crate::client::{NoAnswer, header};
use crate::point::Point;

const REQUEST: [&str; 7] = [
    "authorization",
    "last-event-id",
    "if-none-match",
    "prefer",
    "html-from",
    "idempotency-key",
    "content-type",
];
const ANSWER: [&str; 5] = ["etag", "retry-after", "preference-applied", "location", "www-authenticate"];

pub(super) async fn play(scene: &mut Scene<'_>, known: &Known) {
    let all = [Point::CorsOrigin, Point::CorsRequest, Point::CorsResponse];
    let Some(origin) = scene.options.origin.clone() else {
        return scene.report.skip_all(&all, "no --origin was named");
    };
    let made = scene.client.target.path(&scene.options.path);
    let events = format!("{}/events", known.path);
    for (path, method) in [(&made, "POST"), (&known.path, "GET"), (&events, "GET")] {
        let asking = scene.client.ask(Method::OPTIONS, path).token(None).header("origin", &origin);
        let asking = asking
            .header("access-control-request-method", method)
            .header("access-control-request-headers", REQUEST.join(","));
        match asking.send().await {
            Ok(answer) => {
                let what = format!("preflight of {method} {path}: status {}", answer.status);
                let methods = header(&answer.headers, "access-control-allow-methods").unwrap_or_default();
                // GET and POST need no leave.
                let is_well =
                    (200..300).contains(&answer.status) && (methods.is_empty() || lists(methods, method));
                scene.report.expect(Point::CorsOrigin, is_well, || format!("{what}, methods: {methods}"));
                allows(scene, &answer.headers, &origin, &what);
                let allowed = header(&answer.headers, "access-control-allow-headers").unwrap_or_default();
                // The wildcard does not stand for Authorization.
                let lacking = REQUEST.iter().find(|name| {
                    !lists(allowed, name) && (**name == "authorization" || !lists(allowed, "*"))
                });
                let seen =
                    lacking.map_or(Ok(()), |name| Err(format!("{what}: {name} is not in `{allowed}`")));
                scene.report.judge(Point::CorsRequest, seen);
            }
            Err(NoAnswer(why)) => scene.report.fail(Point::CorsOrigin, why),
        }
    }
    let missing = format!("{made}/contract-check-missing");
    for path in [&known.path, &missing] {
        let Ok(answer) = scene.client.get(path).header("origin", &origin).send().await else { continue };
        let what = format!("GET {path}: status {}", answer.status);
        allows(scene, &answer.headers, &origin, &what);
        let exposed = header(&answer.headers, "access-control-expose-headers").unwrap_or_default();
        let lacking = ANSWER.iter().find(|name| !lists(exposed, name) && !lists(exposed, "*"));
        let seen = lacking.map_or(Ok(()), |name| Err(format!("{what}: {name} is not in `{exposed}`")));
        scene.report.judge(Point::CorsResponse, seen);
    }
}

fn allows(scene: &mut Scene<'_>, headers: &HeaderMap, origin: &str, what: &str) {
    let allowed = header(headers, "access-control-allow-origin").unwrap_or("none");
    scene.report.expect(Point::CorsOrigin, allowed == "*" || allowed == origin, || {
        format!("{what}, Access-Control-Allow-Origin: {allowed}")
    });
}

fn lists(value: &str, name: &str) -> bool {
    value.split(',').any(|part| part.trim().eq_ignore_ascii_case(name))
}
