//! The command `contract-check`. It does nothing itself.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    contract_check::command().await
}
