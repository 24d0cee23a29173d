//! A proxy that takes every host to the fake, and remembers which hosts were asked for.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use crate::fake_azure::Fake;

pub struct Proxy {
    pub url: String,
    pub hosts: Arc<Mutex<BTreeSet<String>>>,
}

impl Proxy {
    pub async fn to(fake: &Fake) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let hosts: Arc<Mutex<BTreeSet<String>>> = Arc::default();
        let (seen, port) = (Arc::clone(&hosts), fake.url.rsplit(':').next().unwrap().parse::<u16>().unwrap());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(pass(near, port, Arc::clone(&seen)));
            }
        });
        Self { url, hosts }
    }
}

async fn pass(mut near: TcpStream, port: u16, seen: Arc<Mutex<BTreeSet<String>>>) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && near.read_exact(&mut byte).await.is_ok() {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let Some(host) = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()) else { return };
    seen.lock().unwrap().insert(host.to_owned());
    let mut far = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    near.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
    let _ = copy_bidirectional(&mut near, &mut far).await;
}
