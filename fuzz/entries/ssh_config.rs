//! `ssh_config`: the first line is what is asked about, the rest is the file.

use churten_connection::{SshOptions, describe_text};

/// The first line: `host`, `host<TAB>user`, or those and arguments of `ssh` behind another tab.
pub(crate) fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (question, file) = text.split_once('\n').unwrap_or((&text, ""));
    let mut fields = question.splitn(3, '\t');
    let options = SshOptions {
        address: fields.next().unwrap_or_default().to_owned(),
        user: fields.next().filter(|user| !user.is_empty()).map(str::to_owned),
        arguments: fields.next().map(str::to_owned).into_iter().collect(),
        ..SshOptions::default()
    };
    let first = describe_text(file, &options);
    assert_eq!(first, describe_text(file, &options), "the same question has the same answer");
}
