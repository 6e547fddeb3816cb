//! Who may read a generation, and what everybody else is told. No token that was given is sent anywhere but in its header.

use hyper::{HeaderMap, Method};

use super::Scene;
use super::begin;
use super::closing::is_not_offered;
use super::whole::Known;
use crate::client::{Answer, NoAnswer, header};
use crate::point::Point;

/// No server has given this one.
const WRONG_TOKEN: &str = "contract-check-wrong-token";

pub(super) async fn play(scene: &mut Scene<'_>, known: &Known) {
    without_token(scene, known).await;
    let missing = scene.client.target.path(&format!("{}/contract-check-missing", scene.options.path));
    let seen = match scene.client.get(&missing).send().await {
        Ok(answer) if answer.status == 404 => Ok(()),
        Ok(answer) => Err(format!("GET {missing}: {}", answer.quoted())),
        Err(NoAnswer(why)) => Err(why),
    };
    scene.report.judge(Point::Missing, seen);
    foreign(scene, known).await;
}

/// Who asks without leave.
#[derive(Clone, Copy)]
enum Who<'a> {
    Nobody,
    WrongToken,
    /// With the session's cookie, and nothing else.
    Cookie(&'a str),
}

/// Nobody, a wrong token and the cookie alone, at every address that is the generation's.
async fn without_token(scene: &mut Scene<'_>, known: &Known) {
    let state = known.path.clone();
    let [events, cancel] = ["events", "cancel"].map(|what| format!("{state}/{what}"));
    let made = scene.client.target.path(&scene.options.path);
    let cookie = scene.cookie.clone();
    let mut asked = vec![
        (Method::GET, &state, Who::Nobody),
        (Method::GET, &state, Who::WrongToken),
        (Method::GET, &events, Who::Nobody),
        (Method::GET, &events, Who::WrongToken),
        (Method::POST, &cancel, Who::Nobody),
        (Method::POST, &made, Who::Nobody),
    ];
    asked.extend(cookie.as_deref().map(|cookie| (Method::GET, &state, Who::Cookie(cookie))));
    for (method, path, who) in asked {
        let (answer, what) = refused(scene, method, path, who).await;
        match answer {
            Ok((401, headers)) => {
                scene.report.keep(Point::NeedsToken);
                challenge(scene, matches!(who, Who::WrongToken), &what, &headers);
            }
            Ok((status, _)) if *path == cancel && is_not_offered(status) => {}
            Ok((status, headers)) => {
                scene.report.fail(Point::NeedsToken, format!("{what}: status {status}"));
                let location = header(&headers, "location").filter(|_| *path == made);
                if let Some(path) = location.and_then(|location| scene.client.target.resolve(location, &made))
                {
                    begin::discard(scene, &path).await;
                }
            }
            Err(NoAnswer(why)) => scene.report.fail(Point::NeedsToken, why),
        }
    }
    scene.report.skip(Point::Challenge, "there was no 401");
}

/// What is answered, and what was asked, in words.
async fn refused(
    scene: &Scene<'_>,
    method: Method,
    path: &str,
    who: Who<'_>,
) -> (Result<(u16, HeaderMap), NoAnswer>, String) {
    let (token, how) = match who {
        Who::Nobody => (None, "without a token"),
        Who::WrongToken => (Some(WRONG_TOKEN), "with a wrong token"),
        Who::Cookie(_) => (None, "with the session's cookie alone"),
    };
    let what = format!("{method} {path} {how}");
    let asking = match method {
        Method::POST => scene.client.post_json(path, &scene.options.body),
        _ => scene.client.get(path),
    };
    let asking = asking.token(token);
    let asking = match who {
        Who::Cookie(cookie) => asking.header("cookie", cookie),
        _ => asking,
    };
    (asking.head().await, what)
}

/// `error` is due where a token was sent (RFC 6750, section 3); where none was, the scheme is enough.
fn challenge(scene: &mut Scene<'_>, sent: bool, what: &str, headers: &HeaderMap) {
    let said = header(headers, "www-authenticate").unwrap_or("none");
    let is_bearer = said.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"));
    let names_error = said.contains("error=\"invalid_token\"") || said.contains("error=invalid_token");
    scene.report.expect(Point::Challenge, is_bearer && (names_error || !sent), || {
        format!("{what}: WWW-Authenticate: {said}")
    });
}

/// Another user must not see it, nor that it is there.
async fn foreign(scene: &mut Scene<'_>, known: &Known) {
    let both = [Point::ForeignClosed, Point::Foreign404];
    let other = match &scene.options.other_token {
        Some(token) => token.trim().to_owned(),
        None => match begin::session(scene).await {
            Ok(session) => session.token,
            Err(_) => {
                let why = "there is no second user: give another one's token in CONTRACT_CHECK_OTHER_TOKEN";
                return scene.report.skip_all(&both, why);
            }
        },
    };
    scene.report.hide(&other);
    if scene.client.token.as_deref() == Some(other.as_str()) {
        return scene.report.skip_all(&both, "every session has the same token");
    }
    for path in [known.path.clone(), format!("{}/events", known.path)] {
        match scene.client.get(&path).token(Some(&other)).head().await {
            Ok((status, _)) => {
                let seen = || format!("GET {path} by another user: status {status}");
                scene.report.expect(Point::ForeignClosed, status >= 400, seen);
                if status >= 400 {
                    scene.report.expect(Point::Foreign404, status == 404, seen);
                }
            }
            Err(NoAnswer(why)) => scene.report.skip_all(&both, &why),
        }
    }
    scene.report.skip(Point::Foreign404, "`foreign-closed` has to be kept first");
}

/// The state that a conflict carries: as `state` of the problem, or as the body.
pub(super) fn conflict(answer: &Answer) -> Result<(), String> {
    if answer.status != 409 {
        return Err(answer.quoted());
    }
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let state = body.get("state").unwrap_or(&body);
    let has_state = state.get("seq").is_some_and(|seq| seq.is_u64()) && state.get("status").is_some();
    if has_state { Ok(()) } else { Err(format!("there is no `state` in it: {}", answer.quoted())) }
}
