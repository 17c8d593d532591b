//! The command lines of the programs that take on another identity, and what to look for in their output.
//!
//! Each is what ansible-core's plugin builds, with the worker in place of the module.

use crate::become_method::BecomeMethod;
use crate::settings::Become;
use crate::su_prompts;
use churten_protocol as protocol;

/// How a program is handed the command that it is to start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `/bin/sh -c COMMAND` as words of its own.
    Words,
    /// All of that as one word, for a shell that the program starts.
    Quoted,
    /// The command alone as one word.
    Bare,
    /// As words; the command runs in a terminal of the program's own making.
    Terminal,
}

/// A command line around a place for the command.
struct Line {
    before: Vec<String>,
    form: Form,
    prompts: Vec<String>,
}

impl Line {
    fn new(to: &Become) -> Self {
        let method = to.method;
        let executable = to.executable.as_deref().filter(|text| !text.is_empty()).unwrap_or(method.program());
        let flags = words(to.flags.as_deref().unwrap_or(method.flags()));
        let user = (!to.user.is_empty()).then(|| to.user.clone());
        let by_option = |user: Option<String>| user.into_iter().flat_map(|user| ["-u".to_owned(), user]);
        let own = |texts: &[&str]| match to.prompts.is_empty() {
            true => texts.iter().map(|text| (*text).to_owned()).collect(),
            false => to.prompts.clone(),
        };
        let mut before = words(executable);
        let mut form = Form::Words;
        let mut prompts = Vec::new();
        match method {
            BecomeMethod::Sudo | BecomeMethod::Dzdo | BecomeMethod::SudoSu => {
                // With a password `-n` must go, which forbids asking; without a terminal it is read with `-S`.
                before.extend(if to.password.is_some() { asking(flags) } else { flags });
                prompts.extend(own_prompt(to, if method == BecomeMethod::Dzdo { "dzdo" } else { "sudo" }));
                before.extend(prompts.iter().flat_map(|prompt| ["-p".to_owned(), prompt.clone()]));
                if method == BecomeMethod::SudoSu {
                    before.extend(["su", "-l", user.as_deref().unwrap_or("root")].map(str::to_owned));
                    if to.wrapped {
                        before.push("-c".to_owned());
                        form = Form::Bare;
                    }
                } else {
                    before.extend(by_option(user));
                }
            }
            BecomeMethod::PodmanUnshare => {
                match user {
                    Some(user) => {
                        before.extend(["-iu".to_owned(), user]);
                        if to.password.is_some() {
                            before.push("-S".to_owned());
                        }
                        prompts.extend(own_prompt(to, "sudo podman unshare"));
                        before.extend(prompts.iter().flat_map(|prompt| ["-p".to_owned(), prompt.clone()]));
                        before.push("--".to_owned());
                    }
                    None => before.clear(),
                }
                before.extend(["podman", "unshare"].map(str::to_owned));
            }
            BecomeMethod::Su => {
                before.extend(flags);
                before.extend([user.unwrap_or_else(|| "root".to_owned()), "-c".to_owned()]);
                form = Form::Quoted;
                prompts = su_prompts::prompts(&to.prompts);
            }
            BecomeMethod::Doas => {
                let asks = to.password.is_some() || flags.iter().any(|flag| flag == "-n");
                before.extend(flags);
                before.extend((!asks).then(|| "-n".to_owned()));
                before.extend(by_option(user));
                prompts = own(&["doas (", "\nPassword:"]);
            }
            BecomeMethod::Ksu => {
                before.extend(user);
                before.extend(flags);
                before.push("-e".to_owned());
                prompts = own(&["Kerberos password for"]);
            }
            BecomeMethod::Machinectl => {
                before.extend(["-q", "shell"].map(str::to_owned));
                before.extend(flags);
                before.push(format!("{}@", user.unwrap_or_default()));
                form = Form::Terminal;
                prompts = own(&["Password:"]);
            }
            BecomeMethod::Run0 => {
                before.extend(user.map(|user| format!("--user={user}")));
                before.extend(flags);
                form = Form::Terminal;
                prompts = own(&["Password:"]);
            }
            BecomeMethod::Pbrun => {
                before.extend(flags);
                before.extend(by_option(user));
                form = if to.wrapped { Form::Words } else { Form::Bare };
                prompts = own(&["Password:"]);
            }
            BecomeMethod::Pfexec => {
                before.extend(flags);
                form = if to.wrapped { Form::Words } else { Form::Bare };
            }
            BecomeMethod::Pmrun => {
                before.extend(flags);
                form = Form::Quoted;
                prompts = own(&["Enter UPM user password:"]);
            }
            BecomeMethod::Sesu => {
                before.extend(flags);
                before.extend(user);
                before.push("-c".to_owned());
                prompts = own(&["Please enter your password:"]);
            }
        }
        Self { before, form, prompts }
    }
}

