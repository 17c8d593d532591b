//! Getting in: agent keys, key files, keyboard-interactive, password, in OpenSSH's order.

use crate::ssh::config::Resolved;
use crate::ssh::host_key::Handler;
use crate::ssh::refused::{Refused, is_hang_up};
use crate::ssh::short_number;
use churten_protocol::Secret;
use russh::MethodKind;
use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::key::PrivateKeyWithHashAlg;
use russh::keys::{self, HashAlg, PrivateKey, PublicKey};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::UnixStream;
use zeroize::Zeroizing;

/// An agent that does not answer is left alone after so long.
const AGENT_PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// A file of so many bytes is no key.
const MAX_KEY_FILE: u64 = 64 << 10;

/// A server may ask so many times before we take it for broken.
const MAX_QUESTIONS: usize = 20;

/// The secrets of one host.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a> {
    /// The key to offer instead of all others.
    pub(crate) key: Option<&'a Arc<PrivateKey>>,
    pub(crate) password: Option<&'a Secret>,
    pub(crate) passphrase: Option<&'a Secret>,
    /// What a question must contain to be answered with the password.
    pub(crate) password_prompt: Option<&'a str>,
}

/// What has been tried, and what the server said.
struct Attempt<'a> {
    handle: &'a mut Handle<Handler>,
    options: &'a Resolved,
    secrets: Secrets<'a>,
    /// Methods the server would take now; `None` before the first answer.
    methods: Option<Vec<MethodKind>>,
    /// Keys that went wrong, in OpenSSH's words.
    complaints: Vec<String>,
}

/// Get in, or say in OpenSSH's words why not.
pub(crate) async fn authenticate(
    handle: &mut Handle<Handler>,
    options: &Resolved,
    secrets: Secrets<'_>,
    passwords_allowed: bool,
) -> Result<(), Refused> {
    let mut attempt = Attempt { handle, options, secrets, methods: None, complaints: Vec::new() };
    match attempt.run(passwords_allowed).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let methods = attempt.methods.unwrap_or_default();
            let methods: Vec<&str> = methods.iter().map(<&str>::from).collect();
            if !passwords_allowed && secrets.password.is_some() {
                attempt.complaints.push(
                    "Password authentication is disabled to avoid man-in-the-middle attacks: the host key has changed."
                        .to_owned(),
                );
            }
            attempt.complaints.push(format!(
                "{}@{}: Permission denied ({}).",
                options.user,
                options.host_name,
                methods.join(",")
            ));
            Err(attempt.complaints.join("\r\n").into())
        }
        Err(error) => {
            let is_dropped = is_hang_up(&error);
            attempt.complaints.push(match error {
                russh::Error::Disconnect | russh::Error::HUP | russh::Error::RecvError | russh::Error::SendError => {
                    format!("Connection closed by {} port {}", options.host_name, options.port)
                }
                other => other.to_string(),
            });
            Err(Refused { message: attempt.complaints.join("\r\n"), is_dropped })
        }
    }
}

