//! What can go wrong, on demand.

/// A fault: what, where, how often.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Part of the path in lower case that a request must have, `$` for its end; `graph` and the query for Resource Graph.
    pub path: String,
    /// How many such requests it lets pass before.
    pub skip: usize,
    /// How many requests it strikes.
    pub times: usize,
    pub what: What,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// 429, with or without `Retry-After` in seconds.
    Throttled(Option<u64>),
    /// 403 `AuthorizationFailed`.
    Forbidden,
    /// 401, as when a token is withdrawn before its time.
    Unauthorized,
    /// 401 of a server whose clock is years away from this machine's.
    OtherClock,
    /// Any other status with a code.
    Status(u16, &'static str),
    /// The answer comes after so many milliseconds.
    Slow(u64),
    /// The body ends in the middle, though it was announced whole.
    Truncated,
    /// The body is cut JSON of the announced length.
    HalfJson,
    /// The first page comes again as the second.
    DuplicatePage,
    /// The next page is said to be on another host.
    ForeignLink,
    /// The next page is said to be on this host.
    LinkTo(&'static str),
    /// The next page is said to be this one.
    LoopLink,
    /// The page carries so many bytes more than it needs.
    Large(usize),
    /// Every field of the items is null.
    Nulls,
    /// Every field of the items has another type.
    OtherTypes,
    /// The answer is HTML, as a proxy sends it.
    Html,
}

impl Fault {
    pub fn new(path: &str, times: usize, what: What) -> Self {
        Self { path: path.to_lowercase(), skip: 0, times, what }
    }

    /// The same, from the second such request on.
    pub fn later(mut self) -> Self {
        self.skip = 1;
        self
    }

    /// Whether a request of this path is one that it strikes.
    pub fn fits(&self, path: &str) -> bool {
        self.path.strip_suffix('$').map_or_else(|| path.contains(&self.path), |end| path.ends_with(end))
    }

    /// Always.
    pub fn always(path: &str, what: What) -> Self {
        Self::new(path, usize::MAX, what)
    }
}
