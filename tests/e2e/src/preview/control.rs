//! The same page in a frame without protection, beside the one that is tested: what it does there could have happened
//! here, and has had the time to. Knows no vector.

use harness::{Engine, Sink};
use serde_json::{Value, json};

use crate::parts::Parts;

/// A way to get something done, and the engines in which it works when nobody prevents it.
pub(crate) struct Vector {
    /// The markup, with `@URL@` for an address of its own, or `@RAN@` for a call that says that it ran.
    pub(crate) html: &'static str,
    /// `cfw`: Chromium, Firefox, WebKit. Those left out are tested all the same.
    pub(crate) works: &'static str,
}

impl Vector {
    pub(crate) fn works_in(&self, engine: Engine) -> bool {
        self.works.contains(&engine.name()[..1])
    }
}

/// For each of the vectors a place where it must not get to, and another where it may.
pub(crate) struct Sinks(Vec<(Sink, Sink)>);

impl Sinks {
    pub(crate) async fn listen(count: usize) -> Sinks {
        let mut sinks = Vec::new();
        for _ in 0..count {
            sinks.push((Sink::listen().await, Sink::listen().await));
        }
        Sinks(sinks)
    }

    /// Each vector, with its own address for the tested page, or for the control.
    pub(crate) fn fill(&self, vectors: &[Vector], is_control: bool) -> Vec<String> {
        let pairs = vectors.iter().zip(&self.0);
        let fill = pairs.map(|(vector, (tested, control))| {
            let sink = if is_control { control } else { tested };
            vector.html.replace("@URL@", sink.origin())
        });
        fill.collect()
    }

    /// Shows the vectors without protection, each in a frame of its own, waits until each that works in this engine has
    /// got through, and then none may have been anywhere from the tested page.
    pub(crate) async fn assert_none_but_the_control(&self, parts: &Parts<'_>, vectors: &[Vector]) {
        let engine = parts.page.engine();
        for html in self.fill(vectors, true) {
            let html = format!("<!doctype html><meta charset=utf-8>{html}");
            parts.with("control(arguments[0])", vec![json!(html)]).await;
        }
        for (vector, (_, control)) in vectors.iter().zip(&self.0) {
            if vector.works_in(engine) {
                let what = format!("{} gets through without protection", vector.html);
                parts.page.until_true(&what, || control.connections() > 0).await;
            }
        }
        self.print(engine, vectors);
        for (vector, (tested, _)) in vectors.iter().zip(&self.0) {
            assert_eq!(tested.connections(), 0, "{} has opened a connection", vector.html);
        }
    }

    /// What works where nobody prevents it is worth knowing: engines change.
    fn print(&self, engine: Engine, vectors: &[Vector]) {
        for (vector, (_, control)) in vectors.iter().zip(&self.0) {
            if (control.connections() > 0) != vector.works_in(engine) {
                println!(
                    "{}: {} connections, unprotected: {}",
                    engine.name(),
                    control.connections(),
                    vector.html
                );
            }
        }
    }
}

/// Shows the vectors without protection, each in a frame of its own, and waits until each that works in this engine
/// has run.
pub(crate) async fn until_control_ran(parts: &Parts<'_>, vectors: &[Vector]) {
    let engine = parts.page.engine();
    for (at, vector) in vectors.iter().enumerate() {
        let html =
            format!("<!doctype html>{}", vector.html.replace("@RAN@", &format!("top.controlRan({at})")));
        parts.with("control(arguments[0])", vec![json!(html)]).await;
    }
    let expected: Vec<usize> =
        vectors.iter().enumerate().filter(|(_, vector)| vector.works_in(engine)).map(|(at, _)| at).collect();
    let all = format!("return {}.every((at) => window.__control.has(at))", json!(expected));
    let waited = parts.page.try_until(&all).await.is_some();
    let ran = parts.ask("return [...window.__control]").await;
    let ran: Vec<usize> =
        ran.as_array().into_iter().flatten().filter_map(Value::as_u64).map(|at| at as usize).collect();
    for (at, vector) in vectors.iter().enumerate() {
        if ran.contains(&at) != vector.works_in(engine) {
            println!("{}: ran, unprotected: {}: {}", engine.name(), ran.contains(&at), vector.html);
        }
    }
    assert!(waited, "some that are known to run did not, unprotected");
}
