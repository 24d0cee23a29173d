//! That azward only reads is a property of its text: there is one place that sends to ARM, and it knows two things to send;
//! one other asks Log Analytics a question, which its API takes by POST.

use std::{fs, path::Path};

#[test]
fn the_room_only_reads() {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/azure");
    let mut senders = Vec::new();
    for entry in
        walkdir::WalkDir::new(room).into_iter().filter_map(Result::ok).filter(|entry| entry.path().extension().is_some_and(|e| e == "rs"))
    {
        let text = fs::read_to_string(entry.path()).unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        for verb in [".put(", ".patch(", ".delete(", "Method::PUT", "Method::DELETE", "Method::PATCH", ".request("] {
            let sends = text.lines().any(|line| line.contains("http") && line.contains(verb));
            assert!(!sends, "{name} has {verb}");
        }
        if text.contains(".post(") {
            senders.push(name);
        }
    }
    senders.sort();
    assert_eq!(
        senders,
        ["send.rs", "workspace.rs"],
        "the queries of Resource Graph and Log Analytics are the only POSTs, and both only read"
    );
    for file in ["src/azure/client/send.rs", "src/azure/workspace.rs"] {
        let sender = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        assert_eq!(sender.matches(".post(").count(), 1, "{file}");
    }
}
