//! YAML: parsed; what was parsed is written in several ways, and is the same when it is parsed again.

use churten_syntax::{DuplicateKeys, EmitOptions, ParseOptions, emit_yaml, parse_key_values, parse_yaml, shlex_split};
use churten_value::{Data, Source, Value};

/// A YAML text; read as the arguments of a task and as words of a shell, too.
pub(crate) fn run(data: &[u8]) {
    let source = Source::described("<fuzz>");
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = parse_key_values(text, false);
        let _ = shlex_split(text);
    }
    let options = ParseOptions { trusted: true, duplicate_keys: DuplicateKeys::Ignore };
    let Ok(parsed) = parse_yaml(data, source, &options) else { return };
    for document in &parsed.documents {
        if !is_plain(document, &mut 20_000) {
            continue;
        }
        for options in [
            EmitOptions::PLAIN,
            EmitOptions { sort_keys: false, ..EmitOptions::NICE },
            EmitOptions { aliases: true, unicode: false, width: 40, ..EmitOptions::NICE },
            EmitOptions { flow: Some(true), sort_keys: false, explicit_start: true, ..EmitOptions::PLAIN },
        ] {
            // Keys that have no order among each other are refused by the writers that sort.
            let Ok(text) = emit_yaml(document, &options) else { continue };
            let again =
                parse_yaml(&text, source, &ParseOptions { trusted: true, duplicate_keys: DuplicateKeys::Ignore });
            let again = again.unwrap_or_else(|report| panic!("{report:?}\nof {text:?}\nof {document:?}"));
            let [again] = &*again.documents else { panic!("one document became {}: {text:?}", again.documents.len()) };
            assert_eq!(*again, *document, "of {text:?}");
        }
    }
}

/// Whether a value is one that YAML writes as it reads it, and of few parts: aliases can stand for many.
fn is_plain(value: &Value, parts: &mut usize) -> bool {
    let Some(left) = parts.checked_sub(1) else { return false };
    *parts = left;
    match &value.data {
        Data::List(items) => items.iter().all(|item| is_plain(item, parts)),
        Data::Dict(entries) => entries.iter().all(|(key, value)| is_plain(key, parts) && is_plain(value, parts)),
        // NaN is not equal to itself.
        Data::Float(number) => !number.is_nan(),
        _ => true,
    }
}
