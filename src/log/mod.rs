//! Lines to events, one file per log type; streaming, constant memory.
