use serde::{Deserialize, Serialize};

/// What the first record calls the file.
pub const FORMAT: &str = "azward-snapshot";
/// The version that this build writes. A reader takes this one and refuses later ones.
pub const VERSION: u32 = 1;

/// One line of a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "camelCase")]
pub enum Record {
    /// First line: what this is and how it was made.
    Meta(Meta),
    /// A subscription in scope.
    Subscription(SubscriptionInfo),
    /// A resource, or a child or extension of one.
    Resource(Item),
    /// Something that exists, or may, and could not be read.
    Unread(Unread),
    /// Calls that failed.
    Gap(Gap),
    /// A collector that came to its end in one subscription.
    Done(Done),
    /// Last line.
    End(End),
}

/// What the snapshot is and how it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The azward that wrote it.
    pub tool: String,
    /// When the run started, RFC 3339 in UTC.
    pub started: String,
    /// `public`, `usgov`, `china` or `custom`.
    pub cloud: String,
    /// The tenant's id, where it was asked for by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The scope as it was asked for, for people.
    #[serde(default)]
    pub scope: Vec<String>,
    /// Where only what changed was read: since when, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_since: Option<String>,
    /// Whether only some resources of the subscriptions were read: what is not here may exist all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub narrow: bool,
}

/// A subscription in scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionInfo {
    /// Its GUID.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// `Enabled`, `Disabled`, `Warned` …, as Azure says it.
    pub state: String,
    /// The tenant that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub tags: serde_json::Map<String, serde_json::Value>,
}

/// A resource as it was read, in ARM's shape, secrets marked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Type, spelt as templates spell it.
    pub kind: String,
    /// Full ARM id as Azure wrote it.
    pub id: String,
    /// The subscription that it was read in.
    pub subscription: String,
    /// The collector that read it.
    pub collector: String,
    /// The version of the API that answered, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Which service answered.
    pub source: Source,
    /// The body.
    pub body: serde_json::Value,
}

/// Which service answered. Resource Graph lags the truth by seconds to minutes; Resource Manager does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// Azure Resource Graph.
    Graph,
    /// Azure Resource Manager.
    Manager,
}

/// Something that exists, or may, and could not be read. Rules over it are undecided, not passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unread {
    /// The type that would have been read.
    pub kind: String,
    /// What it would belong to: the parent's id, or the subscription's.
    pub parent: String,
    /// The subscription.
    pub subscription: String,
    /// Why not, for people.
    pub why: String,
}

/// Calls of one kind in one subscription that failed in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The subscription, or the tenant's name for calls above all subscriptions.
    pub subscription: String,
    /// The collector.
    pub collector: String,
    /// The type that could not be read.
    pub kind: String,
    /// HTTP status, where there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Azure's error code, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What went wrong and what to do about it.
    pub message: String,
    /// The permission that the call needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// How many calls.
    pub count: u64,
    /// The first few that failed, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
}

/// A collector that came to its end in one subscription, with or without gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    /// The subscription.
    pub subscription: String,
    /// The collector.
    pub collector: String,
    /// How many resources it read.
    pub resources: u64,
    /// How many of its calls failed.
    pub gaps: u64,
    /// How many resources it left out on purpose, and why that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

/// How the run ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// Whether everything in scope was asked for (gaps or not).
    pub complete: bool,
    /// Why not, where it was not: `interrupted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Resources written.
    pub resources: u64,
    /// Requests sent.
    pub requests: u64,
    /// Requests that were answered 429.
    pub throttled: u64,
    /// When the run ended, RFC 3339 in UTC.
    pub ended: String,
}
