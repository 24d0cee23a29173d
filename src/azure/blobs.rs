//! Logs out of a blob container: `https://ACCOUNT.blob.core.windows.net/CONTAINER[/PREFIX][?SAS]`, read only, streamed.

use std::io;
use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use azure_core::http::{ClientOptions, Url};
use azure_storage_blob::models::BlobContainerClientListBlobsOptions;
use azure_storage_blob::{BlobContainerClient, BlobContainerClientOptions};
use futures::TryStreamExt;

/// What a token for blobs must be for, in every cloud. <https://learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory>
pub const SCOPE: &str = "https://storage.azure.com/.default";

/// A container that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The address is not one of a container.
    #[error("`{0}` is no blob container; write https://ACCOUNT.blob.core.windows.net/CONTAINER")]
    Address(String),
    /// The service refused, or cannot be reached.
    #[error("the container cannot be read: {0}")]
    Service(String),
}

impl From<azure_core::Error> for BlobError {
    fn from(error: azure_core::Error) -> Self {
        Self::Service(without_signature(&error.to_string()))
    }
}

/// An error may repeat the address; the signature of a SAS in it is a secret.
fn without_signature(text: &str) -> String {
    let mut parts = text.split("sig=");
    let mut shown = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let end = part.find(|c: char| c == '&' || c == '"' || c == '\'' || c == ')' || c.is_whitespace()).unwrap_or(part.len());
        shown.push_str("sig=***");
        shown.push_str(part.get(end..).unwrap_or(""));
    }
    shown
}

/// A container and what its blobs' names start with.
pub struct Container {
    client: BlobContainerClient,
    prefix: String,
    shown: String,
}

/// One blob: its name, and its size in bytes.
pub type Blob = (String, u64);

impl Container {
    /// Opens the container at `address`. With a SAS in the address no credential is used; without one it is needed.
    ///
    /// # Errors
    /// [`BlobError::Address`] for anything but `https` and a container.
    pub fn open(address: &str, credential: Option<Arc<dyn TokenCredential>>, options: ClientOptions) -> Result<Self, BlobError> {
        // The signature of a SAS must not reach messages.
        let plain = address.split('?').next().unwrap_or(address).to_owned();
        let wrong = || BlobError::Address(plain.clone());
        let mut url = Url::parse(address).map_err(|_| wrong())?;
        if url.scheme() != "https" || url.host_str().is_none() || !url.username().is_empty() {
            return Err(wrong());
        }
        // On loopback the account is a part of the path, as in the storage emulator.
        let local = url.host_str().is_some_and(|host| host == "localhost" || host.starts_with("127."));
        let parts: Vec<String> = url.path().split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let fixed = if local { 2 } else { 1 };
        let (head, tail) = parts.split_at_checked(fixed).ok_or_else(wrong)?;
        url.set_path(&head.join("/"));
        let signed = url.query().is_some_and(|query| query.contains("sig="));
        let credential = credential.filter(|_| !signed);
        let options = BlobContainerClientOptions { client_options: options, ..BlobContainerClientOptions::default() };
        Ok(Self { client: BlobContainerClient::new(url, credential, Some(options))?, prefix: tail.join("/"), shown: plain })
    }

    /// The container's blobs, by name.
    ///
    /// # Errors
    /// [`BlobError::Service`].
    pub async fn list(&self) -> Result<Vec<Blob>, BlobError> {
        let prefix = (!self.prefix.is_empty()).then(|| self.prefix.clone());
        let options = BlobContainerClientListBlobsOptions { prefix, ..BlobContainerClientListBlobsOptions::default() };
        let mut pages = self.client.list_blobs(Some(options))?;
        let mut blobs = Vec::new();
        while let Some(item) = pages.try_next().await? {
            let size = item.properties.as_ref().and_then(|properties| properties.content_length).unwrap_or(0);
            if let Some(name) = item.name {
                blobs.push((name, size));
            }
        }
        blobs.sort();
        Ok(blobs)
    }

    /// How a blob is called in reports; never with the signature of a SAS.
    pub fn name_of(&self, blob: &str) -> String {
        let rest = blob.strip_prefix(self.prefix.as_str()).unwrap_or(blob);
        format!("{}/{}", self.shown.trim_end_matches('/'), rest.trim_start_matches('/'))
    }

    /// Downloads a blob and gives each block to `each`, until that says to stop.
    ///
    /// # Errors
    /// What the service says, as an error of reading.
    pub async fn download(&self, blob: &str, each: &mut (dyn FnMut(Vec<u8>) -> bool + Send)) -> io::Result<()> {
        let failed = |error: azure_core::Error| io::Error::other(without_signature(&error.to_string()));
        let answer = self.client.blob_client(blob).download(None).await.map_err(failed)?;
        let mut body = answer.body;
        while let Some(block) = body.try_next().await.map_err(failed)? {
            if !each(block.to_vec()) {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::without_signature;

    #[test]
    fn a_signature_never_reaches_a_message() {
        let text = "GET https://x/c?sv=1&sig=abc%2Fdef&se=2 failed; (https://x/c?sig=abc)";
        assert_eq!(without_signature(text), "GET https://x/c?sv=1&sig=***&se=2 failed; (https://x/c?sig=***)");
        assert_eq!(without_signature("plain"), "plain");
    }
}
