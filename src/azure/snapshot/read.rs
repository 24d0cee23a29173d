use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use super::{FORMAT, Meta, Record, VERSION};

/// Why a snapshot cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The bytes are not a snapshot at all.
    #[error("this is not an azward snapshot ({0}); snapshots are made by `azward live --save FILE`")]
    NotASnapshot(String),
    /// A later azward wrote it.
    #[error("the snapshot has format version {found}, this azward reads up to {known}; update azward, or take the snapshot again")]
    TooNew {
        /// Its version.
        found: u32,
        /// The version that this build knows.
        known: u32,
    },
    /// A record cannot be read.
    #[error("record {line} of the snapshot cannot be read ({why}); the file is damaged, take the snapshot again")]
    Damaged {
        /// The record, from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The stream stops in the middle.
    #[error("the snapshot stops in the middle of record {line} ({why}); what came before is used")]
    Cut {
        /// The record, from 1.
        line: u64,
        /// What the stream said.
        why: String,
    },
    /// The file is larger than allowed.
    #[error("the snapshot has {what}, over the limit of {limit}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// How much a reader takes from a file that nobody vouches for.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest record, in bytes.
    pub record: usize,
    /// Most records.
    pub records: u64,
    /// Bytes that any snapshot may unpack to.
    pub free: u64,
    /// How many times its packed size it may unpack to beyond that.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        // One page of Azure Resource Manager holds at most 16 MiB, and a record is one item of it.
        // Whatever is read is held in memory to be judged. Bodies of one type shrink to a hundredth, all told to a tenth.
        Self { record: 32 << 20, records: 20_000_000, free: 512 << 20, ratio: 150 }
    }
}

/// Reads a snapshot record by record. Memory is bounded by the longest record.
pub struct Reader<'a> {
    stream: BufReader<Box<dyn Read + 'a>>,
    line: Vec<u8>,
    at: u64,
    packed: Rc<Cell<u64>>,
    unpacked: u64,
    limits: Limits,
    meta: Meta,
    ended: bool,
}

impl<'a> Reader<'a> {
    /// Opens a snapshot: compressed, or plain lines as somebody may have unpacked it.
    ///
    /// # Errors
    ///
    /// Where the first record is not that of a snapshot of a known version.
    pub fn new(input: impl Read + 'a, limits: Limits) -> Result<Self, SnapshotError> {
        const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
        let not = |why: &dyn std::fmt::Display| SnapshotError::NotASnapshot(why.to_string());
        let packed = Rc::new(Cell::new(0));
        let mut input = BufReader::new(Counted { input, bytes: Rc::clone(&packed) });
        let compressed = input.fill_buf().map_err(|error| not(&error))?.starts_with(&MAGIC);
        let stream: Box<dyn Read + 'a> = if compressed {
            let mut decoder = zstd::Decoder::with_buffer(input).map_err(|error| not(&error))?;
            // 128 MiB: what `zstd` itself takes without being asked.
            decoder.window_log_max(27).map_err(|error| not(&error))?;
            Box::new(decoder)
        } else {
            Box::new(input)
        };
        let stream = BufReader::new(stream);
        let mut reader = Self { stream, line: Vec::new(), at: 0, packed, unpacked: 0, limits, meta: Meta::default(), ended: false };
        match reader.step() {
            Some(Ok(Record::Meta(meta))) if meta.format == FORMAT => {
                if meta.version > VERSION {
                    return Err(SnapshotError::TooNew { found: meta.version, known: VERSION });
                }
                reader.meta = meta;
                Ok(reader)
            }
            Some(Ok(_)) => Err(not(&"its first record says something else")),
            Some(Err(error @ SnapshotError::TooLarge { .. })) => Err(error),
            Some(Err(error)) => Err(not(&error)),
            None => Err(not(&"the file is empty")),
        }
    }

    /// What the snapshot is and how it was made.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    fn step(&mut self) -> Option<Result<Record, SnapshotError>> {
        loop {
            if self.ended {
                return None;
            }
            self.at += 1;
            if self.at > self.limits.records {
                return self.stop(SnapshotError::TooLarge { what: "more records", limit: self.limits.records });
            }
            self.line.clear();
            let limit = self.limits.record as u64 + 1;
            let read = (&mut self.stream).take(limit).read_until(b'\n', &mut self.line);
            match read {
                Err(error) => return self.stop(SnapshotError::Cut { line: self.at, why: error.to_string() }),
                Ok(0) => {
                    self.ended = true;
                    return None;
                }
                Ok(bytes) => self.unpacked += bytes as u64,
            }
            let most = self.limits.free.saturating_add(self.packed.get().saturating_mul(self.limits.ratio));
            if self.unpacked > most {
                return self.stop(SnapshotError::TooLarge { what: "more bytes for its packed size", limit: most });
            }
            let whole = self.line.last() == Some(&b'\n');
            if !whole && self.line.len() > self.limits.record {
                return self.stop(SnapshotError::TooLarge { what: "a longer record", limit: self.limits.record as u64 });
            }
            let text = self.line.trim_ascii();
            if text.is_empty() {
                continue;
            }
            return match serde_json::from_slice(text) {
                Ok(record) => Some(Ok(record)),
                Err(error) if !whole => self.stop(SnapshotError::Cut { line: self.at, why: error.to_string() }),
                Err(error) => self.stop(SnapshotError::Damaged { line: self.at, why: error.to_string() }),
            };
        }
    }

    /// After an error nothing that follows can be trusted to be whole.
    fn stop(&mut self, error: SnapshotError) -> Option<Result<Record, SnapshotError>> {
        self.ended = true;
        Some(Err(error))
    }
}

/// Counts what is read of a packed stream.
struct Counted<R> {
    input: R,
    bytes: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        self.bytes.set(self.bytes.get() + read as u64);
        Ok(read)
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Record, SnapshotError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step()
    }
}
