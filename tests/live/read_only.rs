//! That azward only reads is a property of its text: there is one place that sends, and it knows two things to send.

use std::{fs, path::Path};

#[test]
fn the_room_sends_in_one_place_and_only_reads() {
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
    assert_eq!(senders, ["send.rs"], "the Resource Graph query is the only POST");
    let sender = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/azure/client/send.rs")).unwrap();
    assert_eq!(sender.matches(".post(").count(), 1);
}
