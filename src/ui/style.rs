//! The style sheets as one text, and a component that adds them to a page. Injects nothing unless it is asked to.

use leptos::prelude::*;

/// All style sheets of the screen, in layer order: `@layer tokens, base, components, hidden`. For hosts that serve it as a
/// file of their own, or bundle it.
pub const STYLESHEET: &str = concat!(
    include_str!("../../style/tokens.css"),
    include_str!("../../style/base.css"),
    include_str!("../../style/screen.css"),
    include_str!("../../style/progress.css"),
    include_str!("../../style/steps.css"),
    include_str!("../../style/card.css"),
    include_str!("../../style/connection.css"),
    include_str!("../../style/outcome.css"),
    include_str!("../../style/actions.css"),
    include_str!("../../style/page.css"),
    include_str!("../../style/preview.css"),
    include_str!("../../style/source.css"),
);

/// Adds [`STYLESHEET`] to the page, where it stands.
#[component]
pub fn GenerationStyles(
    /// The nonce that the host's policy asks for. Left out, there is none.
    #[prop(optional, into)]
    nonce: Option<String>,
) -> impl IntoView {
    view! { <style nonce=nonce>{STYLESHEET}</style> }
}

#[cfg(test)]
mod tests {
    use super::STYLESHEET;

    #[test]
    fn the_style_sheet_is_the_files_of_order_txt_in_their_order() {
        let style = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("style");
        let order = std::fs::read_to_string(style.join("order.txt")).unwrap();
        let read = |name: &str| std::fs::read_to_string(style.join(name)).unwrap();
        assert_eq!(order.lines().map(read).collect::<String>(), STYLESHEET);
    }

    #[test]
    fn index_html_has_the_same_files_in_the_same_order() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let order = std::fs::read_to_string(root.join("style/order.txt")).unwrap();
        let html = std::fs::read_to_string(root.join("index.html")).unwrap();
        let linked = html.lines().filter_map(|line| line.split("href=\"style/").nth(1)?.split('"').next());
        assert_eq!(linked.collect::<Vec<_>>(), order.lines().chain(["demo.css"]).collect::<Vec<_>>());
    }
}
