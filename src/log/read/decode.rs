use std::io::{self, BufReader, Cursor, Read};

/// Undoes gzip and zstd, however many members or frames there are; recognised by their first bytes.
///
/// # Errors
/// What the reader says.
pub fn decode<'r>(mut inner: Box<dyn Read + Send + 'r>) -> io::Result<Box<dyn Read + Send + 'r>> {
    let mut magic = [0; 4];
    let mut have = 0;
    while let Some(rest) = magic.get_mut(have..).filter(|rest| !rest.is_empty()) {
        match inner.read(rest) {
            Ok(0) => break,
            Ok(n) => have += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let head = magic.get(..have).unwrap_or(&[]).to_vec();
    let gzip = head.starts_with(&[0x1f, 0x8b]);
    let zstd = head == [0x28, 0xb5, 0x2f, 0xfd];
    let whole = Cursor::new(head).chain(inner);
    Ok(if gzip {
        Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(128 << 10, whole)))
    } else if zstd {
        let mut decoder = zstd::stream::read::Decoder::new(whole)?;
        // A frame may ask for a window of gigabytes; 64 MiB is the most that `zstd --long` needs by default plus a margin.
        decoder.window_log_max(26)?;
        Box::new(decoder)
    } else {
        Box::new(whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).expect("write");
        encoder.finish().expect("finish")
    }

    fn read(bytes: Vec<u8>) -> io::Result<String> {
        let mut text = String::new();
        decode(Box::new(Cursor::new(bytes)))?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn several_members_plain_text_and_short_files() {
        assert_eq!(read([gzip("one\n"), gzip("two\n")].concat()).expect("valid"), "one\ntwo\n");
        let frames = [zstd::encode_all(&b"one\n"[..], 1).expect("zstd"), zstd::encode_all(&b"two\n"[..], 1).expect("zstd")].concat();
        assert_eq!(read(frames).expect("valid"), "one\ntwo\n");
        assert_eq!(read(b"plain".to_vec()).expect("valid"), "plain");
        assert_eq!(read(b"{}".to_vec()).expect("valid"), "{}");
        assert_eq!(read(Vec::new()).expect("valid"), "");
    }

    #[test]
    fn a_cut_member_is_an_error() {
        let mut bytes = gzip(&"text ".repeat(1000));
        bytes.truncate(bytes.len() / 2);
        assert!(read(bytes).is_err());
    }
}
