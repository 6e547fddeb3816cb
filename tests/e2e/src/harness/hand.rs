//! What a person's hand does: the mouse, its wheel and the keys, as the browser gets them from its driver. It looks at
//! nothing.

use serde_json::{Value, json};
use thirtyfour::common::command::Command;

use crate::page::Page;

impl Page {
    /// Presses and lets go of the main button at this place of the window, in CSS pixels.
    pub async fn click_at(&self, x: f64, y: f64) {
        let to = json!({ "type": "pointerMove", "duration": 0, "x": x.round(), "y": y.round(), "origin": "viewport" });
        let press = json!([to, { "type": "pointerDown", "button": 0 }, { "type": "pointerUp", "button": 0 }]);
        let mouse = json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": press });
        self.perform(mouse).await;
    }

    /// Turns the wheel at this place.
    pub async fn wheel_at(&self, x: f64, y: f64, delta_y: i32) {
        // Chromium's driver takes whole numbers only.
        let (x, y) = (x.round() as i64, y.round() as i64);
        let turn = json!({ "type": "scroll", "x": x, "y": y, "deltaX": 0, "deltaY": delta_y, "duration": 0, "origin": "viewport" });
        self.perform(json!({ "type": "wheel", "id": "wheel", "actions": [turn] })).await;
    }

    /// Presses a key and lets go of it, by its character or its code in WebDriver's list.
    pub async fn press_key(&self, key: char) {
        self.press_together(&[key]).await;
    }

    /// The same with several, which are down at the same time.
    pub async fn press_together(&self, keys: &[char]) {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let all: Vec<Value> = down.chain(up).collect();
        self.perform(json!({ "type": "key", "id": "keys", "actions": all })).await;
    }

    async fn perform(&self, action: Value) {
        let command = Command::PerformActions(json!([action]).into());
        let done = self.driver().cmd(command).await;
        done.unwrap_or_else(|error| panic!("{action} could not be done: {error}"));
    }
}
