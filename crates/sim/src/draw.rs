//! Numbers by seed and name, without a memory: a script asks for the same one as often as it likes.

/// A number in `0..below` that depends on the seed, a name and a step alone.
pub(crate) fn draw(seed: u64, name: &str, step: u64, below: u64) -> u64 {
    let mut z = seed ^ 0x9E37_79B9_7F4A_7C15;
    for byte in name.bytes().map(u64::from).chain([step]) {
        z = (z ^ byte).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z ^= z >> 29;
        z = z.wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 32;
    }
    z % below
}
