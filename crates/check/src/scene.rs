//! What is done with the server, in order, and what all of it shares. Three generations are made; two of them are
//! cancelled early. Each part judges its own points.

mod actions;
mod agree;
mod begin;
mod closing;
mod cross_origin;
mod held;
mod html;
mod manners;
mod refusals;
mod replay;
mod sample;
mod tags;
mod whole;

use std::sync::Mutex;
use std::time::Duration;

use crate::client::Client;
use crate::options::Options;
use crate::report::Report;
use crate::target::Target;

/// A server, who asks it, and what was found so far.
struct Scene<'a> {
    options: &'a Options,
    client: Client,
    /// What names the user in the session, `name=value`.
    cookie: Option<String>,
    report: Report,
}

impl Scene<'_> {
    /// How long to wait for something that the work does now and then, going by its longest pause.
    fn patience(&self, pause_max: Duration) -> Duration {
        (pause_max * 2 + Duration::from_secs(4)).min(self.options.within)
    }
}

/// Asks for everything.
pub(crate) async fn play(options: &Options, target: Target) -> Report {
    let client =
        Client { target, token: None, request_limit: options.request_limit, notes: Mutex::default() };
    let mut scene = Scene { options, client, cookie: None, report: Report::default() };
    if begin::reach(&mut scene).await && begin::token(&mut scene).await {
        generations(&mut scene).await;
    }
    manners::judge(&mut scene);
    scene.report
}

async fn generations(scene: &mut Scene<'_>) {
    let Some(known) = whole::play(scene).await else { return };
    replay::play(scene, &known).await;
    html::play(scene, &known).await;
    tags::play(scene, &known).await;
    held::after_end(scene, &known).await;
    refusals::play(scene, &known).await;
    cross_origin::play(scene, &known).await;
    closing::play(scene, &known).await;
    actions::play(scene, &known).await;
    held::conclude(scene);
}
