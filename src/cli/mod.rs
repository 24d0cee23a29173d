//! One file per command: reads arguments, calls the library, turns the outcome into an exit code.
