//! Live subscriptions to resources: credentials, client, throttle, collectors, snapshot. The only async room.
