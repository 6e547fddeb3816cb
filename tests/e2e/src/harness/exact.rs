//! What every test of a whole job asks at its end: that the page on the screen is the server's, byte by byte. It waits
//! for the end, and never makes one.

use crate::page::Truth;
use crate::stage::Stage;

/// A link as people paste it.
pub const EIFFEL_TOWER: &str = "https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2944813,17z";

/// The generation on the screen has ended, complete, and the page that it shows is the server's, byte by byte: in its
/// state, and at the finished page's own address.
pub async fn assert_complete_and_exact(stage: &Stage) {
    let truth = assert_complete_as_stated(stage).await;
    let page = truth.page.as_deref().unwrap_or("there is none");
    assert_same("the server's state and the finished page", &truth.html, page);
}

/// The same, for a server that does not serve finished pages: byte by byte what its state says, which is returned.
pub async fn assert_complete_as_stated(stage: &Stage) -> Truth {
    let page = &stage.page;
    assert_eq!(page.until_ended().await, "complete");
    let shown = page.text("return source()").await;
    let truth = page.truth().await;
    assert_eq!(truth.state["status"], "done");
    assert!(shown.len() > 5_000, "a page of {} bytes is none", shown.len());
    assert_same("the source and the server's state", &shown, &truth.html);
    page.until("the preview shows what the source says", SAME_TEXT).await;
    truth
}

/// What is in the frame, against what the browser's own parser makes of the source.
const SAME_TEXT: &str = "const own = new DOMParser().parseFromString(source(), 'text/html'); \
    return frame() && frame().body.textContent.trim() === own.body.textContent.trim() \
      && frame().querySelectorAll('*').length > 20";

/// The two texts are the same; if not, says where they begin to differ.
pub fn assert_same(what: &str, left: &str, right: &str) {
    if left == right {
        return;
    }
    let at = left.bytes().zip(right.bytes()).position(|(l, r)| l != r).unwrap_or(left.len().min(right.len()));
    let around = |text: &str| {
        String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(40)..(at + 40).min(text.len())])
            .into_owned()
    };
    panic!(
        "{what} differ at byte {at} of {} and {}:\n{:?}\n{:?}",
        left.len(),
        right.len(),
        around(left),
        around(right)
    );
}
