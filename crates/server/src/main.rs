//! The command `server`: the reference server and nothing else.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    server::command(axum::Router::new()).await
}
