//! What is measured, as a browser's page and the native benchmarks call it: the traffic, and our side of each
//! comparison. It measures nothing itself.

#[cfg(feature = "decoder")]
pub mod ours;
#[cfg(feature = "decoder")]
pub mod traffic;

#[cfg(all(target_arch = "wasm32", feature = "decoder"))]
mod page;
