//! Every detector proves itself: its positives are found, its negatives are left alone, and nothing tells the value.
//!
//! Examples hold templates instead of values, so that no file of the project holds anything that looks like a live secret:
//! `{an:20}` letters and digits, `{lan}` lower case, `{UAN}` upper case, `{hex}`, `{HEX}`, `{b64}`, `{b64url}`, `{b32}`, `{lower}`, `{upper}`,
//! `{digit}`, `{guid}`, `{jwt}`, and formats with a checksum: `{marvin:64:+ASt:Default0}`, `{annotated:AZDO}`, `{entra}`, `{devops}`,
//! `{crc32:ghp_:30}`. The same template always gives the same value.

#![allow(clippy::string_slice, reason = "a test")]

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Scanner, catalogue, verify::forge};

/// A small generator: good enough for values that look random, the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn of(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet = alphabet.as_bytes();
        (0..length).map(|_| char::from(alphabet[(self.next() % alphabet.len() as u64) as usize])).collect()
    }
}

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGIT: &str = "0123456789";

/// `template` with every `{…}` that is a template filled in; other braces stay.
pub(super) fn expand(template: &str, seed: u64) -> String {
    let mut numbers = Numbers(seed);
    let mut text = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        let tail = &rest[open + 1..];
        let filled = tail.find('}').and_then(|close| Some((fill(&tail[..close], &mut numbers)?, close)));
        match filled {
            Some((value, close)) => {
                text.push_str(&value);
                rest = &tail[close + 1..];
            }
            None => {
                text.push('{');
                rest = tail;
            }
        }
    }
    text + rest
}

fn fill(name: &str, numbers: &mut Numbers) -> Option<String> {
    let parts: Vec<&str> = name.split(':').collect();
    let alphabet = match parts[0] {
        "an" => [LOWER, UPPER, DIGIT].concat(),
        "lan" => [LOWER, DIGIT].concat(),
        "UAN" => [UPPER, DIGIT].concat(),
        "hex" => "0123456789abcdef".to_owned(),
        "HEX" => "0123456789ABCDEF".to_owned(),
        "b64" => [LOWER, UPPER, DIGIT, "+/"].concat(),
        "b64url" => [LOWER, UPPER, DIGIT, "-_"].concat(),
        "b32" => [LOWER, "234567"].concat(),
        "B32" => [UPPER, "234567"].concat(),
        "lower" => LOWER.to_owned(),
        "upper" => UPPER.to_owned(),
        "digit" => DIGIT.to_owned(),
        "guid" => {
            let mut hex = |length| numbers.of("0123456789abcdef", length);
            return Some(format!("{}-{}-4{}-a{}-{}", hex(8), hex(4), hex(3), hex(3), hex(12)));
        }
        "jwt" => {
            let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
            let claims = format!(r#"{{"sub":"{}","exp":1893456000}}"#, numbers.of(DIGIT, 9));
            let signature = numbers.of(&[LOWER, UPPER, DIGIT].concat(), 43);
            return Some(format!("{}.{}.{signature}", part(r#"{"typ":"JWT","alg":"HS256"}"#), part(&claims)));
        }
        "azurite" => {
            return Some(["Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6I", "FsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="].concat());
        }
        "marvin" => {
            let seed: [u8; 8] = parts[3].as_bytes().try_into().unwrap();
            return Some(forge::identifiable(parts[1].parse().unwrap(), parts[2], &seed));
        }
        "annotated" => return Some(forge::annotated(parts[1])),
        "entra" => return Some(forge::entra()),
        "devops" => return Some(forge::devops()),
        "crc32" => return Some(forge::crc32(parts[1], &numbers.of(&[LOWER, UPPER, DIGIT].concat(), parts[2].parse().unwrap()))),
        _ => return None,
    };
    parts.get(1).and_then(|length| length.parse().ok()).map(|length| {
        let mut value = numbers.of(&alphabet, length);
        // Digits in every longer value, as in every real one.
        if length >= 8 && alphabet.contains("34") && !value.contains(|c: char| c.is_ascii_digit()) {
            value.replace_range(3..5, "74");
        }
        value
    })
}

/// `path|text`, or only the text.
fn split(example: &str) -> (&str, &str) {
    match example.split_once('|') {
        Some((path, text)) if !path.is_empty() && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"./-_*".contains(&b)) => (path, text),
        _ => ("example.txt", example),
    }
}

#[test]
fn every_positive_is_found_and_every_negative_is_left_alone() {
    let scanner = Scanner::builtin();
    let mut wrong = Vec::new();
    for file in catalogue::raw_builtin() {
        for raw in file.detectors {
            assert!(!raw.positives.is_empty(), "`{}` has no positive example", raw.id);
            for (seed, example) in raw.positives.iter().enumerate() {
                let (path, template) = split(example);
                let text = expand(template, seed as u64 + 1);
                let hits = scanner.scan(path, text.as_bytes());
                if !hits.iter().any(|hit| *hit.detector == *raw.id) {
                    let other: Vec<_> = hits.iter().map(|hit| &hit.detector).collect();
                    wrong.push(format!("{}: not found: {example} -> {other:?}", raw.id));
                }
                for hit in &hits {
                    let told = format!("{hit:?} {}", serde_json::to_string(hit).unwrap());
                    let secret = &text[hit.span.clone()];
                    assert!(secret.is_empty() || !told.contains(secret), "`{}` tells the secret of {example}", raw.id);
                }
            }
            for (seed, example) in raw.negatives.iter().enumerate() {
                let (path, template) = split(example);
                let text = expand(template, seed as u64 + 1);
                if scanner.scan(path, text.as_bytes()).iter().any(|hit| *hit.detector == *raw.id) {
                    wrong.push(format!("{}: found in a negative: {example}", raw.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn ids_are_unique_and_patterns_compile() {
    let detectors = catalogue::builtin().unwrap();
    let ids: BTreeSet<&str> = detectors.iter().map(|detector| &*detector.id).collect();
    assert_eq!(ids.len(), detectors.len(), "an id is there twice");
    for detector in &detectors {
        if let Some(pattern) = &detector.pattern {
            pattern.check().unwrap_or_else(|why| panic!("`{}`: {why}", detector.id));
        }
    }
}

#[test]
fn there_are_as_many_as_promised() {
    let detectors = catalogue::builtin().unwrap();
    let microsoft = detectors.iter().filter(|detector| detector.vendor.contains("Microsoft")).count();
    assert!(detectors.len() >= 220, "{} detectors", detectors.len());
    assert!(microsoft >= 60, "{microsoft} of Microsoft and Azure");
}
