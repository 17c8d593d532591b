//! Prompts on a terminal: what is asked, what is seen of the answers, and what Ctrl-C leaves behind.
//!
//! The terminal is that of `script` of util-linux; without it the tests say so and do nothing.

use churten_testing::Sandbox;
use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Longer than any step takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program on a terminal of its own.
struct Terminal {
    child: Child,
    output: Receiver<u8>,
    seen: String,
}

impl Terminal {
    /// Run `ansible-playbook` with these words, then a shell command that looks at the terminal. `None` without `script`.
    fn start(sandbox: &Sandbox, words: &str, after: &str) -> Option<Self> {
        let program = sandbox.link(Path::new(env!("CARGO_BIN_EXE_churten")), "ansible-playbook").unwrap();
        // The shell outlives the Ctrl-C that ends the program.
        let command = format!("trap : INT; {} -i h1, -c local {words}; echo \"code=$?\"; {after}", program.display());
        let child = Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .current_dir(sandbox.path().join("playbooks"))
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", sandbox.path().join("home"))
            .envs([("LANG", "C.UTF-8"), ("TERM", "xterm"), ("SHELL", "/bin/sh"), ("ANSIBLE_NOCOLOR", "1")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn();
        let mut child = child.ok()?;
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, output) = channel();
        std::thread::spawn(move || stdout.bytes().map_while(Result::ok).try_for_each(|byte| sender.send(byte)));
        Some(Self { child, output, seen: String::new() })
    }

    /// Wait until `text` has come; gives what came before it and itself.
    fn expect(&mut self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        let mut bytes = std::mem::take(&mut self.seen).into_bytes();
        while !String::from_utf8_lossy(&bytes).contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(byte) => bytes.push(byte),
                Err(_) => panic!("no {text:?} in {:?}", String::from_utf8_lossy(&bytes)),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Type something.
    fn send(&mut self, text: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(text.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    fn end(mut self) -> String {
        let rest = self.expect("code=") + &self.expect("\n");
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
        rest
    }
}

fn sandbox() -> Sandbox {
    Sandbox::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/playbooks")).unwrap()
}

#[expect(clippy::print_stdout, reason = "a test that does nothing says so")]
fn skip() {
    println!("skipped: there is no program `script`");
}

#[test]
fn variables_are_asked_for() {
    let sandbox = sandbox();
    let Some(mut terminal) = Terminal::start(&sandbox, "output/prompts.yml", "true") else { return skip() };
    for (prompt, answer) in [
        ("Say a: ", "secret\n"),
        ("b [3]: ", "shown\n"),
        ("c [5]: ", "x\n"),
        ("confirm c [5]: ", "y\n"),
        ("***** VALUES ENTERED DO NOT MATCH ****\r\nc [5]: ", "x\n"),
        ("confirm c [5]: ", "x\n"),
    ] {
        let told = terminal.expect(prompt);
        assert!(!told.contains("secret") && told.contains(prompt), "{told:?}");
        terminal.send(answer);
    }
    let told = terminal.expect("target [h1]: ");
    assert!(told.contains("\"secret\",\r\n        \"shown\",\r\n        \"x\""), "{told}");
    terminal.send("\n");
    assert!(terminal.end().contains("code=0"));
}

#[test]
fn ctrl_c_at_a_prompt_leaves_the_terminal_as_it_was() {
    let sandbox = sandbox();
    for (words, prompt) in [("output/prompts.yml", "Say a: "), ("-k output/fails.yml", "SSH password: ")] {
        let Some(mut terminal) = Terminal::start(&sandbox, words, "stty -a | grep -ow -e -echo -e echo") else {
            return skip();
        };
        terminal.expect(prompt);
        terminal.send("\x03");
        terminal.expect("[ERROR]: User interrupted execution\r\n");
        assert!(terminal.expect("code=99").contains("code=99"));
        let echo = terminal.expect("echo\r\n");
        assert!(!echo.contains("-echo"), "{echo:?}");
        let _ = std::fs::remove_file(sandbox.path().join("bin/ansible-playbook"));
    }
}

#[test]
fn passwords_default_to_each_other_and_vaults_are_asked_for() {
    let sandbox = sandbox();
    let Some(mut terminal) = Terminal::start(&sandbox, "-k -K -J output/facts.yml --start-at-task two", "true") else {
        return skip();
    };
    for prompt in ["SSH password: ", "BECOME password[defaults to SSH password]: ", "Vault password: "] {
        terminal.expect(prompt);
        terminal.send(if prompt.starts_with("BECOME") { "\n" } else { "hidden\n" });
    }
    let told = terminal.end();
    assert!(told.contains("code=0") && !told.contains("hidden"), "{told}");
}

#[test]
fn the_method_asks_for_its_password_by_name() {
    let sandbox = sandbox();
    let setting = "[privilege_escalation]\nagnostic_become_prompt = false\n";
    std::fs::write(sandbox.path().join("playbooks/ansible.cfg"), setting).unwrap();
    let words = "-K --become-method su output/facts.yml --start-at-task two";
    let Some(mut terminal) = Terminal::start(&sandbox, words, "true") else { return skip() };
    terminal.expect("SU password: ");
    terminal.send("hidden\n");
    assert!(terminal.end().contains("code=0"));
}

#[test]
fn steps_are_asked_for() {
    let sandbox = sandbox();
    let Some(mut terminal) = Terminal::start(&sandbox, "--step steps.yml", "true") else { return skip() };
    terminal.expect("Perform task: TASK: one (N)o/(y)es/(c)ontinue: ");
    terminal.send("y\n");
    let told = terminal.expect("Perform task: TASK: debug (N)o/(y)es/(c)ontinue: ");
    assert!(told.contains("\r\nPerform task: TASK: one (N)o/(y)es/(c)ontinue: ****"), "{told}");
    assert!(told.contains("TASK [one] ****"), "{told}");
    terminal.send("n\n");
    let told = terminal.expect("Perform task: TASK: include_tasks (N)o/(y)es/(c)ontinue: ");
    assert!(!told.contains("TASK [debug]"), "{told}");
    terminal.send("c\n");
    // Each play asks anew.
    let told = terminal.expect("Perform task: TASK: in the second (N)o/(y)es/(c)ontinue: ");
    assert!(told.contains("TASK [always 2] ***"), "{told}");
    terminal.send("\x03");
    terminal.expect("[ERROR]: User interrupted execution");
    assert!(terminal.end().contains("code=99"));
}
