//! Archives and compressed files of a scanned folder: opened within limits, and searched.

use std::io::{Cursor, Read, Seek};

use jiff::civil::Date;

use super::Search;
use super::ignores::Ignores;
use super::secrets;
use crate::model::{Confidence, Entry, Finding, Place, Position, Severity, Snippet, State};
use crate::secret::{Hit, StreamHit};
use crate::source::archive::{self, HEAD, Packing};
use crate::source::decode_text;

/// Inner files up to this size are read as a whole, larger ones are streamed.
const WHOLE: u64 = 1 << 20;
/// As much of a file as says whether it is binary.
const LOOK: usize = 8192;

/// Searches what `reader` gives, if `head` is the beginning of an archive; `false` where it is none. Says in `entry` what became of it.
pub fn open(entry: &mut Entry, findings: &mut Vec<Finding>, head: &[u8], reader: impl Read + Seek, inside: &Inside<'_>) -> bool {
    let Some(packing) = packing(inside.search, head) else { return false };
    let name = match packing {
        Packing::Zip => "zip archive",
        Packing::Tar => "tar archive",
        Packing::Gzip => "gzip",
        Packing::Zstd => "zstd",
        Packing::Xz => "xz",
    };
    name.clone_into(&mut entry.format);
    let notes = inside.unpack(&entry.subject, reader, findings);
    entry.state = if notes.is_empty() { State::Evaluated } else { State::Partly(notes) };
    true
}

/// Which archive `bytes` are, if archives are to be opened.
pub fn packing(search: &Search, bytes: &[u8]) -> Option<Packing> {
    search.archives?;
    archive::packing(bytes.get(..HEAD).unwrap_or(bytes))
}

/// How the files in an archive are searched.
pub struct Inside<'a> {
    pub search: &'a Search,
    pub severity: Severity,
    pub confidence: Confidence,
    pub today: Date,
}

impl Inside<'_> {
    /// Searches every file of an archive; tells what could not be read.
    pub fn unpack(&self, path: &str, reader: impl Read + Seek, findings: &mut Vec<Finding>) -> Vec<String> {
        let Some(limits) = self.search.archives else { return Vec::new() };
        archive::unpack(path, reader, limits, &mut |path, reader| self.search(path, reader, findings)).notes
    }

    fn wants(&self, hit: &Hit) -> bool {
        hit.severity >= self.severity && hit.confidence >= self.confidence
    }

    /// Searches a file: small ones as a whole, large ones as a stream (inline ignores count in the former only).
    pub fn search(&self, path: &str, reader: &mut dyn Read, findings: &mut Vec<Finding>) {
        let mut head = Vec::new();
        // The archive's reader tells what fails; what was read up to there is searched all the same.
        let _ = reader.take(LOOK as u64).read_to_end(&mut head);
        let wide = matches!(head.as_slice(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
        if !wide && memchr::memchr(0, &head).is_some() {
            // A key file is told by its name and its first bytes.
            if [".pfx", ".p12"].iter().any(|end| path.to_ascii_lowercase().ends_with(end)) {
                let hits = self.search.scanner.scan(path, &head);
                let hits: Vec<Hit> = hits.into_iter().filter(|hit| self.wants(hit)).collect();
                findings.extend(secrets::binary(self.search, path, &hits, self.today));
            }
            return;
        }
        let _ = reader.take(WHOLE - LOOK as u64).read_to_end(&mut head);
        if (head.len() as u64) < WHOLE {
            return self.whole(path, &head, findings);
        }
        let rules = self.search.scanner.rules();
        let fix = |rule: &str| rules.iter().find(|info| info.id == rule).and_then(|info| info.fix.text.clone());
        let _ = self.search.scanner.stream(path, Cursor::new(head).chain(reader), |found| {
            if self.wants(&found.hit) {
                findings.push(self.streamed(path, found, &fix));
            }
        });
    }

    fn whole(&self, path: &str, bytes: &[u8], findings: &mut Vec<Finding>) {
        let text = decode_text(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes));
        let mut hits = self.search.scanner.scan(path, text.as_bytes());
        hits.retain(|hit| self.wants(hit));
        if !hits.is_empty() {
            findings.extend(secrets::findings(self.search, path, &text, &hits, &Ignores::parse(&text), self.today));
        }
    }

    fn streamed(&self, path: &str, found: StreamHit, fix: &dyn Fn(&str) -> Option<String>) -> Finding {
        let short = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let at = |offset: usize| Position { line: short(found.line), column: short((offset as u64).saturating_sub(found.line_start) + 1) };
        let place = Place::File { path: path.to_owned(), start: at(found.hit.span.start), end: at(found.hit.span.end) };
        let mask = found.snippet.find(Hit::MASK).map(|start| (start, start + Hit::MASK.len()));
        let suppressed = self.search.accepts(path, &found.hit, self.today);
        Finding {
            snippet: mask.map(|(start, end)| Snippet { line: short(found.line), text: found.snippet, start, end }),
            fix: fix(&found.hit.rule()),
            suppressed,
            ..secrets::of(&found.hit, place)
        }
    }
}
