use std::io::Write;
use std::process::ExitCode;

/// The contract of exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: nothing at or over `--fail-on`.
    Clean,
    /// 1: findings at or over `--fail-on`.
    Findings,
    /// 2: wrong usage, wrong configuration, or a failure of azward's.
    Usage,
    /// 3: there was nothing to scan.
    Nothing,
    /// 4: something could not be seen, under `--strict`.
    Incomplete,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A command that could not do its work: the message says what, where and how to mend it.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    messages: Vec<String>,
}

impl Failure {
    /// The user's arguments, files or configuration are at fault.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, messages: vec![message.into()] }
    }

    /// Several things are at fault at once.
    pub fn all(messages: impl IntoIterator<Item = String>) -> Self {
        Self { exit: Exit::Usage, messages: messages.into_iter().collect() }
    }

    /// Prints the messages to stderr and returns the code.
    pub fn report(&self) -> Exit {
        let mut stderr = anstream::stderr().lock();
        for message in &self.messages {
            let _ = writeln!(stderr, "error: {message}");
        }
        self.exit
    }
}

/// A pipe that the reader closed ends the program quietly; anything else is a failure.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self { exit: Exit::Clean, messages: Vec::new() };
        }
        Self::usage(format!("the output cannot be written: {error}"))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::from(std::io::Error::from(error))
    }
}
