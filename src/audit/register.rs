use std::io::Write;

use super::condition::Origin;
use super::redact::Redactor;
use super::settings::Conceal;
use crate::log::time::Moment;
use crate::log::{Event, LogKind, Slot};

/// The columns of the register.
pub const REGISTER_HEADER: [&str; 12] =
    ["time", "vault", "object", "operation", "caller", "objectId", "appId", "address", "result", "correlationId", "log", "line"];

/// One access to a vault's contents.
#[derive(Clone, Debug)]
pub struct Access {
    time: Option<Moment>,
    vault: String,
    object: String,
    operation: String,
    caller: String,
    oid: String,
    app: String,
    address: String,
    result: String,
    correlation: String,
    log: String,
    line: u64,
}

impl Access {
    /// The access that an event tells of, if it does: anything done to a secret, key or certificate.
    pub fn of(event: &Event<'_>, origin: Origin<'_>, time: Option<Moment>) -> Option<Self> {
        let operation = event.get(Slot::Operation);
        let content = ["secret", "key", "certificate"].iter().any(|word| operation.starts_with(word));
        if event.kind != LogKind::KeyVault || !content {
            return None;
        }
        let text = |slot: Slot| event.get(slot).text_or_empty().into_owned();
        Some(Self {
            time,
            vault: event.resource_name().to_ascii_lowercase(),
            object: event.vault_object().into_owned(),
            operation: text(Slot::Operation),
            caller: event.caller().into_owned(),
            oid: text(Slot::Oid),
            app: text(Slot::AppId),
            address: event.address().map(|address| address.to_string()).unwrap_or_default(),
            result: format!("{} {}", text(Slot::ResultSignature), text(Slot::Status)).trim().to_owned(),
            correlation: text(Slot::CorrelationId),
            log: origin.file.to_owned(),
            line: event.line,
        })
    }

    /// Writes the row.
    pub fn write<W: Write>(
        &self,
        csv: &mut csv::Writer<W>,
        mask: Option<&mut Redactor>,
        conceal: Option<Conceal<'_>>,
    ) -> Result<(), csv::Error> {
        let (mut caller, mut oid, mut address) = (self.caller.clone(), self.oid.clone(), self.address.clone());
        if let Some(mask) = mask {
            (caller, oid, address) = (mask.any(&caller), mask.id(&oid), mask.address(&address));
        }
        let time = self.time.map(|time| time.to_string()).unwrap_or_default();
        let line = self.line.to_string();
        let cells = [
            &time,
            &self.vault,
            &self.object,
            &self.operation,
            &caller,
            &oid,
            &self.app,
            &address,
            &self.result,
            &self.correlation,
            &self.log,
            &line,
        ];
        // A client may put anything into what it asks for, a secret too.
        let concealed = |cell: &String| conceal.and_then(|conceal| conceal(cell)).unwrap_or_else(|| cell.clone());
        csv.write_record(cells.map(|cell| guard(&concealed(cell))))
    }
}

/// A cell that a spreadsheet would run as a formula is made text.
fn guard(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}
