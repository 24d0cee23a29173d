use std::{io, io::Write, sync::Arc};

use tokio::sync::mpsc;

use super::{CollectError, Request, Stop, collect};
use crate::azure::{
    client::Client,
    snapshot::{End, FORMAT, Gap, Meta, Record, VERSION, Writer},
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
    let (mut read, mut refused) = (0, None);
    for (at, client) in clients.iter().enumerate() {
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
        let end = match end {
            Ok(end) => end,
            // What the other tenants give is not lost for one that gives nothing.
            Err(error @ (CollectError::Subscriptions(_) | CollectError::NothingVisible(_))) if clients.len() > 1 => {
                let whose = client.tenant().map_or_else(|| format!("tenant {}", at + 1), |tenant| format!("tenant {tenant}"));
                let _ = sink.send(Record::Gap(nothing(whose, &error))).await;
                refused = refused.or(Some(error));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        read += 1;
        total.complete &= end.complete;
        total.reason = total.reason.or(end.reason);
        total.resources += end.resources;
        total.requests += end.requests;
        total.throttled += end.throttled;
        total.ended = end.ended;
    }
    if let (0, Some(error)) = (read, refused) {
        return Err(error.into());
    }
    let _ = sink.send(Record::End(total.clone())).await;
    drop(sink);
    let out = writer.await.map_err(io::Error::other)??;
    Ok((total, out))
}

/// A tenant of which nothing was read.
fn nothing(whose: String, error: &CollectError) -> Gap {
    let (status, code) = match error {
        CollectError::Subscriptions(error) => (error.status, error.code.clone()),
        _ => (None, None),
    };
    Gap {
        subscription: whose,
        collector: "subscriptions".into(),
        kind: "Microsoft.Resources/subscriptions".into(),
        status,
        code,
        message: error.to_string(),
        permission: Some("Microsoft.Resources/subscriptions/read".into()),
        count: 1,
        ..Gap::default()
    }
}
