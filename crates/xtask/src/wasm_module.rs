//! A WebAssembly module as a row of sections, and the numbers in them. It knows no section's meaning but that 0 is
//! a custom one. <https://webassembly.github.io/spec/core/binary/modules.html#sections>

const HEADER: usize = 8;
/// Where nothing that runs is held: names, producers, debug information.
pub(crate) const CUSTOM: u8 = 0;

/// One section: what it is, and its bytes.
pub(crate) struct Section<'a> {
    pub(crate) id: u8,
    pub(crate) body: &'a [u8],
}

/// The header and the sections; nothing if this is no module or is cut short.
pub(crate) fn sections(module: &[u8]) -> Option<(&[u8], Vec<Section<'_>>)> {
    let header = module.get(..HEADER).filter(|header| header.starts_with(b"\0asm"))?;
    let mut reader = Reader(&module[HEADER..]);
    let mut sections = Vec::new();
    while !reader.0.is_empty() {
        let id = reader.byte()?;
        sections.push(Section { id, body: reader.bytes()? });
    }
    Some((header, sections))
}

/// Puts a section behind what is there.
pub(crate) fn push_section(module: &mut Vec<u8>, id: u8, body: &[u8]) {
    module.push(id);
    push_bytes(module, body);
}

/// Puts a length and the bytes behind what is there: a name, or a section's body.
pub(crate) fn push_bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    push_number(to, bytes.len());
    to.extend_from_slice(bytes);
}

/// Puts an unsigned LEB128 number behind what is there.
pub(crate) fn push_number(to: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        to.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            return;
        }
    }
}

/// Reads from the front; nothing where the bytes end too early.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    /// An unsigned LEB128 number of at most 32 bits.
    pub(crate) fn number(&mut self) -> Option<usize> {
        let mut value = 0;
        for at in 0..5 {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A length, and as many bytes.
    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        let bytes = self.0.get(..length)?;
        self.0 = &self.0[length..];
        Some(bytes)
    }

    pub(crate) fn name(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_back_as_it_was_written() {
        for number in [0, 1, 127, 128, 300, 16_383, 16_384, 4_000_000] {
            let mut bytes = Vec::new();
            push_number(&mut bytes, number);
            let mut reader = Reader(&bytes);
            assert_eq!((reader.number(), reader.0.len()), (Some(number), 0));
        }
    }

    #[test]
    fn what_is_no_module_or_is_cut_short_has_no_sections() {
        for bytes in [b"".as_slice(), b"<html>..", b"\0asm\x01\0\0\0\x01\x04\x01"] {
            assert!(sections(bytes).is_none());
        }
    }
}
