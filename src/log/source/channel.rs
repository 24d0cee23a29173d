use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// The writing end of a [`channel`]: gives blocks, or the error that ends them. Fails once nobody reads any more.
pub type Sender = SyncSender<io::Result<Vec<u8>>>;

/// A reader of blocks that another thread, or an async task, sends.
pub struct ChannelReader {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
}

/// A reader and its writing end. At most `blocks` blocks wait in between.
pub fn channel(blocks: usize) -> (Sender, ChannelReader) {
    let (sender, receiver) = sync_channel(blocks);
    (sender, ChannelReader { blocks: receiver, block: Vec::new(), at: 0 })
}

impl Read for ChannelReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.block.len() {
            match self.blocks.recv() {
                Ok(block) => (self.block, self.at) = (block?, 0),
                Err(_) => return Ok(0),
            }
        }
        let rest = self.block.get(self.at..).unwrap_or(&[]);
        let count = rest.len().min(into.len());
        for (to, from) in into.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_arrive_in_order_and_errors_end_the_stream() {
        let (sender, mut reader) = channel(1);
        let thread = std::thread::spawn(move || {
            for block in [Ok(b"one ".to_vec()), Ok(Vec::new()), Ok(b"two".to_vec()), Err(io::Error::other("cut"))] {
                sender.send(block).expect("read");
            }
        });
        let mut text = Vec::new();
        assert!(reader.read_to_end(&mut text).is_err());
        assert_eq!(text, b"one two");
        thread.join().expect("no panic");
    }
}
