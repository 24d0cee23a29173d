//! azward's own settings: find, read, explain, schema.
