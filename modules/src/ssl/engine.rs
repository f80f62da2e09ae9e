//! One connection's state, without its transport: what came in goes in, what is to go out comes out.

use super::verify::{PeerCheck, Verdict};
use rustls::pki_types::ServerName;
use rustls::server::{Accepted, Acceptor};
use rustls::{ClientConfig, ClientConnection, Connection, Error, ServerConfig};
use std::io::{Read, Write};
use std::sync::Arc;

/// What stands in front of each record: its kind, a version and how long it is.
const FRAME_BYTES: usize = 5;

pub struct Engine {
    state: State,
    /// What came in and was not taken yet.
    incoming: Vec<u8>,
    /// The frame of the record that comes in, as far as it is there, and how much of what it frames is still to come.
    frame: ([u8; FRAME_BYTES], usize),
    body_left: usize,
    /// What is to go out.
    pub outgoing: Vec<u8>,
    /// Nothing more will come in.
    pub is_cut: bool,
    /// Bytes that a call took and could not report, since they could not be sent.
    pub unreported: usize,
    pub check: Option<Arc<PeerCheck>>,
    /// The numbers of the suites that a client has offered.
    pub offered: Vec<u16>,
    is_close_sent: bool,
}

enum State {
    /// A server that waits for the client's first words.
    Accepting(Box<Acceptor>),
    Greeted(Box<Accepted>),
    Open(Box<Connection>),
    Failed,
}

/// What a step came to.
pub enum Step {
    /// It needs more from the other end.
    WantsInput,
    /// A client has said whom it wants.
    Greeted {
        server_name: Option<String>,
        protocols: Vec<Vec<u8>>,
    },
    Done,
}

/// What reading gave.
pub enum Taken {
    Bytes(usize),
    WantsInput,
    /// The other end has said that it is done.
    Closed,
}

impl Engine {
    fn new(state: State, check: Option<Arc<PeerCheck>>) -> Engine {
        Engine {
            state,
            incoming: Vec::new(),
            frame: ([0; FRAME_BYTES], 0),
            body_left: 0,
            outgoing: Vec::new(),
            is_cut: false,
            unreported: 0,
            check,
            offered: Vec::new(),
            is_close_sent: false,
        }
    }

    pub fn client(
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
        check: Arc<PeerCheck>,
    ) -> Result<Engine, Error> {
        let mut connection = ClientConnection::new(config, name)?;
        connection.set_buffer_limit(None);
        Ok(Engine::new(State::Open(Box::new(connection.into())), Some(check)))
    }

    pub fn server() -> Engine {
        Engine::new(State::Accepting(Box::default()), None)
    }

    pub fn connection(&self) -> Option<&Connection> {
        if let State::Open(connection) = &self.state { Some(connection) } else { None }
    }

    /// Is the handshake over?
    pub fn is_ready(&self) -> bool {
        self.connection().is_some_and(|connection| !connection.is_handshaking())
    }

    pub fn verdict(&self) -> Option<Verdict> {
        self.check.as_ref()?.found.lock().ok()?.verdict.clone()
    }

    /// How much may be fed at once: what comes behind a record may be for somebody else.
    pub fn room(&self) -> usize {
        if self.body_left > 0 { self.body_left } else { FRAME_BYTES - self.frame.1 }
    }

    /// Takes what came in, no more than there is room for.
    pub fn feed(&mut self, data: &[u8]) {
        self.incoming.extend_from_slice(data);
        if self.body_left > 0 {
            self.body_left = self.body_left.saturating_sub(data.len());
            return;
        }
        let (frame, len) = &mut self.frame;
        for (place, &byte) in frame[*len..].iter_mut().zip(data) {
            *place = byte;
            *len += 1;
        }
        if *len == FRAME_BYTES {
            self.body_left = usize::from(u16::from_be_bytes([frame[3], frame[4]]));
            *len = 0;
        }
    }

