//! Nothing in a page runs. Each vector is beside it once more, without protection, where it does.

use harness::Engine;
use serde_json::json;

use crate::control::{Vector, until_control_ran};
use crate::parts::{PLAIN, on_parts};

in_each_engine!(no_script_of_a_page_runs, no_script_of_a_page_runs_where_the_page_comes_in_small_pieces);

const fn vector(works: &'static str, html: &'static str) -> Vector {
    Vector { html, works }
}

/// `@RAN@` is a call that says that it ran.
const VECTORS: &[Vector] = &[
    vector("cfw", "<script>@RAN@</script>"),
    vector("cfw", "<SCRIPT/x>@RAN@</SCRIPT >"),
    vector("cfw", "<script type=module>@RAN@</script>"),
    vector("cfw", "<script src=\"data:text/javascript,@RAN@\"></script>"),
    vector("cfw", "<script async src=\"data:text/javascript,@RAN@\"></script>"),
    vector("cfw", "<script defer src=\"data:text/javascript,@RAN@\"></script>"),
    vector("cfw", "<svg><script>@RAN@</script></svg>"),
    vector("cfw", "<svg><script href=\"data:text/javascript,@RAN@\"></script></svg>"),
    vector("cfw", "<svg onload=\"@RAN@\"></svg>"),
    vector("cfw", "<svg><animate onbegin=\"@RAN@\" attributeName=x dur=1s></svg>"),
    vector("cfw", "<svg><set onbegin=\"@RAN@\" attributeName=x to=1></svg>"),
    vector("cfw", "<img src=\"data:,x\" onerror=\"@RAN@\">"),
    vector(
        "cfw",
        "<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==\" onload=\"@RAN@\">",
    ),
    vector("cfw", "<picture><source srcset=\"data:,x\"><img onerror=\"@RAN@\"></picture>"),
    vector("cfw", "<video src=\"data:,x\" onerror=\"@RAN@\"></video>"),
    vector("cfw", "<audio><source src=\"data:,x\" onerror=\"@RAN@\"></audio>"),
    vector("cfw", "<video><source src=\"data:,x\" onerror=\"@RAN@\"></video>"),
    vector("cfw", "<body onload=\"@RAN@\">"),
    vector("cfw", "<body onpageshow=\"@RAN@\">"),
    vector("cfw", "<style onload=\"@RAN@\">p {}</style>"),
    vector("cfw", "<link rel=stylesheet href=\"data:text/css,p{}\" onload=\"@RAN@\">"),
    vector("", "<link rel=stylesheet href=\"data:text/html,x\" onerror=\"@RAN@\">"),
    vector("cfw", "<details open ontoggle=\"@RAN@\">x</details>"),
    vector("", "<input autofocus onfocus=\"@RAN@\">"),
    vector("", "<div tabindex=1 autofocus onfocusin=\"@RAN@\">x</div>"),
    vector(
        "cfw",
        "<style>@keyframes a { to { top: 0 } }</style><p style=\"animation: a 1ms\" onanimationend=\"@RAN@\">x",
    ),
    vector("cfw", "<iframe onload=\"@RAN@\"></iframe>"),
    vector("cfw", "<iframe src=\"javascript:@RAN@\"></iframe>"),
    vector("cfw", "<iframe src=\" java&Tab;script:@RAN@\"></iframe>"),
    vector("cfw", "<iframe srcdoc=\"<script>@RAN@</script>\"></iframe>"),
    vector(
        "cfw",
        "<iframe sandbox=\"allow-scripts allow-same-origin\" srcdoc=\"<script>@RAN@</script>\"></iframe>",
    ),
    vector("", "<object data=\"javascript:@RAN@\"></object>"),
    vector("", "<embed src=\"javascript:@RAN@\">"),
    vector("", "<object data=\"data:text/html,<script>@RAN@</script>\"></object>"),
    vector("", "<meta http-equiv=refresh content=\"0; url=javascript:@RAN@\">"),
    vector("", "<meta http-equiv=refresh content=\"0; url=data:text/html,<script>@RAN@</script>\">"),
    vector("", "<base href=\"javascript:@RAN@//\"><iframe src=\"#\"></iframe>"),
    vector("cfw", "<math><mtext><img src=\"data:,x\" onerror=\"@RAN@\"></mtext></math>"),
    vector("", "<noscript><img src=\"data:,x\" onerror=\"@RAN@\"></noscript>"),
    vector("", "<template><script>@RAN@</script></template>"),
    vector("", "<svg><a xlink:href=\"javascript:@RAN@\"><circle r=9></a></svg>"),
    vector(
        "cfw",
        "<dialog open><form method=dialog><button autofocus onfocus=\"@RAN@\"></form></dialog><img src=\"data:,x\" onerror=\"@RAN@\">",
    ),
    vector("", "<marquee onstart=\"@RAN@\">x</marquee>"),
    vector(
        "cfw",
        "<script type=importmap>{\"imports\":{\"x\":\"data:text/javascript,@RAN@\"}}</script><script type=module>import 'x'</script>",
    ),
    vector(
        "",
        "<object data=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='@RAN@'/>\"></object>",
    ),
    vector("", "<embed src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='@RAN@'/>\">"),
    vector("", "<p style=\"width: expression(@RAN@); behavior: url(javascript:@RAN@)\">x"),
];

/// Where those that run are written down.
const LISTEN: &str = "window.__tested = []; window.__control = new Set(); \
    window.testedRan = (at) => { window.__tested.push(at); }; window.controlRan = (at) => { window.__control.add(at); }";

fn page() -> String {
    let mut page = "<!doctype html><html onclick=\"top.testedRan('click')\"><h1>Vectors</h1>".to_owned();
    for (at, vector) in VECTORS.iter().enumerate() {
        page.push_str(&vector.html.replace("@RAN@", &format!("top.testedRan({at})")));
    }
    page + "<p>end</p>"
}

async fn no_script_of_a_page_runs(engine: Engine) {
    run(engine, "scripts", usize::MAX).await;
}

async fn no_script_of_a_page_runs_where_the_page_comes_in_small_pieces(engine: Engine) {
    run(engine, "scripts-pieces", 40).await;
}

async fn run(engine: Engine, name: &str, size: usize) {
    on_parts(engine, name, PLAIN, "parts", async |parts| {
        let page = page();
        parts.ask(LISTEN).await;
        let size = size.min(page.len());
        parts.with(&format!("feed(1, arguments[0], {size})"), vec![json!(page)]).await;
        parts.until("all of them are there", "return text(1).includes('end')").await;
        until_control_ran(parts, VECTORS).await;
        assert_eq!(parts.ask("return window.__tested").await, json!([]), "these ran");
        parts.until_whole(1).await;
        parts.assert_shows(&page).await;
        assert_eq!(parts.ask("return window.__tested").await, json!([]), "these ran");
    })
    .await;
}
