//! An HTTP/1.1 answer as its bytes come: the head, and the chunks of its body
//! ([RFC 9112, 7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1)). It reads no socket, keeps at most a head, and takes
//! only what an event stream is sent as.

use std::fmt;

/// The longest head, in bytes.
const HEAD_MAX: usize = 16 << 10;
/// The largest chunk, in bytes: larger ones are a mistake of this reader.
const CHUNK_MAX: usize = 16 << 20;

/// Why an answer is not read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(String);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server's answer is no event stream: {}", self.0)
    }
}

impl std::error::Error for Malformed {}

fn malformed<T>(what: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed(what.into()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Head,
    /// In the line that says how long the next chunk is.
    Size(usize),
    /// So many bytes of a chunk are missing.
    Data(usize),
    /// So many bytes of the line end behind a chunk are missing.
    DataEnd(usize),
    /// The last chunk was there; what follows are trailers, which nobody needs.
    Over,
}

/// One answer.
#[derive(Debug)]
pub struct Body {
    at: At,
    head: Vec<u8>,
}

impl Default for Body {
    fn default() -> Self {
        Body { at: At::Head, head: Vec::new() }
    }
}

impl Body {
    /// Whether the head was there.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.at != At::Head
    }

    /// Whether the body has ended as it should.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.at == At::Over
    }

    /// Takes the next bytes, and hands over what of them is the body's.
    ///
    /// # Errors
    /// [`Malformed`]: feed nothing more then.
    pub fn feed(&mut self, mut bytes: &[u8], to: &mut impl FnMut(&[u8])) -> Result<(), Malformed> {
        while !bytes.is_empty() && self.at != At::Over {
            bytes = match self.at {
                At::Head => self.head(bytes)?,
                At::Size(size) => self.size(size, bytes)?,
                At::Data(missing) => {
                    let (data, rest) = bytes.split_at(missing.min(bytes.len()));
                    to(data);
                    self.at =
                        if missing > data.len() { At::Data(missing - data.len()) } else { At::DataEnd(2) };
                    rest
                }
                At::DataEnd(missing) => {
                    if bytes[0] != b"\n\r"[missing - 1] {
                        return malformed("no line end behind a chunk");
                    }
                    self.at = if missing > 1 { At::DataEnd(missing - 1) } else { At::Size(0) };
                    &bytes[1..]
                }
                At::Over => &[],
            };
        }
        Ok(())
    }

    fn head<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], Malformed> {
        let before = self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(HEAD_MAX)]);
        let Some(end) = self.head.windows(4).position(|end| end == b"\r\n\r\n") else {
            return if self.head.len() < HEAD_MAX { Ok(&[]) } else { malformed("its head does not end") };
        };
        let head = String::from_utf8_lossy(&self.head[..end]).to_ascii_lowercase();
        let has = |line: &str| head.lines().any(|other| other == line);
        if !head.starts_with("http/1.1 200") || !has("transfer-encoding: chunked") {
            return malformed(head.lines().next().unwrap_or_default());
        }
        self.at = At::Size(0);
        self.head = Vec::new();
        Ok(&bytes[end + 4 - before..])
    }

    fn size<'b>(&mut self, mut size: usize, bytes: &'b [u8]) -> Result<&'b [u8], Malformed> {
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' => {
                    self.at = if size == 0 { At::Over } else { At::Data(size) };
                    return Ok(&bytes[at + 1..]);
                }
                b'\r' => {}
                digit => match char::from(*digit).to_digit(16) {
                    Some(digit) if size <= CHUNK_MAX / 16 => size = size * 16 + digit as usize,
                    _ => return malformed("a chunk's length is none, or too large"),
                },
            }
        }
        self.at = At::Size(size);
        Ok(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nb\r\n, my\r\nworld\r\n0\r\n\r\n";

    fn read(pieces: &[&[u8]]) -> Result<(String, bool), Malformed> {
        let (mut body, mut text) = (Body::default(), Vec::new());
        for piece in pieces {
            body.feed(piece, &mut |bytes| text.extend_from_slice(bytes))?;
        }
        Ok((String::from_utf8(text).unwrap(), body.is_over()))
    }

    #[test]
    fn a_body_is_its_chunks_wherever_the_answer_is_cut() {
        let bytes = ANSWER.as_bytes();
        let whole = Ok(("hello, my\r\nworld".to_owned(), true));
        assert_eq!(read(&[bytes]), whole);
        assert_eq!(read(&bytes.chunks(1).collect::<Vec<_>>()), whole);
        for cut in 0..bytes.len() {
            let (one, other) = bytes.split_at(cut);
            assert_eq!(read(&[one, other]), whole, "{cut}");
            assert!(
                cut > bytes.len() - 4 || !read(&[one]).unwrap().1,
                "{cut}: it is not over before its end"
            );
        }
    }

    #[test]
    fn what_is_no_event_stream_is_told_by_its_first_line() {
        for (answer, said) in [
            ("HTTP/1.1 404 Not Found\r\n\r\n", "http/1.1 404 not found"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "http/1.1 200 ok"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "length"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhellooo", "line end"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", "too large"),
        ] {
            let Err(malformed) = read(&[answer.as_bytes()]) else { panic!("{answer}") };
            assert!(malformed.to_string().contains(said), "{malformed}");
        }
        let endless = "x".repeat(HEAD_MAX);
        assert!(read(&[endless.as_bytes()]).is_err());
    }
}
