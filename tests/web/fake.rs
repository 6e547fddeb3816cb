//! A `fetch` that the test answers by hand.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = r#"
class Call {
    constructor(request) {
        this.request = request;
        this.isAborted = false;
        this.isAnswered = false;
        this.isCancelled = false;
        this.pulls = 0;
        this.promise = new Promise((resolve, reject) => { this.resolve = resolve; this.reject = reject; });
        request.signal.addEventListener("abort", () => {
            this.isAborted = true;
            this.reject(request.signal.reason);
            try { this.stream && this.stream.error(request.signal.reason); } catch (_) {}
        });
    }
    get url() { return this.request.url; }
    get method() { return this.request.method; }
    get settings() {
        const r = this.request;
        return [r.credentials, r.redirect, r.cache, r.referrerPolicy].join(" ");
    }
    header(name) { return this.request.headers.get(name) ?? undefined; }
    answer(status, headers) {
        this.isAnswered = true;
        const body = new ReadableStream({
            start: (controller) => { this.stream = controller; },
            pull: () => { this.pulls += 1; },
            cancel: () => { this.isCancelled = true; },
        }, { highWaterMark: 0 });
        const none = status === 204 || status === 304;
        this.resolve(new Response(none ? null : body, { status, headers: Object.fromEntries(JSON.parse(headers)) }));
    }
    refuse(what) { this.reject(what); }
    push(bytes) { this.stream.enqueue(bytes.slice()); }
    end() { this.stream.close(); }
    cut() { this.stream.error(new TypeError("cut")); }
}
let calls = [];
let real;
export function install() {
    real ??= window.fetch;
    calls = [];
    window.fetch = (request) => {
        const call = new Call(request);
        calls.push(call);
        return call.promise;
    };
}
export function restore() { window.fetch = real; }
export function count() { return calls.length; }
export function nth(at) { return calls.at(at); }
"#)]
extern "C" {
    fn install();
    fn restore();
    fn count() -> usize;
    fn nth(at: i32) -> Option<Call>;

    /// One request that was sent.
    pub(crate) type Call;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn url(this: &Call) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn method(this: &Call) -> String;
    /// Credentials, redirect, cache, referrer policy.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn settings(this: &Call) -> String;
    #[wasm_bindgen(method)]
    pub(crate) fn header(this: &Call, name: &str) -> Option<String>;
    #[wasm_bindgen(method, getter = isAborted)]
    pub(crate) fn is_aborted(this: &Call) -> bool;
    #[wasm_bindgen(method, getter = isAnswered)]
    pub(crate) fn is_answered(this: &Call) -> bool;
    /// Whether the reader gave the body up.
    #[wasm_bindgen(method, getter = isCancelled)]
    pub(crate) fn is_cancelled(this: &Call) -> bool;
    /// How often the reader asked for more.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn pulls(this: &Call) -> u32;
    #[wasm_bindgen(method, js_name = answer)]
    fn answer_with(this: &Call, status: u16, headers: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn refuse(this: &Call, what: &JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn push(this: &Call, bytes: &[u8]);
    #[wasm_bindgen(method)]
    pub(crate) fn end(this: &Call);
    #[wasm_bindgen(method)]
    pub(crate) fn cut(this: &Call);
}

impl Call {
    /// Answers with a head, and a body that is open.
    pub(crate) fn answer(&self, status: u16, headers: &[(&str, &str)]) {
        self.answer_with(status, &serde_json::to_string(headers).unwrap());
    }

    /// Answers with an event stream that is open.
    pub(crate) fn answer_stream(&self) {
        self.answer(200, &[("content-type", "text/event-stream")]);
    }

    /// Answers as a whole.
    pub(crate) fn answer_json(&self, status: u16, body: &str) {
        self.answer(status, &[("content-type", "application/json"), ("etag", "\"1-0\"")]);
        self.push(body.as_bytes());
        self.end();
    }
}

/// Takes the place of `fetch`, until it is dropped.
pub(crate) struct Fake;

impl Fake {
    pub(crate) fn install() -> Self {
        install();
        Fake
    }

    /// How many requests were sent.
    pub(crate) fn count(&self) -> usize {
        count()
    }

    /// The newest.
    pub(crate) fn last(&self) -> Call {
        nth(-1).expect("a request")
    }

    /// The newest whose address ends like that, once there is one.
    pub(crate) fn find(&self, end: &str) -> Option<Call> {
        (0..count()).rev().filter_map(|at| nth(at as i32)).find(|call| call.url().ends_with(end))
    }

    /// The same, waited for.
    pub(crate) async fn sent(&self, end: &str) -> Call {
        crate::until(end, || self.find(end).is_some()).await;
        self.find(end).unwrap()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        restore();
    }
}
