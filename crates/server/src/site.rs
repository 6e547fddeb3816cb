//! The built page: every file of one directory, read and compressed once, when the server starts. What is not in the
//! directory then does not exist: no path is ever looked up on the disk.

mod compress;
mod csp;
mod file;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::problem::Refusal;
use file::File;

/// Files by address: `/`, `/style-0f3a.css`.
type Files = Arc<HashMap<String, File>>;

/// The page's routes; without a directory, only what is said of unknown addresses.
///
/// # Errors
/// If the directory cannot be read.
pub(crate) async fn routes(app: &App) -> io::Result<Router<App>> {
    let files = match app.config.static_dir.clone() {
        Some(dir) => tokio::task::spawn_blocking(move || load(&dir)).await.map_err(io::Error::other)??,
        None => HashMap::new(),
    };
    let files = Router::new().fallback(serve).with_state(Arc::new(files));
    Ok(Router::new().fallback_service(files))
}

/// What every answer of a host's own route says beside what it says itself.
pub(crate) async fn guard(mut answer: Response) -> Response {
    file::put_safety_headers(answer.headers_mut(), &csp::policy(""));
    answer
}

async fn serve(State(files): State<Files>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if uri.path() == "/api" || uri.path().starts_with("/api/") {
        return Refusal::not_found().into_response();
    }
    let Some(file) = files.get(uri.path()) else { return missing() };
    if method != Method::GET && method != Method::HEAD {
        let detail = "That address exists, but does not take this method.";
        return Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).into_response();
    }
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    file.respond(&headers, known)
}

fn missing() -> Response {
    let html = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not found</title>\
                <p>There is nothing here. <a href=\"/\">Go to the start</a>.";
    let mut response =
        (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    file::put_safety_headers(response.headers_mut(), &csp::policy(""));
    response
}

/// All files below `dir`, by address. Links that lead out of it are not followed.
fn load(dir: &Path) -> io::Result<HashMap<String, File>> {
    let mut found = Vec::new();
    walk(dir, "", &mut found)?;
    let index = std::fs::read_to_string(dir.join("index.html")).unwrap_or_default();
    let policy = csp::policy(&index);
    let read = |(path, address): (PathBuf, String)| -> io::Result<(String, File)> {
        let file = File::new(&address, std::fs::read(path)?, &policy);
        Ok((if address == "/index.html" { "/".to_owned() } else { address }, file))
    };
    // Two at a time: compressing is all of the work, and the largest file most of that.
    let (left, right): (Vec<_>, Vec<_>) = found.into_iter().enumerate().partition(|(n, _)| n % 2 == 0);
    let both = std::thread::scope(|scope| {
        let left = scope.spawn(|| left.into_iter().map(|(_, one)| read(one)).collect::<Vec<_>>());
        let right = right.into_iter().map(|(_, one)| read(one)).collect::<Vec<_>>();
        left.join().map(|left| left.into_iter().chain(right).collect())
    });
    both.unwrap_or_else(|_| Err(io::Error::other("a file could not be compressed")))
}

fn walk(dir: &Path, address: &str, found: &mut Vec<(PathBuf, String)>) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        // A name that is not UTF-8 cannot be an address.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let (kind, address) = (entry.file_type()?, format!("{address}/{name}"));
        if kind.is_dir() {
            walk(&entry.path(), &address, found)?;
        } else if kind.is_file() {
            found.push((entry.path(), address));
        }
    }
    // The largest first, so that the two threads end at about the same time.
    found.sort_by_key(|(path, _)| std::cmp::Reverse(path.metadata().map_or(0, |file| file.len())));
    Ok(())
}