    /// Goes on with the handshake.
    pub fn shake(&mut self) -> Result<Step, Error> {
        match &mut self.state {
            State::Accepting(acceptor) => {
                let mut input = &self.incoming[..];
                while !input.is_empty() {
                    match acceptor.read_tls(&mut input) {
                        Ok(n) if n > 0 => {}
                        _ => break,
                    }
                }
                let left = input.len();
                self.incoming.drain(..self.incoming.len() - left);
                match acceptor.accept() {
                    Ok(None) => Ok(Step::WantsInput),
                    Ok(Some(accepted)) => {
                        let hello = accepted.client_hello();
                        let server_name = hello.server_name().map(str::to_string);
                        let protocols = hello.alpn().map_or(Vec::new(), |all| all.map(<[u8]>::to_vec).collect());
                        self.offered = hello.cipher_suites().iter().map(|suite| u16::from(*suite)).collect();
                        self.state = State::Greeted(Box::new(accepted));
                        Ok(Step::Greeted { server_name, protocols })
                    }
                    Err((error, mut alert)) => {
                        _ = alert.write_all(&mut self.outgoing);
                        self.state = State::Failed;
                        Err(error)
                    }
                }
            }
            State::Open(_) => {
                self.process()?;
                Ok(if self.is_ready() { Step::Done } else { Step::WantsInput })
            }
            State::Greeted(_) | State::Failed => Err(Error::HandshakeNotComplete),
        }
    }

    /// Answers a client by a configuration.
    pub fn answer(&mut self, config: Arc<ServerConfig>, check: Arc<PeerCheck>) -> Result<(), Error> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Greeted(accepted) => match accepted.into_connection(config) {
                Ok(mut connection) => {
                    connection.set_buffer_limit(None);
                    self.state = State::Open(Box::new(connection.into()));
                    self.check = Some(check);
                    Ok(())
                }
                Err((error, mut alert)) => {
                    _ = alert.write_all(&mut self.outgoing);
                    Err(error)
                }
            },
            other => {
                self.state = other;
                Err(Error::HandshakeNotComplete)
            }
        }
    }

    /// Ends it with an alert of the caller's.
    pub fn refuse(&mut self, alert: u8) {
        self.outgoing.extend_from_slice(&[21, 3, 3, 0, 2, 2, alert]);
        self.state = State::Failed;
    }

    /// Takes what came in, as far as there is room for what it says.
    pub fn process(&mut self) -> Result<(), Error> {
        let State::Open(connection) = &mut self.state else { return Err(Error::HandshakeNotComplete) };
        let mut input = &self.incoming[..];
        let mut outcome = Ok(());
        while !input.is_empty() {
            // It refuses more where there is much to be read.
            match connection.read_tls(&mut input) {
                Ok(n) if n > 0 => {}
                _ => break,
            }
            if let Err(error) = connection.process_new_packets() {
                outcome = Err(error);
                break;
            }
        }
        let left = input.len();
        self.incoming.drain(..self.incoming.len() - left);
        self.collect();
        outcome
    }

    /// Moves what the connection wants to send to what goes out.
    pub fn collect(&mut self) {
        if let State::Open(connection) = &mut self.state {
            while connection.wants_write() {
                if !matches!(connection.write_tls(&mut self.outgoing), Ok(n) if n > 0) {
                    break;
                }
            }
        }
    }

    /// Reads what the other end has said.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<Taken, Error> {
        self.process()?;
        let State::Open(connection) = &mut self.state else { return Err(Error::HandshakeNotComplete) };
        match connection.reader().read(buffer) {
            Ok(0) => Ok(Taken::Closed),
            Ok(n) => Ok(Taken::Bytes(n)),
            // It would have to wait.
            Err(_) => Ok(Taken::WantsInput),
        }
    }

    /// How many bytes can be read at once.
    pub fn pending(&mut self) -> usize {
        match &mut self.state {
            State::Open(connection) => {
                connection.process_new_packets().map_or(0, |state| state.plaintext_bytes_to_read())
            }
            _ => 0,
        }
    }

    pub fn write(&mut self, data: &[u8]) -> usize {
        let State::Open(connection) = &mut self.state else { return 0 };
        let n = connection.writer().write(data).unwrap_or(0);
        self.collect();
        n
    }

    /// Says that this end is done.
    pub fn close(&mut self) {
        if let State::Open(connection) = &mut self.state
            && !self.is_close_sent
        {
            connection.send_close_notify();
            self.is_close_sent = true;
            self.collect();
        }
    }
}
