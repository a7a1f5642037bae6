//! Requests as bytes, for what no well-behaved client sends.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::answer::Answer;
use super::exchange::Exchange;

/// What follows the bytes of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The client waits for the answer.
    Wait,
    /// The client says that it has nothing more to send.
    Close,
}

impl Exchange {
    /// Sends bytes over a connection of their own and reads the answer.
    pub fn raw(&self, bytes: &[u8], then: Then) -> Answer {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
        let mut sending = stream.try_clone().expect("a second handle");
        let received = std::thread::scope(|scope| {
            scope.spawn(move || {
                // A server that has answered need not read the rest.
                let _ = sending.write_all(bytes);
                if then == Then::Close {
                    let _ = sending.shutdown(Shutdown::Write);
                }
            });
            receive(&mut stream)
        });
        let request = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
        let mut line = request.split([' ', '\r', '\n']);
        let (method, path) = (line.next().unwrap_or_default(), line.next().unwrap_or_default());
        let received = String::from_utf8_lossy(&received).into_owned();
        let (head, text) = received.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {request}"));
        let (status, headers) = head.split_once("\r\n").unwrap_or((head, ""));
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let headers = headers.lines().filter_map(|line| line.split_once(": "));
        Answer {
            method: method.to_owned(),
            path: path.to_owned(),
            status: status.unwrap_or_else(|| panic!("no status: {head}")),
            headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
            text: text.to_owned(),
        }
    }
}

/// Reads until the server closes or as much has come as it announced.
fn receive(stream: &mut TcpStream) -> Vec<u8> {
    let (mut received, mut buffer) = (Vec::new(), [0; 16_384]);
    loop {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return received,
            Ok(count) => received.extend_from_slice(&buffer[..count]),
        }
        let text = String::from_utf8_lossy(&received).to_lowercase();
        let announced = text.split_once("\r\n\r\n").and_then(|(head, _)| {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
            Some(head.len() + 4 + length.parse::<usize>().ok()?)
        });
        if announced.is_some_and(|length| received.len() >= length) {
            return received;
        }
    }
}
