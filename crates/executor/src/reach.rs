//! How a task reaches its host: connection, privilege escalation and directories from variables, keywords, command
//! line and settings.

mod inside;

use crate::actions::{ActionContext, told};
use crate::ahead::Place;
use crate::task::{Execution, to_boolean};
use churten_config::{OptionSources, Resolved, Settings, ValueOrigin};
use churten_connection::{
    Become, BecomeMethod, ConnectionError, HostKeyChecking, KeyAgent, Session, SshOptions, Transport,
};
use churten_diagnostics::Report;
use churten_protocol::Secret;
use churten_syntax::shlex_quote;
use churten_value::Value;
use std::cell::RefCell;
use std::time::Duration;

/// The plugin whose options every SSH connection has.
const SSH: &str = "connection/ssh";

/// Everything needed to open a session.
#[derive(Clone, PartialEq)]
pub(crate) struct Reach {
    pub(crate) transport: Transport,
    pub(crate) r#become: Option<Become>,
    pub(crate) remote_tmp: String,
}

/// The session a task runs in.
pub(crate) async fn session(context: &ActionContext<'_>) -> Result<(Session, Reach), Box<Execution>> {
    let reach = Reach::of(context).map_err(|report| Box::new(Execution::failure(report)))?;
    let session = match context.place {
        Place::Following(follower) => follower.session(context, &reach).await?,
        Place::Alone | Place::Leading(_) => open(context, &reach).await?,
    };
    Ok((session, reach))
}

/// The session that a reach leads to.
pub(crate) async fn open(context: &ActionContext<'_>, reach: &Reach) -> Result<Session, Box<Execution>> {
    told::beginning(context, reach);
    let connections = &context.engine.connections;
    let session = connections.session(context.target(), &reach.transport, reach.r#become.as_ref(), &reach.remote_tmp);
    session.await.map_err(|error| {
        told::worker(context, reach);
        Box::new(failure(&error))
    })
}

/// What a connection error makes of the task.
pub(crate) fn failure(error: &ConnectionError) -> Execution {
    let report = Report::new(error.message());
    if !error.is_unreachable() {
        return Execution::failure(report);
    }
    Execution { is_unstarted: error.is_unstarted(), ..Execution::unreachable(report) }
}

/// Reads options of one task, remembering the first error.
struct Options<'a> {
    context: &'a ActionContext<'a>,
    error: RefCell<Option<Report>>,
}

impl Options<'_> {
    fn variable(&self, name: &str) -> Option<Value> {
        let scope = self.context.target_scope();
        let raw = scope.written(name)?;
        match self.context.engine.templar.render(&raw, scope) {
            Ok(value) if value.is_omit() => None,
            Ok(value) => Some(value),
            Err(report) => {
                self.error.borrow_mut().get_or_insert(report.or_at(raw.origin()));
                None
            }
        }
    }

    fn keyword(&self, name: &str) -> Option<Value> {
        let pick: crate::task::Pick = match name {
            "become" => |keywords| &keywords.r#become,
            "become_exe" => |keywords| &keywords.become_exe,
            "become_flags" => |keywords| &keywords.become_flags,
            "become_method" => |keywords| &keywords.become_method,
            "become_user" => |keywords| &keywords.become_user,
            "connection" => |keywords| &keywords.connection,
            "port" => |keywords| &keywords.port,
            "remote_user" => |keywords| &keywords.remote_user,
            _ => return None,
        };
        match crate::task::keyword(self.context.engine, self.context.task, name, pick, self.context.scope) {
            Ok(found) => found.map(|(value, _)| value),
            Err(report) => {
                self.error.borrow_mut().get_or_insert(report);
                None
            }
        }
    }

    /// A variable, else a keyword.
    fn either(&self, variables: &[&str], keyword: &str) -> Option<Value> {
        variables.iter().find_map(|name| self.variable(name)).or_else(|| self.keyword(keyword))
    }

    /// An option of a plugin; `None` when nothing sets it.
    fn plugin(&self, plugin: &str, option: &str) -> Result<Option<Value>, Report> {
        Ok(Some(self.resolve(plugin, option)?.value).filter(|value| !value.is_none()))
    }

    fn resolve(&self, plugin: &str, option: &str) -> Result<Resolved, Report> {
        let sources = OptionSources { variables: &|name| self.variable(name), keywords: &|name| self.keyword(name) };
        let resolved = self.context.engine.settings.plugin_option_from(plugin, option, sources)?;
        match self.error.borrow_mut().take() {
            Some(report) => Err(report),
            None => Ok(resolved),
        }
    }

    /// An option that is set somewhere; a default does not count.
    fn given(&self, plugin: &str, option: &str) -> Result<Option<String>, Report> {
        let default = matches!(self.resolve(plugin, option)?.origin, ValueOrigin::Default);
        if default { Ok(None) } else { self.text(plugin, option) }
    }

    fn texts(&self, plugin: &str, option: &str) -> Result<Vec<String>, Report> {
        let value = self.plugin(plugin, option)?;
        let items = value.as_ref().and_then(Value::as_list).unwrap_or_default();
        Ok(items.iter().map(Value::to_text).collect())
    }

    fn text(&self, plugin: &str, option: &str) -> Result<Option<String>, Report> {
        Ok(self.plugin(plugin, option)?.map(|value| value.to_text()).filter(|text| !text.is_empty()))
    }
}

