use super::LogType;
use crate::log::fields::{Take::Keep, Within::Properties};
use crate::log::{LogKind, Slot};

/// Key Vault's `AuditEvent`: the only log that has the reads of secrets, keys and certificates.
/// <https://learn.microsoft.com/azure/key-vault/general/logging>
pub const TYPE: LogType = LogType {
    kind: LogKind::KeyVault,
    categories: &["auditevent", "azkvauditlogs"],
    fields: &[
        (Properties, "id", Keep(Slot::Object)),
        (Properties, "id_s", Keep(Slot::Object)),
        (Properties, "requestUri", Keep(Slot::Uri)),
        (Properties, "requestUri_s", Keep(Slot::Uri)),
        (Properties, "httpStatusCode", Keep(Slot::Status)),
        (Properties, "httpStatusCode_d", Keep(Slot::Status)),
        (Properties, "tlsVersion", Keep(Slot::Tls)),
        (Properties, "tlsVersion_s", Keep(Slot::Tls)),
        (Properties, "clientInfo", Keep(Slot::UserAgent)),
        (Properties, "clientInfo_s", Keep(Slot::UserAgent)),
        (Properties, "identity_claim_appid_g", Keep(Slot::AppId)),
        (Properties, "identity_claim_http_schemas_microsoft_com_identity_claims_objectidentifier_g", Keep(Slot::Oid)),
        (Properties, "identity_claim_http_schemas_xmlsoap_org_ws_2005_05_identity_claims_upn_s", Keep(Slot::Upn)),
        (Properties, "identity_claim_xms_mirid_s", Keep(Slot::ManagedIdentity)),
    ],
    recognise: |event, listed| {
        let resource = event.get(Slot::ResourceId);
        let own = resource.contains("/microsoft.keyvault/");
        // Flattened rows of AzureDiagnostics keep the category; other services have an `AuditEvent` too.
        (listed && (own || !resource.is_set())) || (own && event.get(Slot::Category).is("AuditEvent"))
    },
    settle: |event| {
        // The table has the object only in the request; and without its version every reader of one secret counts as one.
        if !event.get(Slot::Object).is_set() {
            event.set(Slot::Object, event.get(Slot::Uri));
        }
    },
};
