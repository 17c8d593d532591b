//! `ansible.posix.synchronize`: say where from and where to, and run rsync on the controller or on the host that the task is
//! delegated to.

use super::{ActionContext, files, remote};
use crate::reach::{self, Reach};
use crate::task::{Execution, to_boolean};
use churten_connection::{BecomeMethod, Transport};
use churten_diagnostics::Report;
use churten_value::{Dict, Value};

/// The full name.
pub(super) const NAME: &str = "ansible.posix.synchronize";

/// Addresses that are the machine itself.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

pub(super) async fn run(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    let given = |arguments: &Dict, name: &str| arguments.get(name).filter(|value| !value.is_none()).cloned();
    let (Some(src), Some(dest)) = (given(&arguments, "src"), given(&arguments, "dest")) else {
        return Execution::failed("synchronize requires both src and dest parameters are set");
    };
    if context.engine.options.connection.password.is_some() {
        return Execution::refused("not yet supported by churten: synchronize with a password");
    }
    let way = match Way::of(context, &arguments) {
        Ok(way) => way,
        Err(report) => return Execution::failure(report),
    };
    let (src, dest) = (src.to_text(), dest.to_text());
    let is_pull = given(&arguments, "mode").is_some_and(|mode| mode.as_str() == Some("pull"));
    let here = |path: &str| path_here(context, path);
    let there = |path: &str| path_there(way.user.as_deref(), &way.address, path);
    let (src, dest) = match (way.is_copy, is_pull) {
        (true, _) => (here(&src), here(&dest)),
        (false, false) => (here(&src), there(&dest)),
        (false, true) => (there(&src), here(&dest)),
    };
    arguments.insert("src", src);
    arguments.insert("dest", dest);
    for (name, value) in
        [("dest_port", way.port.clone()), ("private_key", way.key.clone()), ("rsync_path", way.rsync_path.clone())]
    {
        if let Some(value) = value
            && given(&arguments, name).is_none()
        {
            arguments.insert(name, value);
        }
    }
    if let Some(path) = variable(context, "ansible_rsync_path") {
        arguments.insert("_local_rsync_path", path);
    }
    if given(&arguments, "use_ssh_args").as_ref().and_then(to_boolean).unwrap_or(false) {
        match reach::ssh_arguments(context) {
            Ok(text) => arguments.insert("_ssh_args", text),
            Err(report) => return Execution::failure(report),
        };
    }
    execute(context, way.reach, arguments).await
}

async fn execute(context: &ActionContext<'_>, reach: Reach, arguments: Dict) -> Execution {
    let run = async || {
        let session = reach::open(context, &reach).await?;
        let invocation = remote::invocation(context, &reach, remote::module_name(context.task), arguments, vec![])?;
        session.run(invocation).await.map_err(|error| Box::new(reach::failure(&error)))
    };
    run().await.map_or_else(|execution| *execution, Execution::by_module)
}

/// How rsync comes to the host.
struct Way {
    /// Where rsync runs.
    reach: Reach,
    /// Both sides are one machine.
    is_copy: bool,
    address: String,
    user: Option<String>,
    port: Option<Value>,
    key: Option<Value>,
    rsync_path: Option<Value>,
}

/// A variable of the host, or of the task, rendered.
fn variable(context: &ActionContext<'_>, name: &str) -> Option<Value> {
    let raw = context.scope.written(name)?;
    let value = context.engine.templar.render(&raw, context.scope).ok()?;
    (!value.is_omit() && !value.is_none()).then_some(value)
}

impl Way {
    fn of(context: &ActionContext<'_>, arguments: &Dict) -> Result<Self, Report> {
        let mut reach = Reach::of(context)?;
        let host_name = context.host.to_string();
        let of_host = |names: &[&str]| names.iter().find_map(|name| variable(context, name));
        let address =
            of_host(&["ansible_host", "ansible_ssh_host"]).map_or_else(|| host_name.clone(), |value| value.to_text());
        let options = match &reach.transport {
            Transport::Ssh(options) => Some(options.clone()),
            Transport::Local => None,
            Transport::Inside(options) => {
                return Err(Report::not_yet(format_args!("synchronize with the connection {}", options.name)));
            }
        };
        let set_user = arguments.get("set_remote_user").and_then(to_boolean).unwrap_or(true);
        let user = of_host(&["ansible_user", "ansible_ssh_user"]).map(|value| value.to_text());
        let user = user.or_else(|| options.as_ref()?.user.clone()).filter(|user| set_user && !user.is_empty());
        let port = of_host(&["ansible_port", "ansible_ssh_port"])
            .or_else(|| options.as_ref()?.port.map(|port| Value::from(i64::from(port))));
        let key = options.as_ref().and_then(|options| options.private_keys.first());
        let key = key.map(|key| Value::from(key.display().to_string()));
        let is_copy = match &context.delegate {
            None => options.is_none() || LOCAL.contains(&&*address) && port.is_none(),
            Some((name, _)) => **name == *host_name,
        };
        let mut rsync_path = None;
        if !is_copy {
            // rsync itself runs as the user who is there; on the other side it may be somebody else.
            let r#become = reach.r#become.take();
            let by_sudo = r#become.filter(|r#become| r#become.method == BecomeMethod::Sudo);
            rsync_path = by_sudo.map(|r#become| Value::from(format!("sudo -u {} rsync", r#become.user)));
        }
        if context.delegate.is_none() {
            reach.transport = Transport::Local;
            if let Some(r#become) = &mut reach.r#become {
                r#become.is_local = true;
            }
        }
        Ok(Self { reach, is_copy, address, user, port, key, rsync_path })
    }
}

/// A path on the host as rsync is told it. One that names a host itself only gets the user.
fn path_there(user: Option<&str>, address: &str, path: &str) -> String {
    if path.starts_with("rsync://") {
        return path.to_owned();
    }
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    if path.contains(':') {
        return if path.contains('@') { path.to_owned() } else { format!("{user}{path}") };
    }
    let address = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
    format!("{user}{address}:{path}")
}

/// A path where rsync runs: relative ones are looked for as files of the play or the role, else they count from there.
fn path_here(context: &ActionContext<'_>, path: &str) -> String {
    if path.starts_with(['/', '~']) || path.contains(':') {
        return path.to_owned();
    }
    let found = files::placed(context, "files", path).display().to_string();
    if path.ends_with('/') && !found.ends_with('/') { found + "/" } else { found }
}

#[cfg(test)]
mod tests {
    use super::path_there;

    #[test]
    fn paths_on_the_host() {
        for (user, address, path, expected) in [
            (Some("u"), "h", "/b", "u@h:/b"),
            (None, "h", "~/b c", "h:~/b c"),
            (Some("u"), "fe80::1", "/b", "u@[fe80::1]:/b"),
            (Some("u"), "h", "rsync://other/x", "rsync://other/x"),
            (Some("u"), "h", "other:/x", "u@other:/x"),
            (Some("u"), "h", "v@other:/x", "v@other:/x"),
        ] {
            assert_eq!(path_there(user, address, path), expected);
        }
    }
}
