//! The board: another screen from the same hook tells the same truth.

use harness::{Setup, on_stage};
use serde_json::json;

const PHASE: &str = "document.querySelector('.board').dataset.phase";

#[tokio::test]
async fn the_board_tells_a_whole_job_from_its_steps_to_its_end() {
    on_stage("own-look-whole", Setup::taking(3.0), async |stage| {
        let page = &stage.page;
        page.open_at("").await;
        page.until("it is there", &format!("return {PHASE} === 'idle'")).await;
        page.click("Depart to the Eiffel Tower").await;
        page.until(
            "it is live, and a step runs",
            "return document.querySelector('caption').textContent.startsWith('Live')
               && !!document.querySelector('tr[data-state=boarding]')",
        )
        .await;
        page.until("it has arrived", &format!("return {PHASE} === 'arrived'")).await;
        let told = page
            .ask(
                "return { place: document.querySelector('h1').textContent,
                   rows: [...document.querySelectorAll('tbody tr')].map((row) => row.dataset.state),
                   clock: /^[0-9]+:[0-9]{2} 100%$/.test(document.querySelector('.board-clock').textContent),
                   frames: document.querySelectorAll('.board-page iframe').length,
                   said: document.querySelector('.board-said').textContent }",
            )
            .await;
        let departed = json!(["departed", "departed", "departed"]);
        assert_eq!(
            told,
            json!({ "place": "Eiffel Tower", "rows": departed, "clock": true, "frames": 1, "said": "" })
        );
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_job_says_so_and_another_can_be_begun() {
    on_stage("own-look-cancelled", Setup::taking(9.0), async |stage| {
        let page = &stage.page;
        page.open_at("").await;
        page.click("Depart to the Eiffel Tower").await;
        page.until("it runs", "return !!document.querySelector('tr[data-state=boarding]')").await;
        page.click("Cancel").await;
        page.until(
            "it says so",
            "return document.querySelector('.board-said').textContent.startsWith('Cancelled.')",
        )
        .await;
        // The newest counts: a start that is refused is not hidden behind the last end.
        page.ask("window.kept = fetch; window.fetch = async () => new Response('{}', { status: 503 })").await;
        page.click("Depart to the Eiffel Tower").await;
        page.until(
            "it is refused",
            "return document.querySelector('.board-said').textContent.includes('server')",
        )
        .await;
        page.ask("window.fetch = kept").await;
        page.click("Depart to the Eiffel Tower").await;
        page.until("another runs", &format!("return {PHASE} === 'under-way'")).await;
    })
    .await;
}