impl Reach {
    pub(crate) fn of(context: &ActionContext<'_>) -> Result<Self, Report> {
        let options = Options { context, error: RefCell::default() };
        let transport = transport(&options)?;
        let r#become = r#become(&options, &transport)?;
        let remote_tmp = options.text("shell/sh", "remote_tmp")?.unwrap_or_else(|| "~/.ansible/tmp".into());
        Ok(Self { transport, r#become, remote_tmp })
    }
}

/// Where asynchronous tasks keep their results on the host (`ansible_async_dir`).
pub(crate) fn async_directory(context: &ActionContext<'_>) -> Result<String, Report> {
    let options = Options { context, error: RefCell::default() };
    Ok(options.text("shell/sh", "async_dir")?.unwrap_or_else(|| "~/.ansible_async".into()))
}

/// The options for the ssh program, of all kinds and with their defaults, as one line.
pub(crate) fn ssh_arguments(context: &ActionContext<'_>) -> Result<String, Report> {
    let options = Options { context, error: RefCell::default() };
    let mut found = Vec::new();
    for name in ["ssh_args", "ssh_common_args", "ssh_extra_args"] {
        found.extend(options.text(SSH, name)?);
    }
    Ok(found.join(" "))
}

fn transport(options: &Options<'_>) -> Result<Transport, Report> {
    let engine = options.context.engine;
    let chosen = options.either(&["ansible_connection"], "connection").map(|value| value.to_text());
    if let Some(report) = options.error.borrow_mut().take() {
        return Err(report);
    }
    let name = chosen.unwrap_or_else(|| engine.settings.transport().to_owned());
    match name.strip_prefix("ansible.builtin.").unwrap_or(&name) {
        "local" => Ok(Transport::Local),
        "ssh" | "smart" => ssh(options, &[SSH]).map(|ssh| Transport::Ssh(Box::new(ssh))),
        "paramiko_ssh" | "paramiko" => {
            ssh(options, &["connection/paramiko_ssh", SSH]).map(|ssh| Transport::Ssh(Box::new(ssh)))
        }
        _ => match inside::options(options, &name)? {
            Some(found) => Ok(Transport::Inside(Box::new(found))),
            None => Err(Report::not_yet(format_args!("the connection {name}"))),
        },
    }
}

/// The options of an SSH connection: each by the first of the plugins that it is set for.
fn ssh(options: &Options<'_>, plugins: &[&str]) -> Result<SshOptions, Report> {
    let engine = options.context.engine;
    let value = |option: &str| -> Result<Option<Value>, Report> {
        let (last, before) = plugins.split_last().unwrap_or((&SSH, &[]));
        for plugin in before.iter().filter(|plugin| Settings::plugin_definition(plugin, option).is_some()) {
            let resolved = options.resolve(plugin, option)?;
            if !matches!(resolved.origin, ValueOrigin::Default) {
                return Ok(Some(resolved.value).filter(|value| !value.is_none()));
            }
        }
        options.plugin(last, option)
    };
    let text = |option: &str| -> Result<Option<String>, Report> {
        Ok(value(option)?.map(|value| value.to_text()).filter(|text| !text.is_empty()))
    };
    let number = |option: &str| -> Result<Option<i64>, Report> {
        Ok(value(option)?.and_then(|value| crate::task::integer_of(&value)))
    };
    let arguments = ["ssh_args", "ssh_common_args", "ssh_extra_args"];
    // The default of `ssh_args` is about sharing connections of the ssh program and compression; it is nobody's wish.
    let arguments = arguments.iter().filter_map(|option| options.given(SSH, option).transpose());
    let mut arguments = arguments.collect::<Result<Vec<String>, _>>()?;
    arguments.extend(text("pkcs11_provider")?.map(|provider| format!("-o PKCS11Provider={}", shlex_quote(&provider))));
    let mut given = None;
    for plugin in plugins {
        let name = if *plugin == SSH { "host" } else { "remote_addr" };
        given = given.or(options.given(plugin, name)?);
        if *plugin != SSH
            && let Some(command) = options.given(plugin, "proxy_command")?
        {
            arguments.push(format!("-o ProxyCommand={}", shlex_quote(&command)));
        }
    }
    let password = text("password")?.map(Secret::from);
    let by_sshpass = text("password_mechanism")?.is_some_and(|name| name == "sshpass");
    let checking = value("host_key_checking")?.and_then(|value| to_boolean(&value)).unwrap_or(true);
    Ok(SshOptions {
        // The default is the name of a variable that a host outside of the inventory does not have.
        address: given.unwrap_or_else(|| options.context.target().to_string()),
        port: number("port")?.and_then(|port| u16::try_from(port).ok()),
        user: text("remote_user")?,
        password: password.or_else(|| engine.options.connection.password.clone()),
        password_prompt: text("sshpass_prompt")?.filter(|_| by_sshpass),
        private_keys: text("private_key_file")?.map(Into::into).into_iter().collect(),
        private_key: text("private_key")?.map(Secret::from),
        agent: agent(&engine.settings),
        passphrase: text("private_key_passphrase")?.map(Secret::from),
        host_key_checking: (!checking).then_some(HostKeyChecking::No),
        timeout: number("timeout")?.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs),
        arguments,
        retries: number("reconnection_retries")?.and_then(|count| u32::try_from(count).ok()).unwrap_or(0),
        ssh_executable: text("ssh_executable")?,
        ..SshOptions::default()
    })
}

/// Whose keys are offered (`SSH_AGENT`).
fn agent(settings: &Settings) -> KeyAgent {
    match settings.ssh_agent() {
        "none" => KeyAgent::Environment,
        "auto" => KeyAgent::Own,
        socket => KeyAgent::Socket(socket.into()),
    }
}

fn r#become(options: &Options<'_>, transport: &Transport) -> Result<Option<Become>, Report> {
    let engine = options.context.engine;
    let wanted = match options.either(&["ansible_become"], "become") {
        Some(value) => to_boolean(&value).unwrap_or(false),
        None => engine.options.connection.r#become || engine.settings.r#become(),
    };
    if let Some(report) = options.error.borrow_mut().take() {
        return Err(report);
    }
    if !wanted {
        return Ok(None);
    }
    let method = options.either(&["ansible_become_method"], "become_method").map(|value| value.to_text());
    let method = method.unwrap_or_else(|| engine.settings.become_method().to_owned());
    let Some(known) = BecomeMethod::from_name(&method) else {
        return Err(Report::not_yet(format_args!("the become method {method}")));
    };
    let plugin = &*known.plugin();
    let has = |option: &str| Settings::plugin_definition(plugin, option).is_some();
    let text = |option: &str| if has(option) { options.text(plugin, option) } else { Ok(None) };
    let wrapped = ["wrap_exe", "alt_method"].into_iter().find(|option| has(option));
    let wrapped = wrapped.map(|option| options.plugin(plugin, option)).transpose()?.flatten();
    let user = text("become_user")?;
    if user.is_none() && Settings::plugin_definition(plugin, "become_user").is_some_and(|option| option.required) {
        let plugin = known.name().rsplit_once('.').map_or(known.name(), |(_, name)| name);
        return Err(Report::new(format!(
            "Required config 'become_user' for 'ansible_collections.community.general.plugins.become.{plugin}' become \
             plugin not provided."
        )));
    }
    let same_user = engine.settings.become_allow_same_user();
    if user.is_some() && user == remote_user(transport) && !same_user {
        return Ok(None);
    }
    let password = text("become_pass")?.map(Secret::from);
    Ok(Some(Become {
        method: known,
        user: user.unwrap_or_default(),
        password: password.or_else(|| engine.options.connection.become_password.clone()),
        executable: text("become_exe")?.filter(|exe| exe != known.program()),
        flags: text("become_flags")?,
        wrapped: wrapped.as_ref().and_then(to_boolean).unwrap_or(false),
        directory: text("sudo_chdir")?,
        prompts: if has("prompt_l10n") { options.texts(plugin, "prompt_l10n")? } else { Vec::new() },
        timeout: become_timeout(options, transport)?,
        is_local: matches!(transport, Transport::Local),
        same_user,
    }))
}

/// The user that a connection is made as, where that is known before it is made. Escalation to the same user is left
/// out, whatever its program and flags.
fn remote_user(transport: &Transport) -> Option<String> {
    match transport {
        Transport::Local => Some(crate::controller::own_user().to_owned()),
        Transport::Ssh(options) => options.user.clone(),
        Transport::Inside(options) => options.user.clone(),
    }
}

/// How long privilege escalation may take: over SSH a little longer than a connection, as in ansible-core.
fn become_timeout(options: &Options<'_>, transport: &Transport) -> Result<Option<Duration>, Report> {
    Ok(match transport {
        Transport::Local => {
            let seconds = options.text("connection/local", "become_success_timeout")?;
            seconds.and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs)
        }
        Transport::Ssh(ssh) => ssh.timeout.map(|timeout| timeout + Duration::from_secs(2)),
        Transport::Inside(_) => None,
    })
}
