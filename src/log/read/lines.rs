use std::io::{self, Read};

use super::{PIECE, RECORD_LIMIT};

/// Some whole lines of a log.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    /// The lines, with their endings.
    pub bytes: Vec<u8>,
    /// Number of the first line, from 1.
    pub line: u64,
    /// Offset of the first byte in the uncompressed stream.
    pub byte: u64,
    /// A line longer than [`RECORD_LIMIT`] stood here and was passed over: its length.
    pub oversize: Option<u64>,
}

/// Cuts a stream into pieces at line ends, holding one piece at a time.
pub struct Lines<R> {
    inner: R,
    /// What was read after the last line end.
    rest: Vec<u8>,
    line: u64,
    byte: u64,
    ended: bool,
    /// The reader's error, kept until the lines before it are given out.
    error: Option<io::Error>,
}

impl<R: Read> Lines<R> {
    /// Lines of `inner`; `head` was read from it already.
    pub const fn new(head: Vec<u8>, inner: R) -> Self {
        Self { inner, rest: head, line: 1, byte: 0, ended: false, error: None }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// What the reader says, after every whole line before it was given; the unfinished line comes first, as a piece.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        loop {
            if self.ended {
                if !self.rest.is_empty() {
                    let bytes = std::mem::take(&mut self.rest);
                    return Ok(Some(self.piece(bytes, None)));
                }
                return self.error.take().map_or(Ok(None), Err);
            }
            let from = self.rest.len();
            self.read_some();
            let fresh = self.rest.get(from..).unwrap_or(&[]);
            let last = memchr::memrchr(b'\n', fresh).map(|at| from + at + 1);
            match last {
                Some(end) if self.rest.len() >= PIECE || self.ended => {
                    let rest = self.rest.split_off(end);
                    let bytes = std::mem::replace(&mut self.rest, rest);
                    return Ok(Some(self.piece(bytes, None)));
                }
                None if self.rest.len() > RECORD_LIMIT => {
                    // Whole lines before the long one have been given out already, unless they came in the same read.
                    if let Some(end) = memchr::memrchr(b'\n', &self.rest).map(|at| at + 1) {
                        let rest = self.rest.split_off(end);
                        let bytes = std::mem::replace(&mut self.rest, rest);
                        return Ok(Some(self.piece(bytes, None)));
                    }
                    return Ok(Some(self.pass_over()));
                }
                _ => {}
            }
        }
    }

    fn piece(&mut self, bytes: Vec<u8>, oversize: Option<u64>) -> Piece {
        let piece = Piece { line: self.line, byte: self.byte, oversize, bytes };
        self.line += memchr::memchr_iter(b'\n', &piece.bytes).count() as u64 + u64::from(oversize.is_some());
        self.byte += piece.bytes.len() as u64 + oversize.unwrap_or(0);
        piece
    }

    /// Drops bytes up to the next line end.
    fn pass_over(&mut self) -> Piece {
        let mut length = self.rest.len() as u64;
        self.rest = Vec::new();
        while !self.ended {
            self.read_some();
            if let Some(at) = memchr::memchr(b'\n', &self.rest) {
                self.rest.drain(..=at);
                length += at as u64 + 1;
                break;
            }
            length += self.rest.len() as u64;
            self.rest.clear();
        }
        self.piece(Vec::new(), Some(length))
    }

    /// Reads up to a piece more. An error ends the stream like its end does, and is kept.
    fn read_some(&mut self) {
        let from = self.rest.len();
        // Small reads until the piece is full keep a growing file and a pipe responsive.
        self.rest.resize(from + PIECE / 4, 0);
        let mut filled = from;
        while let Some(free) = self.rest.get_mut(filled..).filter(|free| !free.is_empty()) {
            match self.inner.read(free) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(n) => filled += n.min(free.len()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.error = Some(error);
                    self.ended = true;
                    break;
                }
            }
        }
        self.rest.truncate(filled);
    }

    /// Offset of the next byte to be given out.
    pub const fn byte(&self) -> u64 {
        self.byte
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &[u8]) -> Vec<Piece> {
        let mut lines = Lines::new(Vec::new(), text);
        std::iter::from_fn(|| lines.next_piece().expect("no error")).collect()
    }

    #[test]
    fn pieces_put_together_are_the_file() {
        let text: String = (0..200_000).map(|n| format!("line {n} of this log\n")).collect();
        let found = pieces(text.as_bytes());
        assert!(found.len() > 2);
        let joined: Vec<u8> = found.iter().flat_map(|piece| piece.bytes.clone()).collect();
        assert_eq!(joined, text.as_bytes());
        for pair in found.windows(2) {
            let lines = pair[0].bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
            assert_eq!((pair[1].line, pair[1].byte), (pair[0].line + lines, pair[0].byte + pair[0].bytes.len() as u64));
        }
    }

    #[test]
    fn a_line_of_a_hundred_megabytes_is_passed_over_in_little_memory() {
        let long = io::repeat(b'x').take(100 << 20);
        let mut lines = Lines::new(Vec::new(), (&b"first\n"[..]).chain(long).chain(&b"\nlast\n"[..]));
        let mut found = Vec::new();
        while let Some(piece) = lines.next_piece().expect("no error") {
            assert!(piece.bytes.len() <= RECORD_LIMIT + PIECE);
            found.push((piece.line, piece.byte, piece.oversize, String::from_utf8_lossy(&piece.bytes).into_owned()));
        }
        let long = (100 << 20) + 1;
        assert_eq!(found, [(1, 0, None, "first\n".into()), (2, 6, Some(long), String::new()), (3, 6 + long, None, "last\n".into())]);
    }

    #[test]
    fn what_comes_before_an_error_is_given_out() {
        struct Breaks(bool);
        impl Read for Breaks {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("corrupt deflate stream"));
                }
                let text = b"one\ntwo\nthr";
                into[..text.len()].copy_from_slice(text);
                Ok(text.len())
            }
        }
        let mut lines = Lines::new(Vec::new(), Breaks(false));
        let first = lines.next_piece().expect("lines").expect("a piece");
        assert_eq!(first.bytes, b"one\ntwo\n");
        assert_eq!(lines.next_piece().expect("the rest").expect("a piece").bytes, b"thr");
        assert!(lines.next_piece().is_err());
    }
}
