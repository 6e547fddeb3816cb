//! Where a generation lives, checked before anything is sent: a token goes only to the origin that the host named.

use web_sys::Url;

use crate::contract::is_generation_id;

/// Why an address is not one that a token may be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetError {
    /// It is no address, or it lies on another origin.
    Foreign,
    /// It is not the exact address of something with a generation's id.
    NotAGeneration,
}

/// The address of one generation, on the API's origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(String);

impl Target {
    /// Checks `src`, an absolute path such as `/api/generations/q7Zp` or a whole URL, against the API's origin;
    /// `None`: the page's own.
    ///
    /// The address has to be written as it will be requested: no `..`, no query, no escapes, nothing that a URL parser
    /// would read differently.
    ///
    /// # Errors
    /// Says what is wrong with it. Then nothing may be sent.
    pub fn resolve(src: &str, origin: Option<&str>) -> Result<Target, TargetError> {
        let page = || web_sys::window().and_then(|window| window.location().origin().ok());
        let origin = origin.map(str::to_owned).or_else(page).ok_or(TargetError::Foreign)?;
        let origin = Url::new(&origin).map_err(|_| TargetError::Foreign)?.origin();
        let url = Url::new_with_base(src, &origin).map_err(|_| TargetError::Foreign)?;
        if url.origin() != origin {
            return Err(TargetError::Foreign);
        }
        let href = url.href();
        let path = src.strip_prefix(&origin).unwrap_or(src);
        let is_exact = href.strip_prefix(&origin) == Some(path);
        let last = href.bytes().rposition(|byte| byte == b'/').map_or(0, |at| at + 1);
        if is_exact && is_generation_id(&href[last..]) {
            Ok(Target(href))
        } else {
            Err(TargetError::NotAGeneration)
        }
    }

    /// Address of the state.
    pub(crate) fn state(&self) -> &str {
        &self.0
    }

    /// The API's origin.
    pub(super) fn origin(&self) -> &str {
        let after_scheme = self.0.find("://").map_or(0, |at| at + 3);
        let end = self.0[after_scheme..].find('/').map_or(self.0.len(), |at| after_scheme + at);
        &self.0[..end]
    }

    /// Address of what is below it: `events`, `cancel`, `retry`.
    pub(crate) fn below(&self, name: &str) -> String {
        [&self.0, "/", name].concat()
    }
}
