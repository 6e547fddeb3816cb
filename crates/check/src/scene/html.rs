//! The HTML of a state from some byte on, asked of a generation that is over: at a character, inside one, at the end, past
//! it.

use generation_screen::contract::HtmlPart;

use super::Scene;
use super::sample::Sample;
use super::whole::Known;
use crate::client::NoAnswer;
use crate::point::Point;

/// How `N` is said.
#[derive(Clone, Copy)]
enum By {
    Header,
    Query,
}

pub(super) async fn play(scene: &mut Scene<'_>, known: &Known) {
    let all = [Point::HtmlFrom, Point::HtmlFromQuery, Point::HtmlFromCharacter, Point::HtmlFromPastEnd];
    if let Some(why) = scene.report.obstacle(&[Point::StateJson, Point::StateHtml]) {
        return scene.report.skip_all(&all, &why);
    }
    let Some(last) = known.last.as_ref().filter(|last| last.is_ended() && last.state.html.len > 1) else {
        return scene.report.skip_all(&all, "there is no finished HTML");
    };
    let text = &last.state.html.text;
    let Some(middle) = (text.len() / 2..text.len()).find(|at| text.is_char_boundary(*at)) else { return };
    for at in [middle, text.len()] {
        let part = from(scene, known, By::Header, at).await.and_then(|part| is_part(&part, text, at));
        scene.report.judge(Point::HtmlFrom, part);
    }
    let part = from(scene, known, By::Query, middle).await.and_then(|part| is_part(&part, text, middle));
    scene.report.judge(Point::HtmlFromQuery, part);
    // What rests on the header is judged with whichever of the two works.
    let by = match (scene.report.is_broken(Point::HtmlFrom), scene.report.is_broken(Point::HtmlFromQuery)) {
        (false, _) => By::Header,
        (true, false) => By::Query,
        (true, true) => return scene.report.skip_all(&all, "`html-from` has to be kept first"),
    };
    match (1..text.len()).find(|at| !text.is_char_boundary(*at)) {
        Some(inside) => {
            let part = from(scene, known, by, inside).await.and_then(|part| is_part(&part, text, inside - 1));
            scene.report.judge(Point::HtmlFromCharacter, part);
        }
        None => scene.report.skip(Point::HtmlFromCharacter, "the HTML is all ASCII"),
    }
    let part = from(scene, known, by, text.len() + 1000).await.and_then(|part| is_part(&part, text, 0));
    scene.report.judge(Point::HtmlFromPastEnd, part);
}

async fn from(scene: &Scene<'_>, known: &Known, by: By, at: usize) -> Result<HtmlPart, String> {
    let asking = match by {
        By::Header => scene.client.get(&known.path).header("html-from", at.to_string()),
        By::Query => scene.client.get(&format!("{}?html_from={at}", known.path)),
    };
    let answer = asking.send().await.map_err(|NoAnswer(why)| why)?;
    Ok(Sample::of(&answer)?.state.html)
}

fn is_part(part: &HtmlPart, text: &str, at: usize) -> Result<(), String> {
    if (part.from, part.len) != (at as u64, text.len() as u64) {
        return Err(format!("`from` is {}, `len` {}: {at} and {} were due", part.from, part.len, text.len()));
    }
    if part.text != text[at..] {
        return Err(format!("`from` is {at}, and `text` is not what stands from there on"));
    }
    Ok(())
}
