//! One page in a renderer of its own, as it is measured: opened, asked, clicked, traced, weighed. Judges nothing.

use std::time::Duration;

use serde_json::{Value, json};

use super::devtools::{Chromium, Failed};

/// Writes down what only a page itself can see.
const PROBE: &str = include_str!("../../page/screen/probe.js");

/// What a trace has to tell: tasks, what ran in them, and our own marks.
const CATEGORIES: &str =
    "devtools.timeline,disabled-by-default-devtools.timeline,toplevel,v8,blink.user_timing";

/// An open page.
pub struct Tab<'a> {
    chromium: &'a mut Chromium,
    context: String,
    session: String,
}

/// What is waited for at the end.
#[derive(Clone, Copy, Debug)]
pub struct End(u64);

/// What a page holds after its garbage was collected, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Heap {
    /// JavaScript's objects.
    pub js: f64,
    /// Objects of the page itself: elements, text nodes.
    pub page_objects: f64,
    /// WebAssembly's linear memory.
    pub wasm: f64,
    /// All that the page's process has for itself, the browser's own code and caches in it too; 0 where the system does
    /// not tell.
    pub process: f64,
}

impl<'a> Tab<'a> {
    /// Opens an address in a profile and a process of its own.
    ///
    /// # Errors
    /// If the browser does not.
    pub fn open(chromium: &'a mut Chromium, address: &str) -> Result<Self, Failed> {
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("the browser left something out");
        let context = chromium.call(None, "Target.createBrowserContext", json!({}))?;
        let context = text(&context["browserContextId"])?;
        let target = json!({ "url": "about:blank", "browserContextId": context });
        let target = chromium.call(None, "Target.createTarget", target)?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = text(&chromium.call(None, "Target.attachToTarget", attach)?["sessionId"])?;
        let mut tab = Tab { chromium, context, session };
        tab.call("Page.enable", json!({}))?;
        tab.call("Performance.enable", json!({ "timeDomain": "threadTicks" }))?;
        tab.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": PROBE }))?;
        tab.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }))?;
        tab.call("Page.navigate", json!({ "url": address }))?;
        Ok(tab)
    }

    /// Sends a command of the DevTools protocol.
    ///
    /// # Errors
    /// What the browser says.
    pub fn call(&mut self, method: &str, params: Value) -> Result<Value, Failed> {
        self.chromium.call(Some(&self.session), method, params)
    }

    /// The value of an expression, once it is there, if it is a promise.
    ///
    /// # Errors
    /// What the page throws.
    pub fn ask(&mut self, expression: &str) -> Result<Value, Failed> {
        let params = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", params)?;
        match answer.get("exceptionDetails") {
            Some(thrown) => Err(format!("{expression}: {thrown}").into()),
            None => Ok(answer["result"]["value"].clone()),
        }
    }

    /// Waits until an expression holds.
    ///
    /// # Errors
    /// If that takes longer than half a minute.
    pub fn until(&mut self, condition: &str) -> Result<(), Failed> {
        let wait = format!(
            "new Promise((resolve, reject) => {{
                 const look = setInterval(() => {{ try {{ if ({condition}) {{ clearInterval(look); resolve() }} }} catch {{}} }}, 20);
                 setTimeout(() => reject(new Error('waited in vain')), 30000);
             }})"
        );
        self.ask(&wait).map(drop).map_err(|_| format!("waited in vain for {condition}").into())
    }

    /// Lets the page come to rest: nothing of what went before counts to what comes.
    ///
    /// # Errors
    /// What the browser says.
    pub fn settle(&mut self) -> Result<(), Failed> {
        self.call("HeapProfiler.collectGarbage", json!({}))?;
        let frames = "new Promise((rest) => { let left = 20; \
            requestAnimationFrame(function frame() { left-- ? requestAnimationFrame(frame) : rest() }) })";
        self.ask(frames).map(drop)
    }

    /// Begins to measure; gives what [`Tab::has_ended`] asks for, once `over` holds.
    ///
    /// # Errors
    /// What the page throws.
    pub fn begin(&mut self, over: &str) -> Result<End, Failed> {
        self.ask(&format!("void (bench.told = bench.begin(() => {over}))"))?;
        let told = json!({ "expression": "bench.told", "awaitPromise": true });
        self.send("Runtime.evaluate", told).map(End)
    }

    /// Whether what is measured ends within so long.
    ///
    /// # Errors
    /// What the browser says.
    pub fn has_ended(&mut self, end: End, within: Duration) -> Result<bool, Failed> {
        Ok(self.chromium.answer(end.0, within)?.is_some())
    }

    /// Sends a command whose answer nobody waits for.
    ///
    /// # Errors
    /// If the browser is gone.
    pub fn send(&mut self, method: &str, params: Value) -> Result<u64, Failed> {
        self.chromium.send(Some(&self.session), method, params)
    }

    /// How long the main thread has been at work so far, in milliseconds of processor time: what other programs of this
    /// machine take does not count.
    ///
    /// # Errors
    /// If the browser does not say.
    pub fn work_ms(&mut self) -> Result<f64, Failed> {
        let answer = self.call("Performance.getMetrics", json!({}))?;
        let metrics = answer["metrics"].as_array().map(Vec::as_slice).unwrap_or_default();
        let task = metrics.iter().find(|metric| metric["name"] == "TaskDuration");
        let seconds = task.and_then(|metric| metric["value"].as_f64());
        Ok(seconds.ok_or("the browser does not tell TaskDuration")? * 1000.0)
    }

    /// What is held once all garbage is gone.
    ///
    /// # Errors
    /// If the browser does not say.
    pub fn heap(&mut self) -> Result<Heap, Failed> {
        // What one collection lets go of, another may have to collect.
        for _ in 0..3 {
            self.call("HeapProfiler.collectGarbage", json!({}))?;
        }
        let usage = self.call("Runtime.getHeapUsage", json!({}))?;
        let bytes = |name: &str| usage[name].as_f64().unwrap_or_default();
        let wasm = self.ask("bench.wasmBytes()")?.as_f64().unwrap_or_default();
        let process = self.process_bytes()?.unwrap_or_default();
        Ok(Heap { js: bytes("usedSize"), page_objects: bytes("embedderHeapUsedSize"), wasm, process })
    }

    /// The anonymous memory of the newest renderer, by the system's word (Linux).
    fn process_bytes(&mut self) -> Result<Option<f64>, Failed> {
        let answer = self.chromium.call(None, "SystemInfo.getProcessInfo", json!({}))?;
        let processes = answer["processInfo"].as_array().cloned().unwrap_or_default();
        let renderers = processes.iter().filter(|process| process["type"] == "renderer");
        let Some(id) = renderers.filter_map(|process| process["id"].as_u64()).max() else { return Ok(None) };
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        Ok(kib.map(|kib| kib * 1024.0))
    }

    /// Begins to write a trace.
    ///
    /// # Errors
    /// What the browser says.
    pub fn start_trace(&mut self) -> Result<(), Failed> {
        self.chromium.call(None, "Tracing.start", json!({ "categories": CATEGORIES })).map(drop)
    }

    /// Ends the trace: all its events.
    ///
    /// # Errors
    /// What the browser says.
    pub fn end_trace(&mut self) -> Result<Vec<Value>, Failed> {
        self.chromium.call(None, "Tracing.end", json!({}))?;
        let parts = self.chromium.events_until("Tracing.dataCollected", "Tracing.tracingComplete")?;
        Ok(parts.into_iter().filter_map(|part| part["value"].as_array().cloned()).flatten().collect())
    }
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        let context = json!({ "browserContextId": self.context });
        let _ = self.chromium.call(None, "Target.disposeBrowserContext", context);
    }
}
