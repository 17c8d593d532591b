//! What a template prints, joined into its native result.

use super::Session;
use crate::fault::Outcome;
use crate::templar::Compiled;
use crate::val::{Text, Val, write_str};

/// The printed values, in order.
pub(crate) type Output = Vec<Val>;

/// The result: one printed value is the value itself, several are text, none is `None`. An undefined one is the whole.
pub(crate) fn join(parts: Output, session: &Session<'_>) -> Outcome<Val> {
    if let Some(undefined) = parts.iter().find(|part| part.is_undefined()) {
        return Ok(undefined.clone());
    }
    let mut parts = parts.into_iter().filter(|part| !part.is_none());
    let Some(first) = parts.next() else { return Ok(Val::None) };
    let Some(second) = parts.next() else { return Ok(first) };
    let mut text = String::new();
    for part in [first, second].iter() {
        write(part, session, &mut text)?;
    }
    for part in parts {
        write(&part, session, &mut text)?;
    }
    Ok(text.into())
}

fn write(part: &Val, session: &Session<'_>, text: &mut String) -> Outcome<()> {
    match part {
        Val::Str(part) => {
            session.spend_text(part.len())?;
            text.push_str(part);
        }
        Val::Omit => {}
        Val::Bytes(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
        Val::Tuple(_) => write_str(&part.settled(session)?, session, text)?,
        part => write_str(part, session, text)?,
    }
    Ok(())
}

/// Jinja2 drops one newline at the end; ansible-core puts back as many as the source has. Other newlines become
/// the template's newline sequence, which a header may change; those that are put back do not ask the header.
pub(crate) fn keep_newlines(text: Text, source: &str, compiled: &Compiled) -> Text {
    let newline = compiled.newline.as_str();
    if newline == "\n" && !source.ends_with('\n') {
        return text;
    }
    let count = |text: &str| text.len() - text.trim_end_matches('\n').len();
    if newline == "\n" && count(source) <= count(&text) {
        return text;
    }
    let mut kept = if newline == "\n" { text.to_string() } else { text.replace("\r\n", "\n").replace('\n', newline) };
    // Counted as ansible-core counts: in the text that has other newlines already.
    let missing = count(source).saturating_sub(count(&kept));
    kept.push_str(&compiled.ending.repeat(missing));
    Text::new(kept)
}
