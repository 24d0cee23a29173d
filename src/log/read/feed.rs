use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use super::{Documents, Fault, Found, HEAD, Layout, Lines, PIECE, Piece, decode, probe};
use crate::log::LogKind;
use crate::log::source::Input;
use crate::log::time::Moment;

/// What every piece of a log shares.
#[derive(Debug)]
pub struct Log {
    /// Its number in this run, from 0.
    pub number: u32,
    /// Path or address.
    pub name: String,
    /// What it belongs to.
    pub run: String,
    /// The hour that its folder promises.
    pub hour: Option<Moment>,
    /// The kind of lines that are no JSON.
    pub text: LogKind,
}

/// Some of a log.
#[derive(Debug)]
pub enum Work {
    /// Whole lines.
    Lines(Piece),
    /// Records of a document: line, byte, bytes.
    Records(Vec<(u64, u64, Vec<u8>)>),
}

/// Some of a log, ready for a worker.
#[derive(Debug)]
pub struct Item {
    /// The log.
    pub log: Arc<Log>,
    /// What to look at.
    pub work: Work,
    /// What the cutting could not read.
    pub faults: Vec<Fault>,
}

/// How a log ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// The log's number.
    pub file: u32,
    /// Its name.
    pub name: String,
    /// What stopped the reading early, or changed meanwhile.
    pub gap: Option<String>,
}

/// Pieces for the workers, in order, and the logs that ended with them.
#[derive(Debug, Default)]
pub struct Batch {
    /// The pieces.
    pub items: Vec<Item>,
    /// The logs that ended.
    pub endings: Vec<Ending>,
}

/// Opens one log after the other and cuts them into pieces.
pub struct Feed {
    inputs: std::vec::IntoIter<Input>,
    open: Option<Open>,
    count: u32,
}

struct Open {
    log: Arc<Log>,
    reader: Reader,
    file: Option<(PathBuf, u64)>,
}

type Bytes = Box<dyn Read + Send>;

enum Reader {
    Lines(Lines<Bytes>),
    Document(Box<Documents<Bytes>>),
}

impl Feed {
    /// Reads these, in this order.
    pub fn new(inputs: Vec<Input>) -> Self {
        Self { inputs: inputs.into_iter(), open: None, count: 0 }
    }

    /// Up to `width` pieces; an empty batch at the end.
    pub fn next_batch(&mut self, width: usize) -> Batch {
        let mut batch = Batch::default();
        while batch.items.len() < width {
            let Some(mut open) = self.open.take() else {
                let Some(input) = self.inputs.next() else { break };
                match self.start(input) {
                    Ok(open) => self.open = Some(open),
                    Err(ending) => batch.endings.push(ending),
                }
                continue;
            };
            match open.next_item() {
                Ok(Some(item)) => {
                    batch.items.push(item);
                    self.open = Some(open);
                }
                Ok(None) => batch.endings.push(open.end(None)),
                Err(error) => {
                    let gap = format!("reading breaks off after {} bytes: {error}", open.byte());
                    batch.endings.push(open.end(Some(gap)));
                }
            }
        }
        batch
    }

    fn start(&mut self, input: Input) -> Result<Open, Ending> {
        let number = self.count;
        self.count += 1;
        let name = input.name.clone();
        let size = input.file.as_ref().and_then(|path| path.metadata().ok()).map_or(0, |meta| meta.len());
        let opened = (input.open)().and_then(decode).and_then(|mut reader| head(&mut reader).map(|head| (head, reader)));
        let (head, reader) = opened.map_err(|error| Ending { file: number, name: name.clone(), gap: Some(error.to_string()) })?;
        let (text, reader) = match probe(&head) {
            Layout::Lines(text) => (text, Reader::Lines(Lines::new(head, reader))),
            Layout::Binary => return Err(Ending { file: number, name, gap: Some("not text in UTF-8".to_owned()) }),
            Layout::Document => (LogKind::Text, Reader::Document(Box::new(Documents::new(head, reader)))),
        };
        let log = Log { number, name, run: input.run, hour: input.hour, text };
        Ok(Open { log: Arc::new(log), reader, file: input.file.map(|path| (path, size)) })
    }
}

/// The first bytes, as many as there are up to [`HEAD`].
fn head(reader: &mut Bytes) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let outcome = reader.by_ref().take(HEAD as u64).read_to_end(&mut head);
    match outcome {
        // What came before the error is still worth reading; the error comes again at its place.
        Err(error) if head.is_empty() => Err(error),
        _ => Ok(head),
    }
}

impl Open {
    fn next_item(&mut self) -> io::Result<Option<Item>> {
        let item = |work, faults| Item { log: Arc::clone(&self.log), work, faults };
        match &mut self.reader {
            Reader::Lines(lines) => {
                let Some(piece) = lines.next_piece()? else { return Ok(None) };
                let why = "the line is longer than 8 MiB";
                let faults = piece.oversize.iter().map(|_| Fault { line: piece.line, byte: piece.byte, why }).collect();
                Ok(Some(item(Work::Lines(piece), faults)))
            }
            Reader::Document(document) => {
                let (mut records, mut faults, mut size) = (Vec::new(), Vec::new(), 0);
                while size < PIECE && faults.len() < 10_000 {
                    match document.next_record() {
                        Ok(Some(Found::Record(line, byte, bytes))) => {
                            size += bytes.len();
                            records.push((line, byte, bytes));
                        }
                        Ok(Some(Found::Fault(fault))) => faults.push(fault),
                        Ok(None) => break,
                        Err(error) if records.is_empty() && faults.is_empty() => return Err(error),
                        Err(error) => {
                            document.fail_again(error);
                            break;
                        }
                    }
                }
                let empty = records.is_empty() && faults.is_empty();
                Ok((!empty).then(|| item(Work::Records(records), faults)))
            }
        }
    }

    const fn byte(&self) -> u64 {
        match &self.reader {
            Reader::Lines(lines) => lines.byte(),
            Reader::Document(document) => document.byte(),
        }
    }

    fn end(self, gap: Option<String>) -> Ending {
        let changed = self.file.and_then(|(path, size)| {
            let now = path.metadata().map(|meta| meta.len());
            match now {
                Ok(now) if now < size => Some("the file became shorter while it was read: it was rotated".to_owned()),
                Ok(now) if now > size => Some("the file grew while it was read; what came later may be missing".to_owned()),
                Ok(_) => None,
                Err(_) => Some("the file went away while it was read: it was rotated".to_owned()),
            }
        });
        Ending { file: self.log.number, name: self.log.name.clone(), gap: gap.or(changed) }
    }
}
