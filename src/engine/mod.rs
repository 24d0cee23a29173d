//! Plans the run, evaluates in parallel, applies ignores and waivers, orders findings, keeps the ledger.
