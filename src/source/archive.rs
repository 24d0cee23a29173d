//! Archives and compressed streams, one inside the other: zip (also nupkg, whl, jar), tar (also image layers), gzip, zstd, xz.
//!
//! Recognised by their first bytes, not by their names. What they expand to is counted: an archive that expands beyond
//! its limits is refused there, and the refusal is told.

use std::io::{self, Read, Seek};

/// Limits of one archive with everything inside it.
#[derive(Clone, Copy, Debug)]
pub struct ArchiveLimits {
    /// Deepest nesting of archives.
    pub depth: u32,
    /// Most bytes that may come out in total.
    pub bytes: u64,
    /// Most entries.
    pub entries: u64,
    /// Largest zip inside another archive, which must be held in memory.
    pub nested_zip: u64,
    /// Most times that a compressed stream may grow, once it is over a mebibyte.
    pub ratio: u64,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self { depth: 6, bytes: 8 << 30, entries: 500_000, nested_zip: 128 << 20, ratio: 1200 }
    }
}

/// What a stream is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// `PK`.
    Zip,
    /// `ustar` at 257.
    Tar,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// <https://tukaani.org/xz/xz-file-format.txt>.
    Xz,
}

/// As many first bytes as [`packing`] looks at.
pub const HEAD: usize = 512;

/// What a stream that begins with `head` is; `None` for a plain file.
pub fn packing(head: &[u8]) -> Option<Packing> {
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Packing::Zip),
        [0x1F, 0x8B, 8, ..] => Some(Packing::Gzip),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Packing::Zstd),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Packing::Xz),
        _ if head.get(257..262) == Some(b"ustar") => Some(Packing::Tar),
        _ => None,
    }
}

/// What came out, and what did not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// Files that were told.
    pub files: u64,
    /// Their bytes, as far as they were read, and those of the archives within.
    pub bytes: u64,
    /// Gaps, for the ledger: `layers.tar!/a.zip: over the limit of …`.
    pub notes: Vec<String>,
}

/// Tells every plain file in the archive `path`, as `path!/inner/file`, to `each`. A plain file is told as itself.
pub fn unpack<R: Read + Seek>(path: &str, mut reader: R, limits: ArchiveLimits, each: &mut dyn FnMut(&str, &mut dyn Read)) -> Unpacked {
    let mut state = State { limits, done: Unpacked::default(), stopped: false };
    let mut head = Vec::with_capacity(HEAD);
    let begin = reader.by_ref().take(HEAD as u64).read_to_end(&mut head).and_then(|_| reader.rewind());
    match begin {
        Err(error) => state.note(path, &error.to_string()),
        Ok(()) if packing(&head) == Some(Packing::Zip) => state.zip(path, reader, 1, each),
        Ok(()) => state.any(path, &mut reader, 0, each),
    }
    state.done
}

/// [`unpack`] for what cannot be rewound: standard input, a download.
pub fn unpack_stream(path: &str, reader: &mut dyn Read, limits: ArchiveLimits, each: &mut dyn FnMut(&str, &mut dyn Read)) -> Unpacked {
    let mut state = State { limits, done: Unpacked::default(), stopped: false };
    state.any(path, reader, 0, each);
    state.done
}

struct State {
    limits: ArchiveLimits,
    done: Unpacked,
    /// A limit was passed: nothing more comes out.
    stopped: bool,
}

impl State {
    /// Most notes; a broken archive could make millions.
    const NOTES: usize = 50;

    fn note(&mut self, path: &str, why: &str) {
        if self.done.notes.len() < Self::NOTES {
            self.done.notes.push(format!("{}: {why}", path.escape_debug()));
        }
    }

    fn refuse(&mut self, path: &str, why: &str) {
        self.note(path, why);
        self.stopped = true;
    }

    fn any(&mut self, path: &str, reader: &mut dyn Read, depth: u32, each: &mut dyn FnMut(&str, &mut dyn Read)) {
        if self.stopped {
            return;
        }
        let mut head = Vec::with_capacity(HEAD);
        if let Err(error) = reader.take(HEAD as u64).read_to_end(&mut head) {
            return self.note(path, &error.to_string());
        }
        let found = packing(&head);
        let mut whole = io::Cursor::new(head).chain(reader);
        if found.is_some() && depth >= self.limits.depth {
            return self.note(path, &format!("archives are nested deeper than {} levels; this one was not opened", self.limits.depth));
        }
        match found {
            None => self.file(path, &mut whole, each),
            Some(Packing::Tar) => self.tar(path, &mut whole, depth + 1, each),
            Some(Packing::Gzip) => self.grown(path, flate2::read::MultiGzDecoder::new(Counted::new(&mut whole)), depth, each),
            Some(Packing::Xz) => {
                let decoder = liblzma::stream::Stream::new_auto_decoder(256 << 20, liblzma::stream::CONCATENATED);
                match decoder {
                    Ok(decoder) => self.grown(path, liblzma::read::XzDecoder::new_stream(Counted::new(&mut whole), decoder), depth, each),
                    Err(error) => self.note(path, &error.to_string()),
                }
            }
            Some(Packing::Zstd) => match zstd::stream::read::Decoder::new(Counted::new(&mut whole)) {
                Ok(mut decoder) => {
                    // A window of 128 MiB is the most that a decoder must accept (RFC 8878, 3.1.1.1.2 recommends 8).
                    let _ = decoder.window_log_max(27);
                    self.grown(path, decoder, depth, each);
                }
                Err(error) => self.note(path, &error.to_string()),
            },
            Some(Packing::Zip) => {
                let mut held = Vec::new();
                let limit = self.limits.nested_zip;
                match whole.take(limit + 1).read_to_end(&mut held) {
                    Err(error) => self.note(path, &error.to_string()),
                    Ok(read) if read as u64 > limit => {
                        self.note(path, &format!("a zip of more than {limit} bytes inside an archive was not opened"));
                    }
                    Ok(_) => self.zip(path, io::Cursor::new(held), depth + 1, each),
                }
            }
        }
    }

