//! Reads what the page's address asks for. The address carries a generation's id and nothing else: never a URL.

use generation_screen::contract::{GENERATIONS_PATH, is_generation_id};

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The form.
    Home,
    /// One generation.
    Generation(String),
    /// Nothing that could be shown.
    Nowhere,
}

impl Route {
    /// Reads a fragment, with or without its `#`.
    pub(crate) fn of_fragment(fragment: &str) -> Route {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        match fragment.strip_prefix("/g/") {
            _ if fragment.is_empty() || fragment == "/" => Route::Home,
            Some(id) if is_generation_id(id) => Route::Generation(id.to_owned()),
            _ => Route::Nowhere,
        }
    }

    /// The fragment of a generation.
    pub(crate) fn fragment(id: &str) -> String {
        ["#/g/", id].concat()
    }

    /// Where the server has it.
    pub(crate) fn src(&self) -> Option<String> {
        match self {
            Route::Generation(id) => Some([GENERATIONS_PATH, "/", id].concat()),
            Route::Home | Route::Nowhere => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_that_can_be_one_leads_to_the_server() {
        assert_eq!(Route::of_fragment(""), Route::Home);
        assert_eq!(Route::of_fragment("#/"), Route::Home);
        assert_eq!(Route::of_fragment(&Route::fragment("a-Z_9")), Route::Generation("a-Z_9".to_owned()));
        let long = "x".repeat(65);
        for odd in
            ["#/g/", "#/g/../session", "#/g/a/b", "#/g/%2e%2e", "#/g/a?x", "#/g/<script>", "#x", "#/g/é"]
        {
            assert_eq!(Route::of_fragment(odd), Route::Nowhere, "{odd}");
        }
        assert_eq!(Route::of_fragment(&Route::fragment(&long)), Route::Nowhere);
        assert_eq!(Route::of_fragment("#/g/a").src().as_deref(), Some("/api/generations/a"));
    }
}
