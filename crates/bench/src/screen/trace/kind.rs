//! What the main thread of a page can be busy with, by Chromium's names for the slices of a trace.

/// What the main thread can be busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// JavaScript and WebAssembly.
    Script,
    /// HTML is parsed.
    Parse,
    /// Style is computed.
    Style,
    /// Layout.
    Layout,
    /// All that follows layout.
    Paint,
    /// Garbage is collected.
    Garbage,
    /// Whatever else.
    Other,
}

impl Kind {
    /// What it is called in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Script => "script",
            Kind::Parse => "parse",
            Kind::Style => "style",
            Kind::Layout => "layout",
            Kind::Paint => "paint",
            Kind::Garbage => "garbage",
            Kind::Other => "other",
        }
    }

    /// The kind of a slice of this name, if that says one.
    pub(super) fn of(name: &str) -> Option<Kind> {
        Some(match name {
            "FunctionCall"
            | "v8.callFunction"
            | "EvaluateScript"
            | "BlinkScheduler_PerformMicrotaskCheckpoint" => Kind::Script,
            "ParseHTML" | "ParseAuthorStyleSheet" => Kind::Parse,
            "UpdateLayoutTree" => Kind::Style,
            "Layout" => Kind::Layout,
            "PrePaint" | "Paint" | "Layerize" | "Commit" | "HitTest" => Kind::Paint,
            "IntersectionObserverController::computeIntersections" => Kind::Paint,
            "MinorGC" | "MajorGC" => Kind::Garbage,
            name if name.starts_with("V8.GC") => Kind::Garbage,
            _ => return None,
        })
    }
}
