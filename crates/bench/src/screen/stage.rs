//! What every measurement stands on: the browser, the server, and our screen or a peer's page opened on a generation
//! that waits to be let go. Measures nothing.

use std::path::PathBuf;
use std::sync::Arc;

use super::devtools::{Chromium, Failed};
use super::job::Job;
use super::server::Server;
use super::tab::Tab;

/// Holds once the screen has shown all.
pub const ENDED: &str = "document.querySelector('[data-part=screen]').dataset.phase === 'ended'";
/// Holds once all is written into the preview, too.
pub const WRITTEN: &str = "document.querySelector('[data-part=screen]').dataset.phase === 'ended' \
    && document.querySelector('.gs-preview-frame iframe').contentDocument.readyState === 'complete'";
/// Holds once a peer has shown all.
pub const PEER_ENDED: &str = "peer.isOver";

const LIVE: &str = "document.querySelector('[data-part=screen]').dataset.connection === 'live'";
/// Name of the one generation there is.
const ID: &str = "measured";

/// Browser and server.
pub struct Stage {
    chromium: Chromium,
    server: Server,
}

impl Stage {
    /// Starts both.
    ///
    /// # Errors
    /// If one does not start.
    pub fn start(places: &Places) -> Result<Self, Failed> {
        let folders = vec![
            ("/peers/", places.peers.clone()),
            ("/bench/", places.pages.clone()),
            ("/", places.dist.clone()),
        ];
        let server = Server::start(folders)?;
        let chromium = Chromium::start(&places.chromium, &places.profile)?;
        Ok(Stage { chromium, server })
    }

    /// Name and version of the browser.
    ///
    /// # Errors
    /// If it does not say.
    pub fn browser(&mut self) -> Result<String, Failed> {
        let version = self.chromium.call(None, "Browser.getVersion", serde_json::json!({}))?;
        Ok(version["product"].as_str().unwrap_or_default().to_owned())
    }

    /// Opens our screen on a generation; its stream is live, and waits. With the source chosen if so wanted.
    ///
    /// # Errors
    /// If it does not come that far.
    pub fn screen(&mut self, job: Job, is_source: bool) -> Result<(Tab<'_>, Arc<Job>), Failed> {
        let job = self.server.add(ID, job);
        let mut tab = Tab::open(&mut self.chromium, &format!("{}/#/g/{ID}", self.server.origin()))?;
        tab.until(LIVE)?;
        let chosen = if is_source { "tab-source" } else { "tab-preview" };
        tab.ask(&format!("document.querySelector('[data-action={chosen}]').click()"))?;
        tab.settle()?;
        Ok((tab, job))
    }

    /// Opens the page of the peers, beside a generation that waits.
    ///
    /// # Errors
    /// If it does not come that far.
    pub fn peer(&mut self, job: Job) -> Result<(Tab<'_>, Arc<Job>), Failed> {
        let job = self.server.add(ID, job);
        let address = format!("{}/bench/peer.html", self.server.origin());
        let mut tab = Tab::open(&mut self.chromium, &address)?;
        tab.until("globalThis.peer")?;
        Ok((tab, job))
    }

    /// Lets a peer follow the generation; its stream is open, and waits.
    ///
    /// # Errors
    /// If it does not come that far.
    pub fn follow(tab: &mut Tab<'_>, how: &str) -> Result<(), Failed> {
        tab.ask(&format!("void peer.follow('{ID}', '{how}')"))?;
        tab.until("peer.isOpen")?;
        // Two hellos, which the session waits for, have come to it as well.
        tab.ask("new Promise((resolve) => setTimeout(resolve, 800))")?;
        tab.settle()
    }
}

/// Where everything is.
pub struct Places {
    /// The release page.
    pub dist: PathBuf,
    /// What npm has installed.
    pub peers: PathBuf,
    /// The benchmark's own pages.
    pub pages: PathBuf,
    /// The browser.
    pub chromium: PathBuf,
    /// A folder for its profile.
    pub profile: PathBuf,
}
