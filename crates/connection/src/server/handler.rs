//! One connection to a host.

use crate::server::host::{ServerUser, Shared};
use crate::server::process;
use churten_protocol::Secret;
use russh::keys::PublicKey;
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, Response, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::net::TcpStream;

/// Channels open at one time in a connection.
const MAX_CHANNELS: usize = 100;

/// Names and values.
pub(super) type Variables = Vec<(String, String)>;

/// Whoever is connected.
pub(super) struct Guest {
    shared: Arc<Shared>,
    /// Channels no command runs in yet, with the variables set for it.
    channels: HashMap<ChannelId, (Channel<Msg>, Variables)>,
    user: String,
}

impl Guest {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, channels: HashMap::new(), user: String::new() }
    }

    fn user(&self, name: &str) -> Option<&ServerUser> {
        self.shared.options.users.iter().find(|user| user.name == name)
    }

    fn password_fits(&self, name: &str, given: &[u8]) -> bool {
        let expected = self.user(name).and_then(|user| user.password.as_ref());
        expected.is_some_and(|expected| same(expected, given))
    }

    fn admit(&mut self, name: &str, admitted: bool) -> Auth {
        if !admitted {
            return Auth::reject();
        }
        self.user = name.to_owned();
        self.shared.logins.fetch_add(1, Ordering::Relaxed);
        Auth::Accept
    }
}

/// Compares all bytes whatever the first different one is.
fn same(expected: &Secret, given: &[u8]) -> bool {
    let expected = expected.expose();
    expected.len() == given.len() && expected.iter().zip(given).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

impl Handler for Guest {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, russh::Error> {
        let fits = self.password_fits(user, password.as_bytes());
        Ok(self.admit(user, fits))
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, russh::Error> {
        let known = self.user(user).is_some_and(|user| user.keys.iter().any(|line| is_line_of(key.public_key, line)));
        Ok(self.admit(user, known))
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        match response {
            None => Ok(Auth::Partial {
                name: Cow::Borrowed(""),
                instructions: Cow::Borrowed(""),
                prompts: Cow::Borrowed(&[(Cow::Borrowed("Password: "), false)]),
            }),
            Some(mut answers) => {
                let fits = answers.next().is_some_and(|answer| self.password_fits(user, &answer));
                Ok(self.admit(user, fits))
            }
        }
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        if self.channels.len() >= MAX_CHANNELS {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        self.channels.insert(channel.id(), (channel, Vec::new()));
        reply.accept().await;
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _session: &mut Session) -> Result<(), russh::Error> {
        self.channels.remove(&channel);
        Ok(())
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        let known = self.channels.get_mut(&channel).filter(|(_, variables)| variables.len() < MAX_CHANNELS);
        match known {
            Some((_, variables)) if !name.is_empty() && !name.contains(['=', '\0']) && !value.contains('\0') => {
                variables.push((name.to_owned(), value.to_owned()));
                session.channel_success(channel)
            }
            _ => session.channel_failure(channel),
        }
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        let Some((open, variables)) = self.channels.remove(&channel) else {
            return session.channel_failure(channel);
        };
        match process::start(&self.shared, &self.user, command, variables) {
            Ok(child) => {
                session.channel_success(channel)?;
                tokio::spawn(process::serve(child, open, self.shared.stop.clone()));
                Ok(())
            }
            Err(error) => {
                tracing::debug!(%error, "ssh server: a command does not start");
                session.channel_failure(channel)
            }
        }
    }

    async fn channel_open_direct_tcpip(
        &mut self,
        channel: Channel<Msg>,
        host: &str,
        port: u32,
        _originator_address: &str,
        _originator_port: u32,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        let port = u16::try_from(port).unwrap_or(0);
        if !self.shared.options.forwarding {
            reply.reject(ChannelOpenFailure::AdministrativelyProhibited).await;
            return Ok(());
        }
        let host = host.to_owned();
        tokio::spawn(async move {
            match TcpStream::connect((host.as_str(), port)).await {
                Ok(mut stream) => {
                    let _ = stream.set_nodelay(true);
                    reply.accept().await;
                    let mut inner = channel.into_stream();
                    let _ = tokio::io::copy_bidirectional(&mut inner, &mut stream).await;
                }
                Err(_) => reply.reject(ChannelOpenFailure::ConnectFailed).await,
            }
        });
        Ok(())
    }
}

/// True when a line of `authorized_keys` (type, base64) is this key's.
fn is_line_of(key: &PublicKey, line: &str) -> bool {
    let text = key.to_openssh().unwrap_or_default();
    let mut wanted = text.split_whitespace().take(2);
    let mut given = line.split_whitespace().take(2);
    wanted.next().is_some_and(|kind| given.next() == Some(kind)) && wanted.next() == given.next()
}
