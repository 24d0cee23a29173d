//! One pass over a window of bytes: long runs of token bytes, then literals.

use std::ops::Range;

use super::{
    accept::{self, Candidate},
    class, decode,
    generic::{
        context::{self, Assigned, Tie},
        header, judge, keys,
        paths::FileKind,
        url,
    },
    hit::Hit,
    index::Target,
    makeup::Makeup,
    runs,
    scanner::Inner,
    value,
};

/// A pass over one window.
pub(super) struct Pass<'a> {
    pub(super) inner: &'a Inner,
    pub(super) path: &'a str,
    pub(super) file: FileKind,
    pub(super) bytes: &'a [u8],
    own: Range<usize>,
    /// How many encodings were peeled off to get here.
    pub(super) depth: u8,
    pub(super) hits: Vec<Hit>,
    /// Where the last text with escapes of URLs and of JSON that was decoded ends: one text is decoded once.
    pub(super) decoded_to: [usize; 2],
    /// Hashes of names that hold no secret: logs say the same names over and over.
    plain_names: [u64; 64],
}

impl<'a> Pass<'a> {
    /// Longest run whose end is looked for; a longer one is no token.
    const LONGEST_RUN: usize = 8 << 10;

    pub(super) fn new(inner: &'a Inner, path: &'a str, file: FileKind, bytes: &'a [u8], own: Range<usize>) -> Self {
        let decoded_to = [own.start; 2];
        Self { inner, path, file, bytes, own, depth: 0, hits: Vec::new(), decoded_to, plain_names: [0; 64] }
    }

    pub(super) fn run(&mut self) {
        let (bytes, own) = (self.bytes, self.own.clone());
        // Literals read from memory, runs then find the same bytes in the cache.
        const BLOCK: usize = 64 << 10;
        let mut at = own.start;
        while at < own.end {
            let end = own.end.min(at + BLOCK);
            self.literals(at, end);
            at = end;
        }
        // A run that begins before this window belongs to the window before.
        let mut from = own.start;
        if from > 0 && bytes.get(from - 1).is_some_and(|&byte| class::is(byte, class::RUN)) {
            while from < own.end && bytes.get(from).is_some_and(|&byte| class::is(byte, class::RUN)) {
                from += 1;
            }
        }
        runs::each(bytes, from, own.end, bytes.len().min(own.end + Self::LONGEST_RUN + 1), |start, end| {
            self.token(start, end);
        });
    }

    pub(super) fn finish(self) -> Vec<Hit> {
        accept::settle(self.hits)
    }

    /// A long run of token bytes.
    fn token(&mut self, start: usize, end: usize) {
        let Some(run) = self.bytes.get(start..end) else { return };
        let head = run.get(..Self::LONGEST_RUN).unwrap_or(run);
        let makeup = Makeup::of(head);
        // GUIDs and digests are most of what is long in a log: no format is told by letters that are all hexadecimal digits, but at the
        // very beginning.
        let digest = makeup.hex + makeup.dashes == head.len();
        self.prefixed(start, end);
        let before = start.checked_sub(1).and_then(|at| self.bytes.get(at));
        match before {
            // `\n` before the token, `%3D` before the token.
            Some(b'\\') => self.prefixed(start + 1, end),
            Some(b'%') => self.prefixed(start + 2, end),
            // Prefixes that end in a byte that is no part of a run: `SG.`, `IR@`, `:AA`.
            Some(b'.' | b'@') if start >= 3 => self.prefixed(start - 3, end),
            Some(b':') => self.prefixed(start - 1, end),
            _ => {}
        }
        if !digest && makeup.slashes + makeup.dashes + makeup.pluses > 0 {
            for (at, _) in head.iter().enumerate().filter(|(_, byte)| matches!(byte, b'/' | b'-' | b'+')) {
                if run.len() - at > 16 {
                    self.prefixed(start + at + 1, end);
                }
            }
        }
        if run.len() > Self::LONGEST_RUN {
            decode::base64_run(self, start, start + Self::LONGEST_RUN);
            return;
        }
        if run.len() >= 43 {
            self.signed(start, end);
        }
        if run.len() >= 84 {
            self.annotated(start, end);
        }
        let length = run.len();
        let letters = makeup.uppers + makeup.lowers;
        let one_kind = length >= 24 && makeup.hex == length;
        if makeup.digits == 0 && !one_kind && (length < 20 || makeup.uppers < 3 || makeup.lowers < 3 || makeup.scores + makeup.slashes > 0)
        {
            return;
        }
        if letters == 0 && !one_kind {
            return;
        }
        // Paths: many slashes, or words between them.
        if makeup.slashes * 12 > length || (makeup.slashes > 0 && makeup.dashes + makeup.scores > 0) {
            return;
        }
        if self.file == FileKind::Digests {
            return;
        }
        if length >= 24 && makeup.uppers > 0 && makeup.lowers > 0 && makeup.dashes + makeup.scores == 0 {
            decode::base64_run(self, start, end);
        }
        self.assigned(context::around(self.bytes, start, end));
        if !digest && makeup.dashes > 0 && makeup.digits >= 3 {
            self.dashed(start, end);
        }
    }

