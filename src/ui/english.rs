//! The English words. Plain: what happened, whose fault it is, what is kept, what to do.

use super::labels::{Labels, Said};
use crate::engine::{PreviewOff, Why};

/// The words that [`Labels::default`] gives.
pub(crate) const LABELS: Labels = Labels {
    lang: "",
    dir: "",
    screen: "Generation",
    connecting: "Connecting",
    queued: "Waiting for its turn",
    running: "At work",
    finishing: "Putting the last pieces in place",
    idle: "Nothing to show yet",

    elapsed_name: "Time at work",
    elapsed: &clock,
    progress: "Progress",
    progress_reached: &|percent| format!("{percent} percent done"),

    steps: "Steps",
    step: &|_| None,
    step_states: ["not begun", "running", "done", "stopped here"],
    step_began: &|word, number, of| format!("Step {number} of {of}: {word}"),
    steps_unknown: "The steps are shown as soon as the server names them.",
    details: "Steps and place",
    card: "The place",
    card_empty: "What is known of the place is shown here first.",

    opening: "Connecting",
    live: "Live",
    live_means: "Every piece is shown as it is written.",
    reconnecting: &|seconds| match seconds {
        0 => "Reconnecting now".to_owned(),
        n => format!("Reconnecting in {n} s"),
    },
    polling: "Checking every few seconds",
    offline: "Offline",
    offline_means: "This device has no network. The work goes on at the server; this screen catches up when it is back.",
    signed_out: "Signed out",
    why: &why,

    stalled: "Connected, but the server has had no news for a minute. It may be busy; nothing is lost.",
    resumed: "You came back in the middle: what was written before is here, too.",
    cancelling: "Cancelling: waiting for the server to stop.",
    unconfirmed: "The page is whole, but the server could not be asked a last time.",
    run: &|run| format!("This is try number {run}."),

    complete: Said {
        title: "The page is ready",
        text: "Everything has arrived, and it is exactly what the server wrote.",
    },
    incomplete: Said {
        title: "The page is finished, but not all of it arrived",
        text: "The server has the whole page; the connection did not bring all of it. Reload to read it again.",
    },
    failed_retryable: Said {
        title: "The server could not finish the page",
        text: "That is not your fault. Trying again may help.",
    },
    failed: Said {
        title: "The server could not make this page",
        text: "Trying the same again will not help: start with another address.",
    },
    cancelled: Said {
        title: "Cancelled",
        text: "The work was stopped because somebody asked for it. You can try again.",
    },
    not_found: Said {
        title: "Not found, or not yours",
        text: "There is no such page, or it belongs to somebody else. Only who started it can see it being written: check the address, or start another.",
    },
    gone: Said {
        title: "No longer there",
        text: "The server has removed it, as it does after some time. Start another.",
    },
    forbidden: Said {
        title: "Not allowed",
        text: "The server does not let you see this. If you think it should, sign in with another account.",
    },
    too_large: Said {
        title: "Too large to show",
        text: "The page has grown beyond what this screen takes. The server may still finish it.",
    },
    src_foreign: Said {
        title: "Refused: a foreign address",
        text: "The address lies on another server than the one you are signed in to. Nothing was sent there.",
    },
    src_invalid: Said {
        title: "Not found, or not yours",
        text: "The address names nothing that could be shown. Nothing was sent. Check it, or start another.",
    },
    signed_out_said: Said {
        title: "You are signed out",
        text: "The server no longer accepts this session. What has arrived is kept, and the work goes on: sign in again to see the rest.",
    },
    retry_failed: &|status| match status {
        0 => "The server did not answer. Nothing was started; try again.".to_owned(),
        n => format!("The server refused to try again (status {n}). Nothing was started."),
    },
    cancel_failed: &|status| match status {
        0 => "The server did not answer, so it may still be at work. Try again.".to_owned(),
        n => format!("The server refused to cancel (status {n}). It goes on."),
    },
    kept: &|size| format!("The {size} that arrived are kept: look at them, copy or download them."),
    server_says: "The server says:",

    cancel: "Cancel",
    notify: "Tell me when it is ready",
    retry: "Try again",
    retrying: "Starting again…",
    sign_in: "Sign in again",
    open: "Open the finished page",
    open_note: "Whoever has its link can read it.",

    page: "The page",
    preview: "Preview",
    source: "Source",
    pause: "Pause",
    size: &size,

    preview_frame: "Preview of the page",
    preview_keys: "Arrow keys, Page Up, Page Down, Home and End scroll the preview.",
    preview_empty: "The page appears here as it is written.",
    preview_none: "There is no page to show.",
    preview_off: &|off| match off {
        PreviewOff::TooLong => {
            "The preview stops here: the page is longer than it shows. The source is whole."
        }
        PreviewOff::Refused => "This site’s policy does not allow the preview. The source is whole.",
    },
    preview_partial: "The page stopped here, before it was whole.",
    widths: "Width of the preview",
    width_names: ["Fit", "Phone", "Tablet", "Desktop"],
    preview_note: "Links and scripts are off in the preview.",
    follow: "Follow the end",
    outline: &|headings| format!("Headings ({headings})"),

    source_text: "Source of the page",
    copy: "Copy",
    copied: "Copied.",
    copy_failed: "The browser did not allow it. Use Download instead.",
    download: "Download",
    download_failed: "The browser did not allow it. Use Copy instead.",
    wrap: "Wrap lines",
};

fn why(why: Why) -> &'static str {
    match why {
        Why::Unproven => "The live connection has yet to prove that nothing holds it back.",
        Why::Mute => "The live connection was opened, but nothing came through.",
        Why::Idle => "The live connection went silent.",
        Why::Behind => "Something on the way holds the live pieces back.",
        Why::Closed => "The live connection was closed before the end.",
        Why::Broken => "The live connection was cut.",
        Why::Malformed => "Something arrived damaged; it was read again.",
        Why::Limit => "Something too large arrived; it was read again.",
        Why::Trouble => "The server is busy or in trouble.",
        Why::WrongType => "Something on the way answers in the server’s place.",
        Why::NotOffered => "There is no live connection here; nothing is lost without it.",
        Why::Token => "Your session is being renewed.",
        Why::Crowded => "Other screens of this site use the live connections.",
    }
}

fn clock(seconds: u64) -> String {
    let (minutes, s) = (seconds / 60, seconds % 60);
    match minutes / 60 {
        0 => format!("{minutes}:{s:02}"),
        hours => format!("{hours}:{:02}:{s:02}", minutes % 60),
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_a_clock() {
        assert_eq!([0, 59, 60, 3599, 3661].map(clock), ["0:00", "0:59", "1:00", "59:59", "1:01:01"]);
    }

    #[test]
    fn sizes_never_round_up() {
        assert_eq!(
            [0, 999, 1000, 999_999, 1_950_000].map(size),
            ["0 bytes", "999 bytes", "1 kB", "999 kB", "1.9 MB"]
        );
    }
}
