use super::LogType;
use crate::log::LogKind;
use crate::log::Slot;
use crate::log::fields::{Take::Keep, Within::Properties};

/// Backup jobs of a Recovery Services vault. <https://learn.microsoft.com/azure/backup/backup-azure-reports-data-model>
pub const TYPE: LogType = LogType {
    kind: LogKind::Backup,
    categories: &["addonazurebackupjobs", "azurebackupreport"],
    fields: &[
        (Properties, "JobOperation", Keep(Slot::JobOperation)),
        (Properties, "JobStatus", Keep(Slot::JobStatus)),
        (Properties, "BackupItemUniqueId", Keep(Slot::Item)),
        (Properties, "JobUniqueId", Keep(Slot::CorrelationId)),
        (Properties, "JobFailureCode", Keep(Slot::ResultDescription)),
        (Properties, "BackupItemFriendlyName", Keep(Slot::Name)),
    ],
    recognise: |event, listed| listed && (event.get(Slot::JobOperation).is_set() || event.get(Slot::JobStatus).is_set()),
    settle: super::nothing,
};
