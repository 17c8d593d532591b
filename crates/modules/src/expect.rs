//! The `expect` module.

use crate::python_regex::{PythonRegex, latin1};
use churten_module::prelude::*;
use churten_module::time::{delta, local, python_text};
use churten_module::{ArgumentType, Heard, Terminal, convert_value, python_path_error};
use churten_value::{Data, Repr, escape_bytes};
use std::time::Duration;

/// Run a command on a terminal and answer what it asks.
///
/// No shell is between: `|`, `<`, `>` and `$HOME` mean nothing. What is asked is told by regular expressions on bytes, in which
/// `.` matches newlines, too; `^` is where the output goes on behind the last question, unless the pattern begins with `(?m)`.
#[derive(Args)]
pub(crate) struct Expect {
    /// The command.
    command: String,
    /// Change into this directory first.
    chdir: Option<PathBuf>,
    /// Do nothing when this path exists.
    #[arg(kind = "path")]
    creates: Option<String>,
    /// Do nothing unless this path exists.
    #[arg(kind = "path")]
    removes: Option<String>,
    /// Questions, and the answer to each; of a list, one answer each time.
    responses: Dict,
    /// Seconds to wait for the next question or the end; `null` waits for ever.
    #[arg(default = 30)]
    timeout: Option<Value>,
    /// Repeat the answers in the output, as a terminal does.
    #[arg(default = false)]
    echo: bool,
}

/// The exit code for "nothing was run".
const NO_COMMAND: i32 = 256;
/// The seconds of a timeout of -1.
const DEFAULT_TIMEOUT: u64 = 30;
/// The most that is read before the questions are looked for.
const PIECE: usize = 2000;
/// Longer output is refused: all of it is kept, and searched again with every piece.
const LIMIT: usize = 64 << 20;
/// A program that has just asked may still be switching the echo off.
const BEFORE_ANSWER: Duration = Duration::from_millis(50);

/// A question and its answers.
struct Question<'a> {
    name: String,
    pattern: PythonRegex,
    answers: Answers<'a>,
}

enum Answers<'a> {
    Always(&'a Value),
    Once(std::slice::Iter<'a, Value>),
}

impl Action for Expect {
    const NAME: &'static str = "expect";
    const CHECK: CheckMode = CheckMode::Skip;

    fn run(&self, host: &dyn Host, _: &Options) -> Result<Dict> {
        let timeout = self.timeout()?;
        let mut questions = self.questions()?;
        if self.command.trim().is_empty() {
            return Err(Failure::new("no command given").with("rc", NO_COMMAND));
        }
        let directory = self.directory(host)?;
        if let Some(result) = self.already_done(host, &directory) {
            return Ok(result);
        }
        let words = words(&self.command);
        let program = words.first().cloned().unwrap_or_default();
        let start = host.now();
        let command = Command::new(words).directory(directory);
        let mut terminal = host.start_on_terminal(&command, self.echo).map_err(|error| match error.raw_os_error() {
            // Not there, not allowed, no program.
            Some(2 | 8 | 13 | 20) => {
                Failure::new(format!("The command was not found or was not executable: {program}."))
            }
            _ => Failure::could_not_run(&command.program, &error),
        })?;
        let (output, left) = converse(host, &mut *terminal, &mut questions, timeout)?;
        let code = terminal.hang_up(left)?;
        let end = host.now();
        let text = escape_bytes(&output);
        let mut result = Dict::from([
            ("cmd", Value::from(self.command.as_str())),
            ("stdout", text.trim_end_matches(['\r', '\n']).into()),
            ("rc", code.map_or(Value::NONE, Value::from)),
            ("start", python_text(&local(host.observe(), start)).into()),
            ("end", python_text(&local(host.observe(), end)).into()),
            ("delta", delta(start, end).into()),
            ("changed", true.into()),
        ]);
        if code != Some(0) {
            result.insert("failed", true);
            result.insert("msg", if code.is_none() { "command exceeded timeout" } else { "non-zero return code" });
        }
        Ok(result)
    }
}

impl Expect {
    fn timeout(&self) -> Result<Option<Duration>> {
        let Some(given) = &self.timeout else { return Ok(None) };
        let converted = convert_value(ArgumentType::Int, given).map_err(|reason| {
            let kind = given.type_name();
            Failure::new(format!(
                "argument 'timeout' is of type <class '{kind}'> and we were unable to convert to int: {reason}"
            ))
        })?;
        // True is 1.
        let seconds = converted.as_bool().map_or_else(|| converted.as_int().unwrap_or(i64::MAX), i64::from);
        let seconds = if seconds == -1 { DEFAULT_TIMEOUT } else { u64::try_from(seconds).unwrap_or(0) };
        Ok(Some(Duration::from_secs(seconds)))
    }

    fn questions(&self) -> Result<Vec<Question<'_>>> {
        self.responses
            .iter()
            .map(|(name, answer)| {
                let name = name.to_text();
                let pattern = PythonRegex::of_bytes(&name, "s").map_err(Failure::new)?;
                let answers = match &answer.data {
                    Data::List(items) => Answers::Once(items.iter()),
                    _ => Answers::Always(answer),
                };
                Ok(Question { name, pattern, answers })
            })
            .collect()
    }

    fn directory(&self, host: &dyn Host) -> Result<PathBuf> {
        let Some(directory) = &self.chdir else { return Ok(host.current_directory()) };
        let path = host.current_directory().join(directory);
        match host.stat(&path)? {
            Some(stat) if stat.is_directory() => Ok(path),
            found => {
                let error = std::io::Error::from_raw_os_error(if found.is_some() { 20 } else { 2 });
                fail!("Unable to change directory before execution: {}", python_path_error(&error, &path))
            }
        }
    }

    /// The result when `creates` or `removes` says that there is nothing to do.
    fn already_done(&self, host: &dyn Host, directory: &Path) -> Option<Dict> {
        let is_there = |path: &str| matches!(host.stat(&directory.join(path)), Ok(Some(_)));
        let (path, why) = match (&self.creates, &self.removes) {
            (Some(path), _) if is_there(path) => (path, "exists"),
            (_, Some(path)) if !is_there(path) => (path, "does not exist"),
            _ => return None,
        };
        Some(Dict::from([
            ("cmd", Value::from(self.command.as_str())),
            ("stdout", format!("skipped, since {path} {why}").into()),
            ("changed", false.into()),
            ("rc", 0.into()),
        ]))
    }
}