impl Attempt<'_> {
    async fn run(&mut self, passwords_allowed: bool) -> Result<bool, russh::Error> {
        let defaults = ["publickey", "keyboard-interactive", "password"].map(str::to_owned).to_vec();
        let order = self.options.preferred.clone().unwrap_or(defaults);
        for method in &order {
            let done = match method.as_str() {
                "publickey" if self.options.public_key => self.keys().await?,
                "keyboard-interactive" if self.options.keyboard_interactive && passwords_allowed => {
                    self.keyboard_interactive().await?
                }
                "password" if self.options.password && passwords_allowed => self.password().await?,
                _ => false,
            };
            if done {
                return Ok(true);
            }
        }
        // Without anything to try the server must still be asked what it would take.
        if self.methods.is_none() {
            let result = self.handle.authenticate_none(&self.options.user).await?;
            return Ok(self.noted(&result));
        }
        Ok(false)
    }

    /// Remember what a failure says; true for success.
    fn noted(&mut self, result: &AuthResult) -> bool {
        match result {
            AuthResult::Success => true,
            AuthResult::Failure { remaining_methods, .. } => {
                self.methods = Some(remaining_methods.to_vec());
                false
            }
        }
    }

    /// False when the server has said it does not take a method.
    fn open(&self, method: MethodKind) -> bool {
        self.methods.as_ref().is_none_or(|methods| methods.contains(&method))
    }

    async fn rsa_hash(&mut self, key: &PublicKey) -> Result<Option<HashAlg>, russh::Error> {
        if key.algorithm().is_rsa() { Ok(self.handle.best_supported_rsa_hash().await?.flatten()) } else { Ok(None) }
    }

    async fn keys(&mut self) -> Result<bool, russh::Error> {
        if let Some(key) = self.secrets.key {
            return self.offer(key).await;
        }
        let files: Vec<(PathBuf, bool)> =
            self.options.identities.iter().map(|identity| (identity.path.clone(), identity.named)).collect();
        let public: Vec<(PathBuf, Option<PublicKey>)> =
            files.iter().map(|(path, _)| (path.clone(), public_half(path))).collect();
        let mut offered: Vec<PublicKey> = Vec::new();
        if let Some((mut agent, identities)) = self.agent().await {
            let configured = |key: &PublicKey| {
                public.iter().any(|(_, half)| half.as_ref().is_some_and(|half| half.key_data() == key.key_data()))
            };
            // Keys that the configuration names come first, then the others unless they are shut out.
            let (first, others): (Vec<_>, Vec<_>) =
                identities.into_iter().partition(|identity| configured(&identity.public_key()));
            let others = if self.options.identities_only { Vec::new() } else { others };
            for identity in first.into_iter().chain(others) {
                if !self.open(MethodKind::PublicKey) {
                    return Ok(false);
                }
                let key = identity.public_key().into_owned();
                let hash = self.rsa_hash(&key).await?;
                let user = &self.options.user;
                let result = match &identity {
                    AgentIdentity::Certificate { certificate, .. } => {
                        self.handle.authenticate_certificate_with(user, certificate.clone(), hash, &mut agent).await
                    }
                    AgentIdentity::PublicKey { .. } => {
                        offered.push(key.clone());
                        self.handle.authenticate_publickey_with(user, key, hash, &mut agent).await
                    }
                };
                match result {
                    Ok(result) if self.noted(&result) => return Ok(true),
                    Ok(_) => {}
                    Err(error) => self.complaints.push(format!("sign_and_send_pubkey: signing failed: {error}")),
                }
            }
        }
        for (path, named) in files {
            if !self.open(MethodKind::PublicKey) {
                return Ok(false);
            }
            let Some(key) = self.load(&path, named) else { continue };
            if offered.iter().any(|other| other.key_data() == key.public_key().key_data()) {
                continue;
            }
            let key = Arc::new(key);
            if self.certificates(&path, &key).await? {
                return Ok(true);
            }
            if self.offer(&key).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn offer(&mut self, key: &Arc<PrivateKey>) -> Result<bool, russh::Error> {
        let hash = self.rsa_hash(key.public_key()).await?;
        let with_hash = PrivateKeyWithHashAlg::new(Arc::clone(key), hash);
        let result = self.handle.authenticate_publickey(&self.options.user, with_hash).await?;
        Ok(self.noted(&result))
    }

    /// Try the certificates of a key: beside its file, and configured ones.
    async fn certificates(&mut self, path: &Path, key: &Arc<PrivateKey>) -> Result<bool, russh::Error> {
        let mut beside = path.as_os_str().to_owned();
        beside.push("-cert.pub");
        let mut files = self.options.certificates.clone();
        files.push(beside.into());
        for file in files {
            let Ok(certificate) = keys::load_openssh_certificate(&file) else { continue };
            if certificate.public_key() != key.public_key().key_data() {
                continue;
            }
            let result =
                self.handle.authenticate_openssh_cert(&self.options.user, Arc::clone(key), certificate).await?;
            if self.noted(&result) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn agent(&mut self) -> Option<(AgentClient<UnixStream>, Vec<AgentIdentity>)> {
        let socket = self.options.agent.as_ref()?;
        let talk = async {
            let mut agent = AgentClient::connect(UnixStream::connect(socket).await.ok()?);
            let identities = agent.request_identities().await.ok()?;
            Some((agent, identities))
        };
        tokio::time::timeout(AGENT_PATIENCE, talk).await.ok().flatten()
    }

    /// Read a private key, noting what is wrong with one the user named.
    fn load(&mut self, path: &Path, named: bool) -> Option<PrivateKey> {
        let shown = path.display();
        let metadata = match std::fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                if named {
                    let reason = system_words(&error);
                    self.complaints.push(format!("no such identity: {shown}: {reason}"));
                }
                return None;
            }
        };
        let owned = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == metadata.uid());
        if owned && metadata.mode() & 0o077 != 0 {
            let line = "@".repeat(59);
            self.complaints.push(format!(
                "{line}\r\n@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\r\n{line}\r\n\
                 Permissions {:04o} for '{shown}' are too open.\r\n\
                 It is required that your private key files are NOT accessible by others.\r\n\
                 This private key will be ignored.\r\nLoad key \"{shown}\": bad permissions",
                metadata.mode() & 0o7777
            ));
            return None;
        }
        let passphrase = self.secrets.passphrase.and_then(|secret| std::str::from_utf8(secret.expose()).ok());
        match load_secret_key(path, None) {
            Ok(key) => Some(key),
            // Of the older formats russh does not tell encryption from damage.
            Err(error) if matches!(error, keys::Error::KeyIsEncrypted) || says_encrypted(path) => match passphrase
                .map(|text| load_secret_key(path, Some(text)))
            {
                Some(Ok(key)) => Some(key),
                Some(Err(_)) => {
                    self.complaints
                        .push(format!("Load key \"{shown}\": incorrect passphrase supplied to decrypt private key"));
                    None
                }
                None => {
                    if named || self.secrets.password.is_none() {
                        self.complaints.push(format!(
                            "Load key \"{shown}\": it is encrypted; add it to the agent (ssh-add) or set \
                             ansible_ssh_private_key_passphrase"
                        ));
                    }
                    None
                }
            },
            Err(error) => {
                // A public half alone names a key of the agent.
                if public_half(path).is_none() || path.extension().is_none_or(|end| end != "pub") {
                    self.complaints.push(format!("Load key \"{shown}\": {error}"));
                }
                None
            }
        }
    }

    async fn keyboard_interactive(&mut self) -> Result<bool, russh::Error> {
        let Some(password) = self.secrets.password else { return Ok(false) };
        if !self.open(MethodKind::KeyboardInteractive) {
            return Ok(false);
        }
        let user = self.options.user.clone();
        let mut reply = self.handle.authenticate_keyboard_interactive_start(user, None::<String>).await?;
        let mut given = false;
        for _ in 0..MAX_QUESTIONS {
            match reply {
                KeyboardInteractiveAuthResponse::Success => return Ok(true),
                KeyboardInteractiveAuthResponse::Failure { remaining_methods, .. } => {
                    self.methods = Some(remaining_methods.to_vec());
                    return Ok(false);
                }
                KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => {
                    // Only one question is the password's; a second one is for something we do not have.
                    let mut answers = Vec::with_capacity(prompts.len());
                    for prompt in &prompts {
                        let shown = format!("({}@{}) {}", self.options.user, self.options.host_name, prompt.prompt);
                        self.expected(&shown).await;
                        let fits = !prompt.echo && !given;
                        given |= fits;
                        let text =
                            if fits { String::from_utf8_lossy(password.expose()).into_owned() } else { String::new() };
                        answers.push(text);
                    }
                    reply = self.handle.authenticate_keyboard_interactive_respond(answers).await?;
                }
            }
        }
        Ok(false)
    }

    /// Goes on when this question, as the ssh program would show it, is the one to answer. Another one is never
    /// answered, until the login's time is over, as with `sshpass -P`.
    async fn expected(&self, question: &str) {
        if self.secrets.password_prompt.is_some_and(|wanted| !question.contains(wanted)) {
            std::future::pending::<()>().await;
        }
    }

    async fn password(&mut self) -> Result<bool, russh::Error> {
        let Some(password) = self.secrets.password else { return Ok(false) };
        if !self.open(MethodKind::Password) {
            return Ok(false);
        }
        self.expected(&format!("{}@{}'s password: ", self.options.user, self.options.host_name)).await;
        let text = Zeroizing::new(String::from_utf8_lossy(password.expose()).into_owned());
        let result = self.handle.authenticate_password(&self.options.user, text.as_str()).await?;
        Ok(self.noted(&result))
    }
}

