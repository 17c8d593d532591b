//! A JUnit report as XML, laid out as Python's `minidom` does: tabs, attributes in the order of their names.

/// How a test case ended.
pub(super) enum Outcome {
    /// It passed; what it wrote.
    Passed(String),
    /// It failed.
    Failure { message: String, text: String },
    /// It did not get to an end.
    Error { message: String, text: String },
    /// It was skipped; the reason.
    Skipped(String),
}

/// A task on a host.
pub(super) struct TestCase {
    pub(super) class: String,
    pub(super) name: String,
    pub(super) seconds: f64,
    pub(super) outcome: Outcome,
}

/// The report of one suite.
pub(super) fn report(suite: &str, cases: &[TestCase]) -> String {
    let count = |wanted: fn(&Outcome) -> bool| cases.iter().filter(|case| wanted(&case.outcome)).count();
    let errors = count(|outcome| matches!(outcome, Outcome::Error { .. }));
    let failures = count(|outcome| matches!(outcome, Outcome::Failure { .. }));
    let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
    let tests = cases.len();
    let time = exact(cases.iter().map(|case| case.seconds).sum());
    let mut out = String::from("<?xml version=\"1.0\" ?>\n");
    let counts = format!("disabled=\"0\" errors=\"{errors}\" failures=\"{failures}\"");
    out += &format!("<testsuites {counts} tests=\"{tests}\" time=\"{time}\">\n");
    let name = escaped(suite);
    out += &format!("\t<testsuite {counts} name=\"{name}\" skipped=\"{skipped}\" tests=\"{tests}\" time=\"{time}\"");
    if cases.is_empty() {
        out += "/>\n</testsuites>\n";
        return out;
    }
    out += ">\n";
    for case in cases {
        out += &format!(
            "\t\t<testcase classname=\"{}\" name=\"{}\" time=\"{}\">\n\t\t\t{}\n\t\t</testcase>\n",
            escaped(&case.class),
            escaped(&case.name),
            exact(case.seconds),
            outcome(&case.outcome)
        );
    }
    out + "\t</testsuite>\n</testsuites>\n"
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Passed(text) => format!("<system-out>{}</system-out>", escaped(text)),
        Outcome::Skipped(reason) => format!("<skipped>{}</skipped>", escaped(reason)),
        Outcome::Failure { message, text } => with_message("failure", message, text),
        Outcome::Error { message, text } => with_message("error", message, text),
    }
}

fn with_message(element: &str, message: &str, text: &str) -> String {
    format!("<{element} message=\"{}\" type=\"{element}\">{}</{element}>", escaped(message), escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('>', "&gt;")
}

/// Every digit of a number of seconds, as Python's `Decimal` of a float has it.
fn exact(seconds: f64) -> String {
    let text = format!("{seconds:.60}");
    let text = text.trim_end_matches('0');
    text.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report() {
        let case =
            |outcome| TestCase { class: "/a.yml:5".into(), name: "[h] p: t x=\"1\"".into(), seconds: 0.5, outcome };
        let cases = [
            case(Outcome::Passed("{}".into())),
            case(Outcome::Failure { message: "no".into(), text: "a<b".into() }),
            case(Outcome::Skipped("why".into())),
        ];
        let expected = "<?xml version=\"1.0\" ?>\n\
            <testsuites disabled=\"0\" errors=\"0\" failures=\"1\" tests=\"3\" time=\"1.5\">\n\
            \t<testsuite disabled=\"0\" errors=\"0\" failures=\"1\" name=\"site\" skipped=\"1\" tests=\"3\" time=\"1.5\">\n\
            \t\t<testcase classname=\"/a.yml:5\" name=\"[h] p: t x=&quot;1&quot;\" time=\"0.5\">\n\
            \t\t\t<system-out>{}</system-out>\n\t\t</testcase>\n\
            \t\t<testcase classname=\"/a.yml:5\" name=\"[h] p: t x=&quot;1&quot;\" time=\"0.5\">\n\
            \t\t\t<failure message=\"no\" type=\"failure\">a&lt;b</failure>\n\t\t</testcase>\n\
            \t\t<testcase classname=\"/a.yml:5\" name=\"[h] p: t x=&quot;1&quot;\" time=\"0.5\">\n\
            \t\t\t<skipped>why</skipped>\n\t\t</testcase>\n\t</testsuite>\n</testsuites>\n";
        assert_eq!(report("site", &cases), expected);
    }

    #[test]
    fn numbers_have_all_their_digits() {
        assert_eq!(exact(0.1), "0.1000000000000000055511151231257827021181583404541015625");
        assert_eq!(exact(2.0), "2");
    }
}