/// Answer until the program ends or is silent for too long: all that it said, and how long it may take to end.
fn converse(
    host: &dyn Host,
    terminal: &mut dyn Terminal,
    questions: &mut [Question<'_>],
    timeout: Option<Duration>,
) -> Result<(Vec<u8>, Option<Duration>)> {
    let mut output: Vec<u8> = Vec::new();
    // What no question was found in yet, as the patterns see it.
    let mut open = String::new();
    let mut since = host.now();
    let mut is_fresh = true;
    loop {
        let found = questions.iter_mut().filter_map(|question| question.pattern.find(&open).map(|at| (at, question)));
        // A pattern that nothing is enough for would be answered for ever.
        let found = found.filter(|((_, end), _)| is_fresh || *end > 0).min_by_key(|((start, _), _)| *start);
        if let Some(((_, end), question)) = found {
            let rest = open.split_off(end);
            let said = std::mem::replace(&mut open, rest);
            let answer = question.answer(&said)?;
            host.pause(BEFORE_ANSWER);
            // Who has gone without hearing the answer is found out when listening.
            let _ = terminal.tell(answer.as_bytes());
            since = host.now();
            is_fresh = false;
            continue;
        }
        let left = timeout.map(|timeout| timeout.saturating_sub(passed(since, host.now())));
        match terminal.hear(PIECE, left)? {
            Heard::Bytes(bytes) => {
                open.push_str(&latin1(&bytes));
                output.extend(bytes);
                is_fresh = true;
            }
            Heard::Silence => return Ok((output, Some(Duration::ZERO))),
            Heard::End => return Ok((output, left)),
        }
        if output.len() > LIMIT {
            return Err(Failure::not_yet(format!("more than {LIMIT} bytes of output")));
        }
    }
}

fn passed(from: Timestamp, to: Timestamp) -> Duration {
    let since_epoch = |at: Timestamp| Duration::new(u64::try_from(at.seconds).unwrap_or(0), at.nanoseconds);
    since_epoch(to).saturating_sub(since_epoch(from))
}

impl Question<'_> {
    /// The next answer, with the newline that sends it. A list that has come to its end is a failure.
    fn answer(&mut self, said: &str) -> Result<String> {
        let answer = match &mut self.answers {
            Answers::Always(answer) => answer,
            Answers::Once(answers) => answers.next().ok_or_else(|| {
                let said: Vec<u8> = said.chars().filter_map(|c| u8::try_from(c).ok()).collect();
                let said = Value::bytes(said);
                Failure::new(format!("No remaining responses for '{}', output was '{}'", self.name, Repr(&said)))
            })?,
        };
        Ok(format!("{}\n", answer.to_text().trim_end_matches('\n')))
    }
}

/// A command line as words: blanks part them, a backslash protects the next character, and nothing is special inside of
/// quotation marks, whose end may be missing. Blanks at the beginning end an empty word.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut is_between = false;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            if !is_between {
                words.push(std::mem::take(&mut word));
            }
            is_between = true;
            continue;
        }
        is_between = false;
        match c {
            '\\' => word.extend(chars.next()),
            '\'' | '"' => word.extend(chars.by_ref().take_while(|inside| *inside != c)),
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_of_a_command() {
        for (line, expected) in [
            (r#"a\ b "c  d" 'e"f' g"h i"j"#, vec!["a b", "c  d", "e\"f", "gh ij"]),
            (r#"'a\b' "c\"d" e\'f"#, vec![r"a\b", r"c\d e\'f"]),
            ("echo '' x 'unclosed", vec!["echo", "", "x", "unclosed"]),
            ("  echo a\t b  ", vec!["", "echo", "a", "b"]),
            ("a\\", vec!["a"]),
        ] {
            assert_eq!(words(line), expected, "{line}");
        }
    }
}