/// A private key of whichever format.
fn load_secret_key(path: &Path, passphrase: Option<&str>) -> Result<PrivateKey, keys::Error> {
    keys::load_secret_key(path, passphrase)
        .or_else(|error| text_of(path).and_then(|text| short_number::read(&text, passphrase)).ok_or(error))
}

/// The text of a key file, which is not read when it is too large for one.
fn text_of(path: &Path) -> Option<Zeroizing<String>> {
    let is_small = std::fs::metadata(path).is_ok_and(|metadata| metadata.len() < MAX_KEY_FILE);
    is_small.then(|| std::fs::read_to_string(path).ok()).flatten().map(Zeroizing::new)
}

/// True for the older formats of private keys (PEM, PKCS#8) that are encrypted: their first lines say so.
fn says_encrypted(path: &Path) -> bool {
    let text = Zeroizing::new(std::fs::read_to_string(path).unwrap_or_default());
    text.lines().take(4).any(|line| line.contains("ENCRYPTED"))
}

/// The public key beside a private one, or the file itself when it is public.
fn public_half(path: &Path) -> Option<PublicKey> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".pub");
    keys::load_public_key(Path::new(&beside)).or_else(|_| keys::load_public_key(path)).ok().or_else(|| {
        // An OpenSSH private key carries its public half unencrypted.
        let text = text_of(path)?;
        let key = PrivateKey::from_openssh(text.as_bytes()).ok().or_else(|| short_number::read(&text, None));
        key.map(|key| key.public_key().clone())
    })
}

/// The system's words for an error, without Rust's number behind them.
pub(crate) fn system_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
