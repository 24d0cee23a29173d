use super::LogType;
use crate::log::fields::{Take::Keep, Within::Properties};
use crate::log::json::Raw;
use crate::log::{LogKind, Slot};

/// Storage resource logs. <https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference>
pub const TYPE: LogType = LogType {
    kind: LogKind::Storage,
    categories: &[
        "storageread",
        "storagewrite",
        "storagedelete",
        "storagebloblogs",
        "storagefilelogs",
        "storagetablelogs",
        "storagequeuelogs",
    ],
    fields: &[
        (Properties, "tlsVersion", Keep(Slot::Tls)),
        (Properties, "userAgentHeader", Keep(Slot::UserAgent)),
        (Properties, "referrerHeader", Keep(Slot::Referer)),
        (Properties, "objectKey", Keep(Slot::Object)),
        (Properties, "accountName", Keep(Slot::Name)),
        (Properties, "statusText", Keep(Slot::ResultSignature)),
        (Properties, "protocol", Keep(Slot::Protocol)),
        (Properties, "AuthenticationType", Keep(Slot::AuthType)),
        (Properties, "RequesterObjectId", Keep(Slot::Oid)),
        (Properties, "RequesterAppId", Keep(Slot::AppId)),
        (Properties, "RequesterUpn", Keep(Slot::Upn)),
    ],
    recognise: super::by_category,
    settle: |event| {
        let uri = event.get(Slot::Uri);
        let scheme: &[u8] = if uri.starts_with("https:") {
            b"https"
        } else if uri.starts_with("http:") {
            b"http"
        } else {
            return;
        };
        event.set(Slot::Scheme, Raw::plain(scheme));
    },
};
