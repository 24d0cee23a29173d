//! A report to text, one file or folder per output. Never asks which front end a finding came from.
