use std::{io, io::Write, sync::Arc};

use tokio::sync::mpsc;

use super::{CollectError, Request, Stop, collect};
use crate::azure::{
    client::Client,
    snapshot::{End, FORMAT, Meta, Record, VERSION, Writer},
};

/// Why a run left no whole snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// There was nothing to read.
    #[error(transparent)]
    Collect(#[from] CollectError),
    /// The snapshot cannot be written.
    #[error("the snapshot cannot be written: {0}")]
    Write(#[from] io::Error),
}

/// The first record of a run that starts now.
pub fn meta(client: &Client, tenant: Option<&str>, request: &Request) -> Meta {
    Meta {
        format: FORMAT.to_owned(),
        version: VERSION,
        tool: concat!("azward ", env!("CARGO_PKG_VERSION")).to_owned(),
        started: jiff::Timestamp::now().to_string(),
        cloud: client.cloud().name.to_owned(),
        tenant: tenant.map(str::to_owned),
        scope: request.scope.words(),
        changed_since: request.changed_since.map(|since| since.to_string()),
        narrow: request.scope.is_narrow() || !request.collectors.is_empty() || request.changed_since.is_some(),
    }
}

/// Reads everything in scope, of one tenant after another, into a snapshot in `out`.
///
/// A run that is told to stop still ends its snapshot, marked as partial.
///
/// # Errors
///
/// Where `out` cannot be written, or where a tenant has nothing to read.
pub async fn save<W: Write + Send + 'static>(
    clients: &[Arc<Client>],
    meta: &Meta,
    request: &Request,
    out: W,
    stop: Stop,
) -> Result<(End, W), SaveError> {
    let (sink, mut records) = mpsc::channel::<Record>(256);
    let meta = meta.clone();
    let writer = tokio::task::spawn_blocking(move || -> io::Result<W> {
        let mut writer = Writer::new(out, &meta)?;
        while let Some(record) = records.blocking_recv() {
            writer.write(record)?;
        }
        writer.finish()
    });
    let mut total = End { complete: true, ..End::default() };
    for client in clients {
        // Each tenant ends with a record of its own; the last one speaks for all.
        let (own, mut passing) = mpsc::channel::<Record>(256);
        let onward = sink.clone();
        let forward = tokio::spawn(async move {
            while let Some(record) = passing.recv().await {
                if !matches!(record, Record::End(_)) && onward.send(record).await.is_err() {
                    return;
                }
            }
        });
        let end = collect(client, request, &own, stop.clone()).await;
        drop(own);
        let _ = forward.await;
        let end = end?;
        total.complete &= end.complete;
        total.reason = total.reason.or(end.reason);
        total.resources += end.resources;
        total.requests += end.requests;
        total.throttled += end.throttled;
        total.ended = end.ended;
    }
    let _ = sink.send(Record::End(total.clone())).await;
    drop(sink);
    let out = writer.await.map_err(io::Error::other)??;
    Ok((total, out))
}
