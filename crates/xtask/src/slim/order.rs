//! The order of a program's functions: each beside the one that it has most in common with. A compressor names a
//! repetition by how far back it lies, and the page is sent compressed: 2 % less. What the program does is the same.

use std::collections::{BTreeMap, BTreeSet};

/// How functions are compared. No one way is the best for every program: all are tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    /// So many bytes in a row count as something in common.
    run: usize,
    /// Keeps a tiny function from winning by the one thing that it has.
    handicap: usize,
}

/// All ways.
pub(crate) fn ways() -> impl Iterator<Item = Way> {
    [5, 6, 7].into_iter().flat_map(|run| [20, 60, 150, 400].map(|handicap| Way { run, handicap }))
}

/// What stands in more functions than this tells nothing about two of them.
const COMMON: usize = 40;

type Runs<'a> = BTreeSet<&'a [u8]>;

/// For each place the number of the function that is to stand there. The same for the same bodies, always.
pub(crate) fn by_likeness(bodies: &[&[u8]], way: Way) -> Vec<usize> {
    let runs: Vec<Runs<'_>> = bodies.iter().map(|body| body.windows(way.run).collect()).collect();
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
        next = most_alike(&runs, &holders, function, &left, way.handicap).or_else(|| left.first().copied());
    }
    order
}

/// The function of these with the largest share in common with this one.
fn most_alike(
    runs: &[Runs<'_>],
    holders: &BTreeMap<&[u8], Vec<usize>>,
    function: usize,
    left: &BTreeSet<usize>,
    handicap: usize,
) -> Option<usize> {
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for other in runs[function].iter().filter_map(|run| holders.get(run)).flatten() {
        if left.contains(other) {
            *shared.entry(*other).or_default() += 1;
        }
    }
    let share = |other: usize, shared: usize| shared * 1_000_000 / (runs[other].len() + handicap);
    shared.into_iter().max_by_key(|(other, shared)| share(*other, *shared)).map(|(other, _)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAY: Way = Way { run: 5, handicap: 20 };

    #[test]
    fn like_stands_beside_like() {
        let bodies: [&[u8]; 4] = [b"abcdefghijkl", b"0123456789", b"abcdefghij", b"012345678"];
        assert_eq!(by_likeness(&bodies, WAY), [0, 2, 1, 3]);
    }

    #[test]
    fn functions_with_nothing_in_common_keep_their_order_and_none_is_lost() {
        assert_eq!(by_likeness(&[b"a", b"b", b"c"], WAY), [0, 1, 2]);
        assert_eq!(by_likeness(&[], WAY), [0; 0]);
    }
}
