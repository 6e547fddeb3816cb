//! Every word that the reader sees, in one place: English here, a host's own instead. Decides nothing.

use crate::engine::{PreviewOff, Why};

/// What is said about an end or a trouble: what happened; and whose fault it is, what is kept, what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// What happened, in a few words.
    pub title: &'static str,
    /// The rest, in a sentence or two.
    pub text: &'static str,
}

/// An entry with one number in it.
pub type Say<N> = &'static (dyn Fn(N) -> String + Send + Sync);

/// The words of the screen. `Labels::default()` is English.
///
/// Entries with a number in them are functions, so that a language can put the number where it belongs and choose the
/// right plural. Whole languages come as files: see [`Labels::read`]. Texts that are loaded at run time live as long as
/// the page: leak them once (`String::leak`).
///
/// ```
/// # use generation_screen::ui::Labels;
/// let labels = Labels { cancel: "Abbrechen", run: &|run| format!("Versuch {run}"), ..Labels::default() };
/// assert_eq!(((labels.run)(2), (labels.elapsed)(83)), ("Versuch 2".to_owned(), "1:23".to_owned()));
/// ```
#[derive(Clone, Copy)]
pub struct Labels {
    /// The language, as HTML's `lang` names it; empty: the host page's own.
    pub lang: &'static str,
    /// The direction in which it is written, as HTML's `dir` names it; empty: the host page's own.
    pub dir: &'static str,
    /// Name of the whole region.
    pub screen: &'static str,
    /// Heading before anything is known.
    pub connecting: &'static str,
    /// Heading while the server has not begun.
    pub queued: &'static str,
    /// Heading while the server works and names no step.
    pub running: &'static str,
    /// Heading while the last state is read.
    pub finishing: &'static str,
    /// Heading while nothing is shown.
    pub idle: &'static str,

    /// Name of the elapsed time, for screen readers.
    pub elapsed_name: &'static str,
    /// A number of seconds, as a clock shows it.
    pub elapsed: Say<u64>,
    /// Name of the progress bar.
    pub progress: &'static str,
    /// Progress in percent, as it is announced.
    pub progress_reached: Say<u64>,

    /// Name of the list of steps.
    pub steps: &'static str,
    /// The host's word for a step, by its name; `None`: the server's word, or else the name.
    pub step: &'static (dyn Fn(&str) -> Option<&'static str> + Send + Sync),
    /// A step's state, for screen readers: not begun, running, done, failed.
    pub step_states: [&'static str; 4],
    /// A step that began, as it is announced: its word, its number, how many there are.
    pub step_began: &'static (dyn Fn(&str, usize, usize) -> String + Send + Sync),
    /// Before steps are known.
    pub steps_unknown: &'static str,
    /// The button that unfolds steps and card on a narrow screen.
    pub details: &'static str,
    /// Name of the card.
    pub card: &'static str,
    /// The card before it comes.
    pub card_empty: &'static str,

    /// Connection: the first attempt.
    pub opening: &'static str,
    /// Connection: events arrive as they happen.
    pub live: &'static str,
    /// What that means.
    pub live_means: &'static str,
    /// Connection: the next attempt is in so many seconds; 0: now.
    pub reconnecting: Say<u64>,
    /// Connection: the state is read again and again.
    pub polling: &'static str,
    /// Connection: no network.
    pub offline: &'static str,
    /// What that means.
    pub offline_means: &'static str,
    /// Connection: signed out.
    pub signed_out: &'static str,
    /// Why the stream does not serve.
    pub why: &'static (dyn Fn(Why) -> &'static str + Send + Sync),

    /// Remark: connected, but no news for a while.
    pub stalled: &'static str,
    /// Remark: the screen began in the middle.
    pub resumed: &'static str,
    /// Remark: a cancel is under way.
    pub cancelling: &'static str,
    /// Remark: the end could not be confirmed.
    pub unconfirmed: &'static str,
    /// Remark: this is not the first run.
    pub run: Say<u64>,

    /// The page is whole.
    pub complete: Said,
    /// The server is done, but the page could not be had whole.
    pub incomplete: Said,
    /// The server failed; another run may help.
    pub failed_retryable: Said,
    /// The server failed for good.
    pub failed: Said,
    /// Somebody cancelled it.
    pub cancelled: Said,
    /// No such generation, or somebody else's.
    pub not_found: Said,
    /// It was there once.
    pub gone: Said,
    /// Not for this user.
    pub forbidden: Said,
    /// The page is too large.
    pub too_large: Said,
    /// The address lies on another origin.
    pub src_foreign: Said,
    /// The address names no generation.
    pub src_invalid: Said,
    /// The token was refused, and there is no new one.
    pub signed_out_said: Said,
    /// A retry was refused (with this status) or not answered (0).
    pub retry_failed: Say<u16>,
    /// A cancel was refused (with this status) or not answered (0).
    pub cancel_failed: Say<u16>,
    /// What is kept of a page that is not whole; its size, as [`size`](Labels::size) says it.
    pub kept: &'static (dyn Fn(&str) -> String + Send + Sync),
    /// Before the server's own words for a failure.
    pub server_says: &'static str,

    /// Button.
    pub cancel: &'static str,
    /// Button: a notification tells the end.
    pub notify: &'static str,
    /// Button.
    pub retry: &'static str,
    /// The same, while the retry is being sent.
    pub retrying: &'static str,
    /// Button.
    pub sign_in: &'static str,
    /// Link to the finished page.
    pub open: &'static str,
    /// Beside it.
    pub open_note: &'static str,

    /// Name of the pane that shows the page.
    pub page: &'static str,
    /// Tab.
    pub preview: &'static str,
    /// Tab.
    pub source: &'static str,
    /// Button: preview and source rest, and what comes meanwhile is shown later.
    pub pause: &'static str,
    /// A number of bytes.
    pub size: Say<u64>,

    /// The frame's name.
    pub preview_frame: &'static str,
    /// How to use the frame, for screen readers.
    pub preview_keys: &'static str,
    /// Before the page begins.
    pub preview_empty: &'static str,
    /// The page ended before it began.
    pub preview_none: &'static str,
    /// Why there is no preview.
    pub preview_off: &'static (dyn Fn(PreviewOff) -> &'static str + Send + Sync),
    /// The page ended before it was whole.
    pub preview_partial: &'static str,
    /// Name of the group of buttons that choose the preview's width.
    pub widths: &'static str,
    /// The buttons: as wide as there is room, phone, tablet, desktop.
    pub width_names: [&'static str; 4],
    /// What the preview leaves out.
    pub preview_note: &'static str,
    /// Button that goes back to following the end.
    pub follow: &'static str,
    /// The headings of the page; how many there are.
    pub outline: Say<u64>,

    /// The source's name.
    pub source_text: &'static str,
    /// Button.
    pub copy: &'static str,
    /// It was copied.
    pub copied: &'static str,
    /// It could not be copied.
    pub copy_failed: &'static str,
    /// Button.
    pub download: &'static str,
    /// It could not be saved.
    pub download_failed: &'static str,
    /// Button: long lines are wrapped.
    pub wrap: &'static str,
}

impl std::fmt::Debug for Labels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Labels({:?}, {:?}, …)", self.lang, self.screen)
    }
}

impl Default for Labels {
    fn default() -> Self {
        super::english::LABELS
    }
}