    /// The detectors whose prefix begins at `at`.
    fn prefixed(&mut self, at: usize, end: usize) {
        let Some(text) = self.bytes.get(at..) else { return };
        let Some(head) = text.first_chunk::<3>() else { return };
        if !self.inner.index.may_begin(*head) || end < at + 12 {
            return;
        }
        let inner = self.inner;
        for (prefix, id) in inner.index.beginning(text) {
            let Some(detector) = inner.detectors.get(usize::from(id)) else { continue };
            let Some(pattern) = &detector.pattern else { continue };
            let limit = self.bytes.len().min(at + detector.after.max(256));
            let found = if detector.before == 0 {
                pattern.at(self.bytes, at..limit)
            } else {
                let found = pattern.find(self.bytes, at.saturating_sub(detector.before)..limit);
                found.filter(|found| found.whole.start <= at && found.whole.end > at)
            };
            if let Some(found) = found {
                let public = std::str::from_utf8(prefix).unwrap_or_default();
                self.push(Candidate { detector, whole: found.whole, secret: found.secret, key: None, public });
            }
        }
    }

    /// Keys with a signature ten characters before their end.
    fn signed(&mut self, start: usize, end: usize) {
        let inner = self.inner;
        let Some(signature) = self.bytes.get(end - 10..end - 6) else { return };
        let Some(id) = inner.index.signature(signature) else { return };
        let Some(detector) = inner.detectors.get(usize::from(id)) else { return };
        let Some(pattern) = &detector.pattern else { return };
        for length in [43, 52, 54, 86] {
            let Some(from) = end.checked_sub(length).filter(|&from| from >= start) else { continue };
            if let Some(found) = pattern.at(self.bytes, from..self.bytes.len().min(end + 2)) {
                self.push(Candidate { detector, whole: found.whole, secret: found.secret, key: None, public: "" });
            }
        }
    }

    /// Common annotated keys: `JQQJ9` after 52 characters, or the provider of DevOps tokens.
    fn annotated(&mut self, start: usize, end: usize) {
        let inner = self.inner;
        for length in [84, 86] {
            let Some(from) = end.checked_sub(length).filter(|&from| from >= start) else { return };
            let part = |at: usize, to: usize| self.bytes.get(from + at..from + to).unwrap_or_default();
            let provider = part(76, 80);
            if part(52, 57) != b"JQQJ9" && provider != b"AZDO" {
                continue;
            }
            let Some(detector) = inner.index.annotated(provider).and_then(|id| inner.detectors.get(usize::from(id))) else { continue };
            let Some(pattern) = &detector.pattern else { continue };
            if let Some(found) = pattern.at(self.bytes, from..self.bytes.len().min(end + 2)) {
                self.push(Candidate { detector, whole: found.whole, secret: found.secret, key: None, public: "" });
            }
        }
    }

