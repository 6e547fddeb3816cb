//! What becomes of a stream on its way: when which bytes arrive. Knows nothing of what they say.

use generation_screen::engine::{Span, StreamEnd};

use crate::draw::draw;
use crate::script::{Cut, StreamFault};

/// A frame on its way.
#[derive(Clone, Debug)]
pub struct Frame {
    /// When it is sent.
    pub at: Span,
    /// Its number; 0 for a hello.
    pub seq: u64,
    /// The whole block, with its blank line.
    pub text: String,
}

/// Two frames change places; both are sent when the later one would have been.
pub(crate) fn change_places(frames: &mut [Frame], a: usize, b: usize) {
    frames.swap(a, b);
    let at = frames[a].at.max(frames[b].at);
    (frames[a].at, frames[b].at) = (at, at);
}

/// The chunks that arrive, each with its time, and when and how it ends.
pub(crate) type Arrivals = (Vec<(Span, Vec<u8>)>, Option<(Span, StreamEnd)>);

/// What arrives of a stream that was opened at `opened`, `latency` after it is sent.
pub(crate) fn arrivals(
    mut frames: Vec<Frame>,
    end: Option<(Span, StreamEnd)>,
    fault: &StreamFault,
    opened: Span,
    latency: Span,
) -> Arrivals {
    if let Some(edit) = &fault.edit {
        edit(&mut frames);
    }
    // A socket that is mute does not tell of its end, either.
    let end = end.filter(|(at, _)| fault.mute_from.is_none_or(|mute| *at < mute));
    let planned = fault.ends_after.map(|(after, how)| (opened + after, how));
    let end = match (end, planned) {
        (Some(end), Some(planned)) => Some(if planned.0 < end.0 { planned } else { end }),
        (end, planned) => end.or(planned),
    };
    let mut sent: Vec<(Span, Vec<u8>)> = Vec::new();
    let mut cut_off = None;
    for (n, Frame { at, seq, text }) in frames.into_iter().enumerate() {
        let is_over = end.is_some_and(|(end, _)| at > end);
        let gathered = fault.gathered_from.is_some_and(|from| at >= from) && !(fault.first_passes && n == 0);
        let at = match (gathered, end) {
            (true, Some((end, _))) => end,
            (true, None) => continue,
            _ => at.max(opened + fault.hold_for),
        };
        if is_over || end.is_some_and(|(end, _)| at > end) || fault.mute_from.is_some_and(|mute| at >= mute) {
            cut_off = cut_off.or(Some(text));
            continue;
        }
        if !fault.lost_seqs.contains(&seq) {
            let text = if fault.odd_dress { text.replace('\n', "\r\n") } else { text };
            sent.push((at, text.into_bytes()));
        }
    }
    if let (true, Some((at, _)), Some(text)) = (fault.cut_mid_event, end, cut_off) {
        let half = text.len() / 2;
        sent.push((at, text.into_bytes()[..half].to_vec()));
    }
    if let (true, Some((_, first))) = (fault.odd_dress, sent.first_mut()) {
        first.splice(0..0, *b"\xEF\xBB\xBF");
    }
    let sent = lumps(together(sent), fault.lump_bytes, end);
    let late = |at: Span| at + latency;
    let chunks = sent.into_iter().flat_map(|(at, bytes)| {
        pieces(&bytes, fault.cut).into_iter().map(move |piece| (late(at), piece)).collect::<Vec<_>>()
    });
    (chunks.collect(), end.map(|(at, how)| (late(late(at)), how)))
}

/// What is sent at one time is one write.
fn together(sent: Vec<(Span, Vec<u8>)>) -> Vec<(Span, Vec<u8>)> {
    let mut writes: Vec<(Span, Vec<u8>)> = Vec::new();
    for (at, bytes) in sent {
        match writes.last_mut() {
            Some((last, write)) if *last == at => write.extend(bytes),
            _ => writes.push((at, bytes)),
        }
    }
    writes
}

/// Somebody on the way passes bytes on only when he has so many, or at the end.
fn lumps(
    sent: Vec<(Span, Vec<u8>)>,
    lump_bytes: Option<usize>,
    end: Option<(Span, StreamEnd)>,
) -> Vec<(Span, Vec<u8>)> {
    let Some(lump_bytes) = lump_bytes else { return sent };
    let (mut passed, mut waits) = (Vec::new(), Vec::new());
    for (at, bytes) in sent {
        waits.extend(bytes);
        let full = waits.len() / lump_bytes * lump_bytes;
        if full > 0 {
            passed.push((at, waits.drain(..full).collect()));
        }
    }
    if let Some((at, _)) = end.filter(|_| !waits.is_empty()) {
        passed.push((at, waits));
    }
    passed
}

fn pieces(bytes: &[u8], cut: Cut) -> Vec<Vec<u8>> {
    match cut {
        Cut::Not => vec![bytes.to_vec()],
        Cut::Every(size) => bytes.chunks(size).map(<[u8]>::to_vec).collect(),
        Cut::Anywhere(seed) => {
            let (mut rest, mut pieces) = (bytes, Vec::new());
            while !rest.is_empty() {
                let most = rest.len().min(1 + draw(seed, "most", pieces.len() as u64, 60) as usize);
                let (piece, behind) = rest.split_at(most);
                pieces.push(piece.to_vec());
                rest = behind;
            }
            pieces
        }
    }
}