    /// What a decompressor gives, watched for growth.
    fn grown<D: Read + Input>(&mut self, path: &str, decoder: D, depth: u32, each: &mut dyn FnMut(&str, &mut dyn Read)) {
        let mut watched = Watched { inner: decoder, out: 0, ratio: self.limits.ratio, burst: false };
        let inner =
            path.rsplit_once('.').filter(|(_, extension)| ["gz", "tgz", "xz", "zst"].contains(extension)).map_or(path, |(stem, _)| stem);
        let name = if inner.len() == path.len() {
            format!("{path}!/content")
        } else {
            format!("{path}!/{}", inner.rsplit(['/', '!']).next().unwrap_or(inner))
        };
        self.any(&name, &mut watched, depth + 1, each);
        if watched.burst {
            self.refuse(
                path,
                &format!(
                    "expands more than {} times, as archives do that are made to exhaust memory; the rest was not read",
                    self.limits.ratio
                ),
            );
        }
    }

    fn file(&mut self, path: &str, reader: &mut dyn Read, each: &mut dyn FnMut(&str, &mut dyn Read)) {
        if self.done.files >= self.limits.entries {
            return self.refuse(path, &format!("more than {} entries; the rest was not read", self.limits.entries));
        }
        self.done.files += 1;
        let left = self.limits.bytes.saturating_sub(self.done.bytes);
        let mut limited = Limited { inner: reader, left, read: 0, over: false, failed: None };
        each(path, &mut limited);
        let (read, over, failed) = (limited.read, limited.over, limited.failed.take());
        self.done.bytes += read;
        if let Some(why) = failed {
            self.note(path, &format!("could not be read to its end: {why}"));
        }
        if over {
            self.refuse(path, &format!("expands beyond the limit of {} bytes; the rest was not read", self.limits.bytes));
        }
    }

    fn tar(&mut self, path: &str, reader: &mut dyn Read, depth: u32, each: &mut dyn FnMut(&str, &mut dyn Read)) {
        let mut archive = tar::Archive::new(reader);
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.note(path, &error.to_string()),
        };
        for entry in entries {
            if self.stopped {
                return;
            }
            let mut entry = match entry {
                Ok(entry) => entry,
                // A broken header ends a tar: what follows cannot be found.
                Err(error) => return self.note(path, &format!("broken after {} files: {error}", self.done.files)),
            };
            if !entry.header().entry_type().is_file() {
                continue;
            }
            let name = format!("{path}!/{}", clean(&String::from_utf8_lossy(&entry.path_bytes())));
            self.any(&name, &mut entry, depth, each);
        }
    }

    fn zip<R: Read + Seek>(&mut self, path: &str, reader: R, depth: u32, each: &mut dyn FnMut(&str, &mut dyn Read)) {
        let mut archive = match zip::ZipArchive::new(reader) {
            Ok(archive) => archive,
            Err(error) => return self.note(path, &format!("is no whole zip: {error}")),
        };
        for number in 0..archive.len() {
            if self.stopped {
                return;
            }
            let mut entry = match archive.by_index(number) {
                Ok(entry) => entry,
                Err(error) => {
                    self.note(path, &format!("entry {number}: {error}"));
                    continue;
                }
            };
            if entry.is_dir() {
                continue;
            }
            let name = format!("{path}!/{}", clean(&String::from_utf8_lossy(entry.name_raw())));
            let (packed, plain) = (entry.compressed_size().max(1), entry.size());
            if plain > 1 << 20 && plain / packed > self.limits.ratio {
                self.refuse(&name, &format!("says that it expands {} times; it was not read", plain / packed));
                return;
            }
            self.any(&name, &mut entry, depth, each);
        }
    }
}

/// A name that stays inside: only shown, never opened, but nobody should copy a path that climbs.
fn clean(name: &str) -> String {
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != "." && *part != "..").collect();
    parts.join("/")
}

/// A reader that knows how much it read.
struct Counted<'a> {
    inner: &'a mut dyn Read,
    read: u64,
}

