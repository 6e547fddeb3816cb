//! The program itself: its exit codes, and that it prints no token.

use std::process::Command;

use tokio::task::spawn_blocking;

use crate::fake;
use crate::fault::{Fault, Habit};

const TOKEN: &str = "token-of-user-secret";

/// Exit code and output of the program with these arguments.
async fn run<const N: usize>(arguments: [&str; N]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contract-check"));
    command.args(arguments).env("CONTRACT_CHECK_TOKEN", TOKEN).env_remove("CONTRACT_CHECK_OTHER_TOKEN");
    let output = spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code(), text)
}

#[tokio::test]
async fn nonsense_is_2_and_nobody_there_is_1() {
    for (code, text) in
        [run([]).await, run(["localhost:8787"]).await, run(["http://127.0.0.1:1", "--level", "9"]).await]
    {
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains("error: ") && text.contains("--help"), "{text}");
    }
    let (code, text) = run(["http://127.0.0.1:1"]).await;
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("no level is reached"), "{text}");
    let (code, text) = run(["--help"]).await;
    assert!(code == Some(0) && text.contains("--level N"), "{text}");
}

#[tokio::test]
async fn the_exit_code_tells_whether_the_level_is_reached_and_a_token_is_not_printed() {
    let [first, second, leaky] = [Habit::HoldsForEver, Habit::HoldsForEver, Habit::EchoesToken]
        .map(|habit| async move { format!("http://{}", fake::start(Fault::habit(habit)).await) });
    let (first, second, leaky) = tokio::join!(first, second, leaky);
    let ((reached, _), (missed, text), (leaks, leaked)) =
        tokio::join!(run([&first, "--level", "2"]), run([&second, "--level", "3"]), run([&leaky]));
    assert_eq!((reached, missed, leaks), (Some(0), Some(1), Some(1)), "{text}");
    assert!(text.contains("level 2 (resume) is reached"), "{text}");
    assert!(leaked.contains("token-secret") && !leaked.contains(TOKEN) && !text.contains(TOKEN), "{leaked}");
}
