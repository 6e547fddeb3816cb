//! The beginning: whether anybody is there, a token, and a new generation. A token is sent nowhere but to the server
//! that was named.

use generation_screen::contract::{SessionToken, is_generation_id};
use generation_screen::engine::is_header_value;
use hyper::header::SET_COOKIE;

use super::Scene;
use crate::client::{Answer, NoAnswer, SESSION_PATH, quoted};
use crate::point::Point;

/// Somebody's token, and the cookie that came with it.
pub(super) struct Session {
    pub(super) token: String,
    pub(super) set_cookie: Option<String>,
}

/// Whether there is an answer at all.
pub(super) async fn reach(scene: &mut Scene<'_>) -> bool {
    let root = scene.client.target.path("");
    let reached = scene.client.get(&root).open().await.map(drop).map_err(|NoAnswer(why)| why);
    let is_reached = reached.is_ok();
    scene.report.judge(Point::Reach, reached);
    is_reached
}

/// Finds a token: the given one, or that of a new session.
pub(super) async fn token(scene: &mut Scene<'_>) -> bool {
    let found = match &scene.options.token {
        Some(token) => Ok(token.trim().to_owned()),
        None => match session(scene).await {
            Ok(session) => {
                cookie(scene, session.set_cookie);
                Ok(session.token)
            }
            Err(why) => Err(format!("{why}; is the token elsewhere? give it in CONTRACT_CHECK_TOKEN")),
        },
    };
    if let Some(other) = &scene.options.other_token {
        scene.report.hide(other.trim());
    }
    match found {
        Ok(token) => {
            scene.report.hide(&token);
            scene.report.expect(Point::Token, is_header_value(&token), || {
                "it is empty, or has characters that cannot stand in a header".to_owned()
            });
            scene.client.token = Some(token);
        }
        Err(why) => scene.report.fail(Point::Token, why),
    }
    !scene.report.is_broken(Point::Token)
}

/// A new session: without a cookie, so that of somebody new.
pub(super) async fn session(scene: &Scene<'_>) -> Result<Session, String> {
    let path = scene.client.target.path(SESSION_PATH);
    let answer = scene.client.post(&path).token(None).send().await.map_err(|NoAnswer(why)| why)?;
    // What is wrong is said without the body: it may hold a token.
    if answer.status != 200 {
        return Err(format!("POST {path}: status {}", answer.status));
    }
    let session: SessionToken = serde_json::from_slice(&answer.body)
        .map_err(|error| format!("POST {path}: the body is not {{access_token, expires_in}}: {error}"))?;
    let set_cookie = answer.headers.get(SET_COOKIE).map(|value| quoted(value.as_bytes()));
    Ok(Session { token: session.access_token, set_cookie })
}

fn cookie(scene: &mut Scene<'_>, set_cookie: Option<String>) {
    let Some(set) = set_cookie else {
        return scene.report.skip(Point::SessionCookie, "the session sets none");
    };
    let attributes: Vec<String> =
        set.split(';').skip(1).map(|part| part.trim().to_ascii_lowercase()).collect();
    let lacking = ["HttpOnly", "SameSite=Strict", "Path=/api/session"].into_iter().find(|wanted| {
        let path = format!("path={}", scene.client.target.path(SESSION_PATH)).to_ascii_lowercase();
        let wanted = if wanted.starts_with("Path") { path } else { wanted.to_ascii_lowercase() };
        !attributes.contains(&wanted)
    });
    scene.report.judge(Point::SessionCookie, lacking.map_or(Ok(()), |part| Err(format!("it lacks {part}"))));
    let named = set.split(';').next().unwrap_or_default().trim().to_owned();
    // A short one is no secret, and would be found in every text.
    if let Some((_, value)) = named.split_once('=').filter(|(_, value)| value.len() >= 8) {
        scene.report.hide(value);
    }
    scene.cookie = Some(named);
}

/// Makes a generation, and gives its path; nothing if it cannot be had.
pub(super) async fn create(scene: &mut Scene<'_>, key: Option<&str>) -> Option<String> {
    match post(scene, key).await {
        Ok(answer) => judged(scene, &answer),
        Err(why) => {
            scene.report.fail(Point::Create, why);
            None
        }
    }
}

/// Asks for the generation once more that was made with `key`, and gives its path.
///
/// # Errors
/// Why there is none.
pub(super) async fn create_again(scene: &Scene<'_>, key: &str) -> Result<String, String> {
    let answer = post(scene, Some(key)).await?;
    path_of(scene, &answer).ok_or_else(|| answer.quoted())
}

async fn post(scene: &Scene<'_>, key: Option<&str>) -> Result<Answer, String> {
    let made = scene.client.target.path(&scene.options.path);
    let mut asking = scene.client.post_json(&made, &scene.options.body);
    if let Some(key) = key {
        asking = asking.header("idempotency-key", key);
    }
    let answer = asking.send().await.map_err(|NoAnswer(why)| why)?;
    let is_made = (200..300).contains(&answer.status);
    if is_made { Ok(answer) } else { Err(format!("POST {made}: {}", answer.quoted())) }
}

/// The path that the answer names: its `Location` if that is on this origin, otherwise what its state's id makes.
fn path_of(scene: &Scene<'_>, answer: &Answer) -> Option<String> {
    let made = scene.client.target.path(&scene.options.path);
    let location = answer.header("location").and_then(|said| scene.client.target.resolve(said, &made));
    location.or_else(|| {
        let id = answer.state().ok()?.id;
        is_generation_id(&id).then(|| format!("{made}/{id}"))
    })
}

fn judged(scene: &mut Scene<'_>, answer: &Answer) -> Option<String> {
    let (path, state) = (path_of(scene, answer), answer.state());
    let report = &mut scene.report;
    let said = answer.header("location");
    let made = scene.client.target.path(&scene.options.path);
    match said.map(|said| (said, scene.client.target.resolve(said, &made))) {
        Some((said, None)) => report.fail(Point::LocationOrigin, format!("Location: {said}")),
        Some(_) => report.keep(Point::LocationOrigin),
        None => report.skip(Point::LocationOrigin, "there is no Location"),
    }
    let Some(path) = path else {
        report.fail(Point::Create, format!("there is no usable Location and no id: {}", answer.quoted()));
        return None;
    };
    report.keep(Point::Create);
    let id = path.rsplit('/').next().unwrap_or_default().to_owned();
    report.expect(Point::GenerationId, is_generation_id(&id), || format!("the id is `{id}`"));
    report.judge(
        Point::CreateAnswer,
        match (answer.status, said, state) {
            (202, Some(_), Ok(state)) if state.id == id => Ok(()),
            (202, Some(_), Ok(state)) => {
                Err(format!("the state's id is `{}`, the Location's `{id}`", state.id))
            }
            (202, Some(_), Err(error)) => Err(format!("the body is no state: {error}")),
            (202, None, _) => Err("there is no Location".to_owned()),
            (status, _, _) => Err(format!("status {status}")),
        },
    );
    Some(path)
}

/// Ends a generation that is not needed any more. Whether that works is judged elsewhere.
pub(super) async fn discard(scene: &Scene<'_>, path: &str) {
    let _ = scene.client.post(&format!("{path}/cancel")).send().await;
}