impl<'a> Counted<'a> {
    fn new(inner: &'a mut dyn Read) -> Self {
        Self { inner, read: 0 }
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

/// How many packed bytes a decompressor has taken.
trait Input {
    fn taken(&self) -> u64;
}

impl Input for flate2::read::MultiGzDecoder<Counted<'_>> {
    fn taken(&self) -> u64 {
        self.get_ref().read
    }
}

impl Input for liblzma::read::XzDecoder<Counted<'_>> {
    fn taken(&self) -> u64 {
        self.get_ref().read
    }
}

impl Input for zstd::stream::read::Decoder<'_, io::BufReader<Counted<'_>>> {
    fn taken(&self) -> u64 {
        self.get_ref().get_ref().read
    }
}

struct Watched<D> {
    inner: D,
    out: u64,
    ratio: u64,
    burst: bool,
}

impl<D: Read + Input> Read for Watched<D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.out += read as u64;
        if self.out > 1 << 20 && self.out / self.inner.taken().max(1) > self.ratio {
            self.burst = true;
            return Ok(0);
        }
        Ok(read)
    }
}

struct Limited<'a> {
    inner: &'a mut dyn Read,
    left: u64,
    read: u64,
    over: bool,
    failed: Option<String>,
}

impl Read for Limited<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            self.over = true;
            return Ok(0);
        }
        let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        // What is broken ends here; what was read so far still counts.
        match self.inner.read(buffer.get_mut(..length).unwrap_or_default()) {
            Ok(read) => {
                self.left -= read as u64;
                self.read += read as u64;
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.failed = Some(error.to_string());
                Ok(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, data) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(data.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, *data).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, data) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(data).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn opened(path: &str, data: &[u8], limits: ArchiveLimits) -> (Vec<(String, String)>, Unpacked) {
        let mut files = Vec::new();
        let done = unpack(path, io::Cursor::new(data), limits, &mut |name, reader| {
            let mut text = Vec::new();
            reader.read_to_end(&mut text).unwrap();
            files.push((name.to_owned(), String::from_utf8_lossy(&text).chars().take(20).collect()));
        });
        (files, done)
    }

    #[test]
    fn archives_within_archives() {
        let zip = zip_of(&[("in/a.txt", b"one"), ("../b.txt", b"two")]);
        let tar = tar_of(&[
            ("layer/x.zip", &zip),
            ("c.txt.gz", &gzip(b"three")),
            ("d.xz", &{
                let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
                encoder.write_all(b"four").unwrap();
                encoder.finish().unwrap()
            }),
            ("e.zst", &zstd::encode_all(&b"five"[..], 1).unwrap()),
        ]);
        let (files, done) = opened("image.tar.gz", &gzip(&tar), ArchiveLimits::default());
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(
            files,
            [
                ("image.tar.gz!/image.tar!/layer/x.zip!/in/a.txt", "one"),
                ("image.tar.gz!/image.tar!/layer/x.zip!/b.txt", "two"),
                ("image.tar.gz!/image.tar!/c.txt.gz!/c.txt", "three"),
                ("image.tar.gz!/image.tar!/d.xz!/d", "four"),
                ("image.tar.gz!/image.tar!/e.zst!/e", "five"),
            ]
        );
        assert_eq!((done.files, done.notes.len()), (5, 0));
    }

    #[test]
    fn bombs_are_refused_and_told() {
        let zeros = vec![0u8; 32 << 20];
        let (_, done) = opened("bomb.gz", &gzip(&zeros), ArchiveLimits { ratio: 100, ..ArchiveLimits::default() });
        assert!(done.notes[0].contains("expands more than 100 times"), "{:?}", done.notes);
        assert!(done.bytes < 8 << 20);
        let (_, done) = opened("bomb.zip", &zip_of(&[("z", &zeros)]), ArchiveLimits { ratio: 100, ..ArchiveLimits::default() });
        assert!(done.notes[0].contains("says that it expands"), "{:?}", done.notes);
        let (_, done) = opened("big.tar", &tar_of(&[("z", &zeros)]), ArchiveLimits { bytes: 1 << 20, ..ArchiveLimits::default() });
        assert!(done.notes[0].contains("beyond the limit"), "{:?}", done.notes);
        let mut nested = b"core".to_vec();
        for _ in 0..20 {
            nested = gzip(&nested);
        }
        let (files, done) = opened("n.gz", &nested, ArchiveLimits::default());
        assert!(files.is_empty() && done.notes[0].contains("nested deeper"), "{:?}", done.notes);
    }

    #[test]
    fn truncated_archives_give_what_they_have() {
        let whole = gzip(&tar_of(&[("a.txt", b"one"), ("b.txt", &[b'x'; 5000])]));
        let (files, done) = opened("t.tar.gz", &whole[..whole.len() - 12], ArchiveLimits::default());
        assert_eq!(files[0].1, "one");
        assert!(!done.notes.is_empty());
        let zip = zip_of(&[("a.txt", b"one")]);
        let (files, done) = opened("t.zip", &zip[..zip.len() - 5], ArchiveLimits::default());
        assert!(files.is_empty() && done.notes[0].contains("no whole zip"));
        assert_eq!(opened("plain.txt", b"plain", ArchiveLimits::default()).0.len(), 1);
    }
}