/// The request for a method. `worker` is the command to start instead of the worker's own.
pub(crate) fn request(to: &Become, worker: Option<String>) -> protocol::Become {
    let Line { before, form, prompts } = Line::new(to);
    let line = format!("exec {}", worker.as_deref().unwrap_or(protocol::Become::WORKER));
    let shell = |line: String| ["/bin/sh".to_owned(), "-c".to_owned(), line];
    let mut argv = before;
    match form {
        Form::Words => argv.extend(shell(line)),
        // Frames are to pass through its terminal unchanged.
        Form::Terminal => argv.extend(shell(format!("stty raw -echo 2>/dev/null; {line}"))),
        Form::Quoted => argv.push(format!("/bin/sh -c \"{line}\"")),
        Form::Bare => argv.push(line),
    }
    if let Some(directory) = &to.directory {
        let change = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory].map(str::to_owned);
        argv = change.into_iter().chain(argv).collect();
    }
    protocol::Become {
        argv,
        environment: Vec::new(),
        prompts,
        incorrect: to.method.incorrect().iter().map(|text| (*text).to_owned()).collect(),
        missing: to.method.missing().iter().map(|text| (*text).to_owned()).collect(),
        password: to.password.clone(),
        timeout_milliseconds: to.timeout.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
    }
}

/// A command line behind the words of escalation, for people: `sudo -H -S -n -u bob id`.
pub fn shown(to: &Become, command: &str) -> String {
    let line = Line::new(to);
    let mut words: Vec<String> = line.before.iter().map(|word| quote(word)).collect();
    words.push(if matches!(line.form, Form::Bare | Form::Quoted) { quote(command) } else { command.to_owned() });
    words.join(" ")
}

/// Escalation of one command line without a worker: the line for the login shell and what to look for in its output.
pub(crate) struct RawPlan {
    /// The whole line.
    pub(crate) line: String,
    /// Printed once the identity is taken on.
    pub(crate) success: String,
    texts: protocol::Become,
}

impl RawPlan {
    /// The plan for a command line.
    pub(crate) fn new(to: &Become, command: &str, shell: &str) -> Self {
        let success = format!("BECOME-SUCCESS-{}", random_key());
        let shell = if shell.is_empty() { "/bin/sh" } else { shell };
        let Line { before, form, prompts } = Line::new(to);
        let told = format!("echo {success}; {command}");
        let whole = format!("{shell} -c {}", quote(&told));
        let last = match form {
            Form::Words | Form::Terminal => whole,
            Form::Quoted => quote(&whole),
            Form::Bare => quote(&told),
        };
        let words: Vec<String> = before.iter().map(|word| quote(word)).chain([last]).collect();
        let line = words.join(" ");
        let line = match &to.directory {
            Some(directory) => format!("cd {} && {line}", quote(directory)),
            None => line,
        };
        let mut texts = request(to, None);
        // The prompt of the line, which has a key of its own.
        texts.prompts = prompts;
        Self { line, success, texts }
    }

    /// True when the password is asked for.
    pub(crate) fn asks(&self, said: &str) -> bool {
        contains(said, &self.texts.prompts)
    }

    /// True when the password was refused.
    pub(crate) fn is_incorrect(&self, said: &str) -> bool {
        contains(said, &self.texts.incorrect)
    }

    /// True when a password is needed and none was given.
    pub(crate) fn is_missing(&self, said: &str) -> bool {
        contains(said, &self.texts.missing)
    }
}

fn contains(said: &str, texts: &[String]) -> bool {
    let said = format!("\n{}", said.to_lowercase());
    texts.iter().any(|text| said.contains(&text.to_lowercase()))
}

/// A prompt that nobody else prints, when there is a password to answer it.
fn own_prompt(to: &Become, name: &str) -> Option<String> {
    to.password.is_some().then(|| format!("[{name} via churten, key={}] password:", random_key()))
}

/// Flags without `-n`, which forbids asking, and with `-S`: the answer comes without a terminal.
fn asking(flags: Vec<String>) -> Vec<String> {
    let flags = flags.into_iter().filter(|flag| flag != "-n" && flag != "--non-interactive");
    let mut flags: Vec<String> = flags.map(without_n).collect();
    if !flags.iter().any(|flag| flag == "--stdin" || is_short_with(flag, 'S')) {
        flags.push("-S".to_owned());
    }
    flags
}

