//! The server: the reference server, and the page, rendered for each request. `--static` names the folder with what the
//! browser runs; `cargo xtask hydrated` builds both and starts it.

use std::process::ExitCode;

use axum::Router;
use axum::extract::Query;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use hydrated::App;
use leptos::prelude::*;

/// The program in the browser, and nothing else. Styles stand in the page; the preview's are its own.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; \
                      img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
/// Loads the program; not in the page, whose policy allows no script in it.
const START: &str = "import init from './hydrated.js';\ninit('./hydrated_bg.wasm');\n";

#[tokio::main]
async fn main() -> ExitCode {
    let start = || async { ([(CONTENT_TYPE, "text/javascript")], START) };
    server::command(Router::new().route("/", get(page)).route("/start.js", get(start))).await
}

/// What the address asks for.
type Asked = Query<Vec<(String, String)>>;

/// The page in its first state. It says nothing of anybody: who may see a generation is found out by the browser's own
/// request, with its token.
async fn page(Query(asked): Asked) -> impl IntoResponse {
    // The first, as in the browser: both have to render the same.
    let id = asked.into_iter().find(|(name, _)| name == "g").map(|(_, id)| id);
    let owner = Owner::new();
    // No space before it: the program expects its own first element there.
    let body = owner.with(|| view! { <App id/> }.to_html());
    owner.cleanup();
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Rendered on the server</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head>\
         <body>{body}<script type=\"module\" src=\"/start.js\"></script></body></html>"
    );
    ([(CONTENT_SECURITY_POLICY, POLICY)], Html(html))
}
