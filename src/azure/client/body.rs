use super::{CallError, Failure};

/// Reads a body, at most `limit` bytes of it after decompression.
pub(super) async fn read(mut response: reqwest::Response, limit: usize) -> Result<Vec<u8>, CallError> {
    let expected = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut body = Vec::with_capacity(expected.min(limit));
    loop {
        let chunk = response.chunk().await.map_err(|error| {
            let failure = if error.is_timeout() { Failure::Timeout } else { Failure::Broken };
            CallError::new(failure, format!("the answer broke off after {} bytes ({})", body.len(), error.without_url()))
        })?;
        let Some(chunk) = chunk else { return Ok(body) };
        if body.len() + chunk.len() > limit {
            return Err(CallError::new(Failure::TooLarge, format!("the answer is larger than {} MiB", limit >> 20)));
        }
        body.extend_from_slice(&chunk);
    }
}