/// Blank-separated words; quotes are honoured.
fn words(text: &str) -> Vec<String> {
    crate::ssh::config::shell_words(text).unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect())
}

/// True for `-HSn` and its like with a letter in it.
fn is_short_with(flag: &str, letter: char) -> bool {
    flag.len() > 1 && flag.starts_with('-') && !flag.starts_with("--") && flag.contains(letter)
}

/// `-HSn` without the `n`.
fn without_n(flag: String) -> String {
    if is_short_with(&flag, 'n') { flag.replace('n', "") } else { flag }
}

/// Letters nobody can foresee, so that a program's output cannot be taken for the prompt.
fn random_key() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1))
}

/// A word for a POSIX shell.
pub(crate) fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\"'\"'"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use churten_protocol::Secret;

    fn argv(to: &Become) -> Vec<String> {
        request(to, Some("W --serve ff".into())).argv
    }

    #[test]
    fn sudo_and_su() {
        let run = "exec W --serve ff";
        let plain = Become { user: "bob".into(), ..Become::default() };
        assert_eq!(argv(&plain), ["sudo", "-H", "-S", "-n", "-u", "bob", "/bin/sh", "-c", run]);
        let with_password = Become { password: Some(Secret::from("x")), ..plain.clone() };
        let line = argv(&with_password);
        assert_eq!(line[..4], ["sudo", "-H", "-S", "-p"]);
        assert!(line[4].starts_with("[sudo via churten, key="));
        assert_eq!(line[5..], ["-u", "bob", "/bin/sh", "-c", run]);
        let flags = Become { flags: Some("-HSn -E".into()), ..with_password };
        assert_eq!(argv(&flags)[..3], ["sudo", "-HS", "-E"]);
        let su =
            Become { method: BecomeMethod::Su, executable: Some("/bin/su".into()), flags: Some("-".into()), ..plain };
        assert_eq!(argv(&su), ["/bin/su", "-", "bob", "-c", "/bin/sh -c \"exec W --serve ff\""]);
    }

    #[test]
    fn sudo_may_start_in_a_directory() {
        let to = Become { user: "bob".into(), directory: Some("/a b".into()), ..Become::default() };
        assert_eq!(argv(&to)[..5], ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", "/a b", "sudo"]);
        assert!(RawPlan::new(&to, "id", "").line.starts_with("cd '/a b' && sudo -H"));
    }

    /// As the plugins of ansible 12.3.0 build them.
    #[test]
    fn lines_of_the_other_programs() {
        use BecomeMethod::{Doas, Dzdo, Ksu, Machinectl, Pbrun, Pfexec, Pmrun, PodmanUnshare, Run0, Sesu, SudoSu};
        for (method, user, expected) in [
            (Doas, "", "doas -n S"),
            (Doas, "bob", "doas -n -u bob S"),
            (Dzdo, "bob", "dzdo -H -S -n -u bob S"),
            (Ksu, "bob", "ksu bob -e S"),
            (Machinectl, "", "machinectl -q shell @ S"),
            (Machinectl, "bob", "machinectl -q shell bob@ S"),
            (Pbrun, "bob", "pbrun -u bob B"),
            (Pfexec, "bob", "pfexec -H -S -n B"),
            (Pmrun, "bob", "pmrun Q"),
            (Run0, "bob", "run0 --user=bob S"),
            (Sesu, "bob", "sesu -H -S -n bob -c S"),
            (SudoSu, "bob", "sudo -H -S -n su -l bob S"),
            (PodmanUnshare, "", "podman unshare S"),
            (PodmanUnshare, "bob", "sudo -iu bob -- podman unshare S"),
        ] {
            let to = Become { method, user: user.into(), ..Become::default() };
            let plan = RawPlan::new(&to, "id", "");
            let told = format!("'echo {}; id'", plan.success);
            let line = plan.line.replace(&quote(&format!("/bin/sh -c {told}")), "Q");
            let line = line.replace(&format!("/bin/sh -c {told}"), "S").replace(&told, "B");
            assert_eq!(line, expected);
        }
        let wrapped = Become { method: Pbrun, wrapped: true, ..Become::default() };
        assert_eq!(argv(&wrapped), ["pbrun", "/bin/sh", "-c", "exec W --serve ff"]);
    }

    #[test]
    fn a_plan_answers_its_own_prompt() {
        let to = Become { password: Some(Secret::from("x")), ..Become::default() };
        let plan = RawPlan::new(&to, "id", "");
        let prompt = plan.line.split('\'').nth(1).unwrap();
        assert!(prompt.starts_with("[sudo via churten, key=") && plan.asks(prompt));
    }
}
