//! Entity tags: there is one, it changes when the state does and only then, and it spares what is known.

use std::collections::HashMap;

use super::Scene;
use super::whole::Known;
use crate::client::NoAnswer;
use crate::point::Point;

/// A tag that no state has.
pub(super) const OTHER_TAG: &str = "\"contract-check\"";

pub(super) async fn play(scene: &mut Scene<'_>, known: &Known) {
    let all = [Point::Etag, Point::EtagChanges, Point::NotModified, Point::EtagForm];
    let Some(last) = known.last.as_ref().filter(|last| last.is_ended()) else {
        return scene.report.skip_all(&all, "the state could not be read at the end");
    };
    let Some(tag) = last.tag.as_deref() else {
        scene.report.fail(Point::Etag, "there is none");
        return scene.report.skip_all(&all, "`etag` has to be kept first");
    };
    let opaque = tag.strip_prefix("W/").unwrap_or(tag);
    let is_quoted = opaque.len() > 2 && opaque.starts_with('"') && opaque.ends_with('"');
    scene.report.expect(Point::Etag, is_quoted, || format!("it is not in double quotes: {tag}"));
    let form = format!("\"{}-{}\"", last.state.run, last.state.seq);
    scene.report.expect(Point::EtagForm, tag == form, || format!("{tag}, where {form} was due"));
    scene.report.judge(Point::EtagChanges, changes(known));
    let read = not_modified(scene, known, tag).await;
    scene.report.judge(Point::NotModified, read);
}

fn changes(known: &Known) -> Result<(), String> {
    let (mut by_seq, mut by_tag) = (HashMap::new(), HashMap::new());
    for sample in known.samples.iter().chain(&known.last) {
        let at = (sample.state.run, sample.state.seq);
        let Some(tag) = sample.tag.as_deref() else {
            return Err(format!("the state at seq {} has none", at.1));
        };
        let before = *by_seq.entry(at).or_insert(tag);
        if before != tag {
            return Err(format!("the state at seq {} had {before}, and then {tag}", at.1));
        }
        let earlier = *by_tag.entry(tag).or_insert(at);
        if earlier != at {
            return Err(format!("{tag} is the tag at seq {} and at seq {}", earlier.1, at.1));
        }
    }
    Ok(())
}

async fn not_modified(scene: &Scene<'_>, known: &Known, tag: &str) -> Result<(), String> {
    for (tag, due) in [(tag, 304), (OTHER_TAG, 200)] {
        let asking = scene.client.get(&known.path).header("if-none-match", tag);
        let answer = asking.send().await.map_err(|NoAnswer(why)| why)?;
        if answer.status != due {
            return Err(format!("If-None-Match: {tag} is answered with status {}, not {due}", answer.status));
        }
    }
    Ok(())
}
