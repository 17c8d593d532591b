//! Broken YAML files against the errors ansible-core gives.

use churten_syntax::{ParseOptions, parse_yaml_single};
use churten_value::{Source, Value, from_json};

#[test]
fn errors_as_recorded() {
    let cases = from_json(include_str!("fixtures/broken.json")).unwrap();
    // Errors that show the line depend on the source being a file.
    let source = Source::file("/nonexistent/broken.yml");
    let mut wrong = Vec::new();
    for case in cases.as_list().unwrap() {
        let text = case.get("text").and_then(Value::as_str).unwrap();
        let actual = match parse_yaml_single(text, source, &ParseOptions::TRUSTED) {
            Ok(parsed) => ("ok".to_owned(), parsed.into_value().to_text(), None),
            Err(report) => {
                let place = report.origin.map_or((0, 0), |origin| (origin.line, origin.column));
                (report.message.clone(), format!("{}:{}", place.0, place.1), report.help.clone())
            }
        };
        let expected = match case.get("ok").and_then(Value::as_str) {
            Some(shown) => ("ok".to_owned(), shown.trim_matches('\'').to_owned(), None),
            None => {
                let place = case.get("origin").and_then(Value::as_list).unwrap();
                let number = |index: usize| place[index].as_int().unwrap_or(0);
                let message = case.get("message").and_then(Value::as_str).unwrap().to_owned();
                let help = case.get("help").and_then(Value::as_str).map(str::to_owned);
                (message, format!("{}:{}", number(0), number(1)), help)
            }
        };
        if actual != expected {
            wrong.push(format!("{text:?}: {actual:?} instead of {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
