//! TLS versions, however a log spells them.

/// A protocol version; SSL counts as older than every TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tls {
    /// SSL 2.0 or 3.0.
    Ssl,
    /// TLS 1.0.
    V1_0,
    /// TLS 1.1.
    V1_1,
    /// TLS 1.2.
    V1_2,
    /// TLS 1.3.
    V1_3,
}

impl Tls {
    /// Reads `TLS1_2`, `TLS 1.2`, `TLSv1.2`, `TLSv1` (that is 1.0), `1.2`, `SSLv3`; `None` for anything else.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let text = bytes.trim_ascii();
        let starts = |word: &[u8]| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        if starts(b"ssl") {
            return Some(Self::Ssl);
        }
        let number = if starts(b"tls") { text.get(3..)? } else { text };
        let number = number.trim_ascii_start();
        let number = number.strip_prefix(b"v").or_else(|| number.strip_prefix(b"V")).unwrap_or(number);
        match number {
            b"1" | b"1.0" | b"1_0" | b"10" => Some(Self::V1_0),
            b"1.1" | b"1_1" | b"11" => Some(Self::V1_1),
            b"1.2" | b"1_2" | b"12" => Some(Self::V1_2),
            b"1.3" | b"1_3" | b"13" => Some(Self::V1_3),
            _ => None,
        }
    }

    /// The number that people write: `1.2`; `SSL` for what came before.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ssl => "SSL",
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tls;

    #[test]
    fn every_service_spells_it_its_own_way() {
        for (text, version) in [
            ("TLS1_2", Tls::V1_2),
            ("TLS 1.2", Tls::V1_2),
            ("TLSv1", Tls::V1_0),
            ("TLSv1.0", Tls::V1_0),
            ("TlsV1_1", Tls::V1_1),
            ("1.3", Tls::V1_3),
            ("SSLv3", Tls::Ssl),
        ] {
            assert_eq!(Tls::parse(text.as_bytes()), Some(version), "{text}");
        }
        assert!(Tls::V1_0 < Tls::V1_2 && Tls::Ssl < Tls::V1_0);
        assert_eq!(Tls::parse(b"-"), None);
        assert_eq!(Tls::parse(b""), None);
    }
}
