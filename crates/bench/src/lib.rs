//! What is measured, as a browser's page and the native benchmarks call it: the traffic, and our side of each
//! comparison. It measures nothing itself.

#[cfg(feature = "compare")]
pub mod ours;
#[cfg(feature = "compare")]
pub mod traffic;

#[cfg(all(target_arch = "wasm32", feature = "compare"))]
pub mod page;
#[cfg(all(target_arch = "wasm32", not(feature = "compare")))]
pub mod weight;

#[cfg(not(target_arch = "wasm32"))]
pub mod screen;
// It reads /proc, and the clock that all processes of a machine share.
#[cfg(target_os = "linux")]
pub mod load;
