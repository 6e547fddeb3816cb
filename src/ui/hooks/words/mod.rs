//! A language from a file: fetched when a host asks for it, read into [`Labels`]. Chooses no language.
//!
//! A file is JSON with the entries of [`Labels`] by their names; what it leaves out stays English. What depends on a number
//! is a template or one for each plural category (CLDR's, as `Intl.PluralRules` has them) or number; see `words/de.json`
//! for all of them.

mod read;
mod template;

use std::fmt;

use crate::browser::words::text_of;
use crate::ui::Labels;

/// Longest file that is taken.
const FILE_BYTES_MAX: usize = 64 << 10;

/// Why there are no words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelsError {
    /// The file could not be fetched, or is longer than 64 KiB.
    Unavailable,
    /// It is no JSON object.
    NoJson,
    /// There is no entry of this name, or it is not what it has to be.
    Entry(String),
}

impl fmt::Display for LabelsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LabelsError::Unavailable => f.write_str("the words could not be fetched"),
            LabelsError::NoJson => f.write_str("the words are no JSON object"),
            LabelsError::Entry(name) => {
                write!(f, "the words have an entry `{name}` that is not known, or is not what it has to be")
            }
        }
    }
}

impl std::error::Error for LabelsError {}

impl Labels {
    /// Reads a language's file. What it leaves out stays English. The words live as long as the page: read each language
    /// once.
    ///
    /// Plurals are the browser's (`Intl.PluralRules`); elsewhere, one thing is `one` and all else `other`.
    ///
    /// ```
    /// # use generation_screen::Labels;
    /// let labels = Labels::read(r#"{"lang": "de", "cancel": "Abbrechen", "run": "Versuch {n}"}"#)?;
    /// assert_eq!((labels.cancel, (labels.run)(2), labels.retry), ("Abbrechen", "Versuch 2".into(), "Try again"));
    /// # Ok::<(), generation_screen::LabelsError>(())
    /// ```
    ///
    /// # Errors
    /// If it is no JSON object, or an entry is not known or not what it has to be; the first such entry is named.
    pub fn read(json: &str) -> Result<Labels, LabelsError> {
        read::labels(json)
    }

    /// Fetches a language's file, from the page's own origin or another one that lets it, and reads it. No token is sent, nor
    /// a cookie. Dropping the future gives it up.
    ///
    /// # Errors
    /// As for [`read`](Labels::read), and if the file cannot be had or is longer than 64 KiB.
    pub async fn fetch(url: &str) -> Result<Labels, LabelsError> {
        let text = text_of(url, FILE_BYTES_MAX).await.ok_or(LabelsError::Unavailable)?;
        Labels::read(&text)
    }
}