    /// A value and its name.
    pub(super) fn assigned(&mut self, found: Assigned) {
        let inner = self.inner;
        let (Some(key), Some(secret)) = (self.bytes.get(found.key.clone()), self.bytes.get(found.value.clone())) else { return };
        let name_hash = hash(key);
        let slot = usize::try_from(name_hash % 64).unwrap_or_default();
        if found.tie == Tie::Sign && self.plain_names.get(slot) == Some(&name_hash) {
            return;
        }
        let mut generic = judge::judge(key, secret, found.quoted, found.tie, self.file);
        if generic.is_none() && judge::word_password(key, &found, secret, self.file, || context::beside_user(self.bytes, found.key.start)) {
            generic = Some(judge::Generic::Password);
        }
        // `vendor key: value`: of a bare name what stands before it says more.
        let bare = key.len() < 3 || keys::is_bare(key);
        let names = if generic.is_some() || found.tie != Tie::Sign || bare { self.around_name(&found) } else { found.key.clone() };
        // In code a name beside a random value means nothing: tables of identifiers are full of both.
        let alone = generic.is_none() && (self.file == FileKind::Code || matches!(found.tie, Tie::Call | Tie::Element));
        if !alone {
            let text = self.bytes.get(names).unwrap_or_default();
            let mut named: Vec<_> = inner.index.named(text).into_iter().filter_map(|id| inner.detectors.get(usize::from(id))).collect();
            named.retain(|detector| generic.is_some() || detector.alone);
            if generic.is_none() && !named.is_empty() && !value::is_random(secret) {
                return;
            }
            // The surest first; of equals the one whose name stands nearest.
            named.sort_by_key(|detector| (std::cmp::Reverse(detector.confidence), detector.alone));
            for detector in named {
                let Some(pattern) = &detector.pattern else { continue };
                let Some(matched) = pattern.at(self.bytes, found.value.start..found.value.end) else { continue };
                if matched.whole.end == found.value.end {
                    let key = (!key.is_empty()).then(|| found.key.clone());
                    self.push(Candidate { detector, whole: matched.whole, secret: matched.secret, key, public: "" });
                    return;
                }
            }
        }
        let Some(generic) = generic else {
            if found.tie == Tie::Sign
                && key.len() >= 3
                && keys::kind(key).is_none()
                && inner.index.named(key).is_empty()
                && let Some(slot) = self.plain_names.get_mut(slot)
            {
                *slot = name_hash;
            }
            return;
        };
        let Some(detector) = inner.detectors.iter().find(|detector| &*detector.id == generic.id()) else { return };
        self.push(Candidate { detector, whole: found.value.clone(), secret: found.value.clone(), key: Some(found.key), public: "" });
    }

    /// The name and what stands shortly before it on the same line.
    fn around_name(&self, found: &Assigned) -> Range<usize> {
        let end = found.value.start;
        let floor = end.saturating_sub(72);
        let before = self.bytes.get(floor..end).unwrap_or_default();
        let line = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        floor + line..end
    }

    /// `vendor-SECRET-value` in one run.
    fn dashed(&mut self, start: usize, end: usize) {
        let Some(run) = self.bytes.get(start..end) else { return };
        for (at, _) in run.iter().enumerate().filter(|(_, byte)| **byte == b'-') {
            let (name, rest) = (run.get(..at).unwrap_or_default(), run.get(at + 1..).unwrap_or_default());
            if rest.len() < 16 {
                return;
            }
            let tail = name.get(name.len().saturating_sub(6)..).unwrap_or_default().to_ascii_lowercase();
            let shouted = name.ends_with(b"PRIVATE") || name.ends_with(b"ACCESS");
            if (shouted || tail.ends_with(b"key") || tail.ends_with(b"token") || tail.ends_with(b"secret"))
                && keys::kind(name).is_some()
                && (value::is_random(rest) || value::is_guid(rest))
            {
                self.assigned(Assigned { key: start..start + at, value: start + at + 1..end, quoted: true, tie: Tie::Sign });
                return;
            }
        }
    }

    fn literals(&mut self, from: usize, to: usize) {
        let inner = self.inner;
        inner.index.literals.each(self.bytes, from, to, |literal, start, end| {
            let Some(targets) = inner.index.targets.get(usize::from(literal)) else { return };
            for target in targets {
                self.wake(*target, start, end);
            }
        });
    }

    fn wake(&mut self, target: Target, start: usize, end: usize) {
        match target {
            Target::Detector(id) => self.detector(id, start, end),
            Target::Stem => {
                if self.file == FileKind::Digests {
                    return;
                }
                // Most words of prose are followed by a space and a letter: look before anything else.
                let name = context::name_around(self.bytes, start, end);
                if let Some(found) = context::after(self.bytes, name) {
                    // Prose: `password changed`, `the secret of success`.
                    let value = self.bytes.get(found.value.clone()).unwrap_or_default();
                    if found.tie == Tie::Space && !value.iter().any(u8::is_ascii_digit) {
                        return;
                    }
                    let stem = |key: &[u8]| keys::kind(key).is_some();
                    if self.bytes.get(found.key.clone()).is_some_and(stem) {
                        self.assigned(found);
                    }
                }
            }
            Target::Url => {
                if let Some(span) = url::password(self.bytes, start) {
                    self.named_generic("url-credentials", span, None);
                }
            }
            Target::Authorization => {
                if let Some(span) = header::authorization(self.bytes, end) {
                    self.named_generic("authorization-header", span, Some(start.saturating_sub(1)..end));
                }
            }
            Target::Curl => self.curl(end - 1),
            Target::JsonEscape => decode::json_around(self, start),
            Target::PercentEscape => decode::percent_around(self, start),
        }
    }

