//! A page that grows is, in the end, the page that the browser's own parser makes of it, however it was cut.

use harness::{Engine, Setup};
use serde_json::json;

use crate::parts::{PLAIN, Parts, on_parts};
use crate::screen::{assert_same_page, on_live};

in_each_engine!(
    a_page_in_pieces_of_any_size_is_the_page_that_the_parser_makes,
    every_cut_of_what_could_break_leaves_the_same_page,
    bytes_cut_anywhere_on_the_network_change_nothing,
    a_new_page_in_the_same_frame_begins_from_nothing,
);

/// With a little of everything that a cut could break.
const PAGE: &str = "<!DOCTYPE html>\r\n<html lang=\"de\" class='a b' dir=ltr><head>\r\n<meta charset=utf-8>\
    <title>Caf\u{e9} &amp; 🗼 &notit; &NotEqualTilde;</title>\n<LINK rel=stylesheet href=/x.css>\n<link\trel='icon'/><noscript><b>no</b></noscript>\
    <style>p { color: rgb(1, 2, 3) } a::after { content: '<link >' }</style><!-- <link x> -- > --></head>\r\n\
    <body onload=\"top.ran = 1\" class=page><h1 id=x ID=y>Eins &lt; &#128508; &#x1F5FC</h1>\r\n<p>Zwei<table>\r<tr><td>x<b>y</table>z</b>\
    <form name=childNodes><input name=attributes><input name=nodeType></form><img name=body><img name=documentElement>\
    <svg viewBox='0 0 1 1'><a xlink:href=\"#\"><circle r=1 /></a><![CDATA[ <x> ]]><foreignObject><p>in</foreignObject><title>t</title></svg>\
    <math><mi>x</mi><annotation-xml encoding=text/html><p>y</annotation-xml></math><pre>\r\n\r\nzwei\r</pre><textarea>\n</p>&amp;</textarea>\
    <template><tr><td>t</template><select><option>1<option>2</select><ruby>a<rt>b</ruby><script>if (a < b && c > d) top.ran = 2 // </p></script>\
    <a href=1>eins<a href=2>zwei</a><b><i>drei</b>vier</i><p>\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} e\u{301} Ende</p></body></html><!-- nach -->\r\n";

const SMALL: &str = "<!DOCTYPE html>\r\n<html lang=de><title>Caf\u{e9} &amp; 🗼</title><LINK rel=icon href=x><style>p { color: rgb(1, 2, 3) }\
    </style><body class=page><p>Zwei<table>\r<tr><td>x<b>y</table>z</b><script>if (a < b) top.ran = 2</script><pre>\r\nx</pre>\
    <p>\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} &notin;</body></html>\r\n";

async fn a_page_in_pieces_of_any_size_is_the_page_that_the_parser_makes(engine: Engine) {
    on_parts(engine, "pieces", PLAIN, "parts=4", async |parts| {
        // One frame of the screen for each piece: of a whole page in single characters nobody would see the end.
        let cuts = [(1, 1, SMALL), (2, 7, PAGE), (3, 97, PAGE), (4, 1_000_000, PAGE)];
        for (n, size, page) in cuts {
            parts.with(&format!("feed({n}, arguments[0], {size})"), vec![json!(page)]).await;
        }
        for (n, _, page) in cuts {
            parts.until_whole(n).await;
            let differs = parts
                .with(&format!("return difference({n}, written(arguments[0]))"), vec![json!(page)])
                .await;
            assert_eq!(differs, json!(null), "part {n}");
            let colour = parts.ask(&format!("return style({n}, 'p').color")).await;
            assert_eq!(colour, "rgb(1, 2, 3)", "part {n}");
            let source = format!("return sourceOf({n}) === arguments[0]");
            assert_eq!(parts.with(&source, vec![json!(page)]).await, json!(true), "the source of part {n}");
        }
        assert_eq!(parts.ask("return window.ran ?? 0").await, 0);
    })
    .await;
}

/// What takes more than one character to say.
const SHORT: &[&str] = &["a\r\nb", "&notin;x", "<b\r\nclass=x>y", "<!-- -->z", "<LINK\nrel=x>", "</b ><p>🗼"];

async fn every_cut_of_what_could_break_leaves_the_same_page(engine: Engine) {
    on_parts(engine, "cuts", PLAIN, "parts", async |parts| {
        for short in SHORT {
            let page = format!("<!doctype html><pre>{short}</pre>");
            parts.assert_cut_everywhere(&page, "<!doctype html><pre>".len()..page.len() - 5).await;
        }
    })
    .await;
}

async fn bytes_cut_anywhere_on_the_network_change_nothing(engine: Engine) {
    let setup = Setup { seconds: 4.0, engine, ..Setup::default() };
    on_live("bytes", setup, "split-anywhere", async |stage| {
        assert_same_page(stage).await;
    })
    .await;
}

async fn a_new_page_in_the_same_frame_begins_from_nothing(engine: Engine) {
    on_parts(engine, "again", PLAIN, "parts", async |parts| {
        parts.push("<!doctype html><html lang=de class=old><style>p { color: rgb(9, 9, 9) }</style><plaintext>old").await;
        parts.until("the old page is there", "return text(1).includes('old')").await;
        parts.ask("again(1)").await;
        let new = "<p>new 🗼</p><script>unclosed";
        parts.show(new).await;
        parts.assert_shows(new).await;
        assert_colour(parts, "rgb(0, 0, 0)").await;
    })
    .await;
}

async fn assert_colour(parts: &Parts<'_>, colour: &str) {
    assert_eq!(parts.ask("return style(1, 'p').color").await, colour);
}
