//! Apple Maps: `ll` or `coordinate` says where, `q`, `name` or `address` what.

use super::address::Address;
use super::{Found, coords};

/// `None` if the address is not one of Apple Maps.
pub(super) fn read(address: &Address) -> Option<Found> {
    if address.host != "maps.apple.com" && address.host != "beta.maps.apple.com" {
        return None;
    }
    let point = |name: &&str| coords::parse_pair(address.query(name)?);
    let at = ["coordinate", "ll", "q", "daddr", "center", "sll"].iter().find_map(point);
    let name = ["name", "q", "address", "daddr"].iter().find_map(|name| address.query(name));
    Some(Found::new("Apple Maps", name.map(str::to_owned), at))
}