    /// A detector whose literal stands at `start..end`.
    fn detector(&mut self, id: u16, start: usize, end: usize) {
        let inner = self.inner;
        let Some(detector) = inner.detectors.get(usize::from(id)) else { return };
        let Some(pattern) = &detector.pattern else { return };
        let limit = self.bytes.len().min(end + detector.after);
        let found = if detector.before == 0 {
            pattern.at(self.bytes, start..limit)
        } else {
            let found = pattern.find(self.bytes, start.saturating_sub(detector.before)..limit);
            found.filter(|found| found.whole.start <= start && found.whole.end >= end)
        };
        let Some(found) = found else { return };
        let public = self
            .bytes
            .get(start..end)
            .filter(|_| found.secret.start == start)
            .and_then(|text| std::str::from_utf8(text).ok())
            .unwrap_or_default();
        let key = (found.secret.start > start).then_some(start..end);
        self.push(Candidate { detector, whole: found.whole, secret: found.secret, key, public });
    }

    /// The options of a `curl` command, which may go on over several lines.
    fn curl(&mut self, start: usize) {
        let Some(window) = self.bytes.get(start..self.bytes.len().min(start + 2048)) else { return };
        let mut end = 0;
        while let Some(at) = memchr::memchr(b'\n', window.get(end..).unwrap_or_default()) {
            end += at;
            let carried = window.get(..end).unwrap_or_default().trim_ascii_end().ends_with(b"\\");
            if !carried && !window.get(end + 1..).unwrap_or_default().trim_ascii_start().starts_with(b"-") {
                break;
            }
            end += 1;
        }
        if memchr::memchr(b'\n', window.get(end..).unwrap_or_default()).is_none() {
            end = window.len();
        }
        let command = window.get(..end).unwrap_or_default();
        for option in [&b" -u"[..], b" --user", b"\n-u", b"\t-u"] {
            for at in memchr::memmem::find_iter(command, option) {
                let after = start + at + option.len();
                if let Some(span) = header::user_option(self.bytes, after) {
                    self.named_generic("curl-credentials", span, None);
                }
            }
        }
        self.curl_headers(start, start + end);
    }

    /// `-H "Token: x"`: headers of a `curl` command may be shorter than tokens elsewhere.
    fn curl_headers(&mut self, start: usize, end: usize) {
        let Some(command) = self.bytes.get(start..end) else { return };
        for at in memchr::memmem::find_iter(command, b": ").take(32) {
            let colon = start + at;
            let name = context::name_around(self.bytes, colon, colon);
            let Some(key) = self.bytes.get(name.start..colon) else { continue };
            if keys::kind(key).is_none() || key.eq_ignore_ascii_case(b"authorization") {
                continue;
            }
            let Some(found) = context::after(self.bytes, name.start..colon) else { continue };
            let secret = self.bytes.get(found.value.clone()).unwrap_or_default();
            let shape = value::shape(secret);
            let good = secret.len() >= 10
                && shape.digits > 0
                && shape.uppers + shape.lowers > 0
                && !value::is_placeholder(secret)
                && !value::is_reference(secret);
            if good && !value::is_wordy(secret) {
                self.named_generic("authorization-header", found.value, Some(name.start..colon));
            }
        }
    }

    fn named_generic(&mut self, id: &str, span: Range<usize>, key: Option<Range<usize>>) {
        let inner = self.inner;
        let Some(detector) = inner.detectors.iter().find(|detector| &*detector.id == id) else { return };
        self.push(Candidate { detector, whole: span.clone(), secret: span, key, public: "" });
    }

    pub(super) fn push(&mut self, candidate: Candidate<'_>) {
        if let Some(hit) = accept::accept(self.bytes, self.path, candidate) {
            self.hits.push(hit);
        }
    }
}

/// FNV-1a, never zero: zero marks an empty slot.
fn hash(text: &[u8]) -> u64 {
    text.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)).max(1)
}
