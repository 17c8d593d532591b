//! The markup of documentation, `C(text)` and the like, as text
//! (<https://docs.ansible.com/ansible/latest/dev_guide/ansible_markup.html>).

use crate::look::{Look, Meaning};
use fancy_regex::{Captures, Regex};
use std::sync::LazyLock;

/// What a mark does with its captures.
type Replacement = fn(&Look<'_>, &Captures<'_>) -> String;

static MARKS: LazyLock<Vec<(Regex, Replacement)>> = LazyLock::new(|| {
    // The text of these may hold escaped parentheses.
    const TEXT: &str = r"\(((?:[^\\)]+|\\.)+)\)";
    let marks: [(String, Replacement); 17] = [
        (r"\bI\(([^)]+)\)".into(), |look, found| look.underlined(part(found, 1))),
        (r"\bB\(([^)]+)\)".into(), |look, found| look.bold(part(found, 1))),
        (r"\bM\(([^)]+)\)".into(), |look, found| plugin(look, part(found, 1))),
        (r"\bL\(([^)]+), *([^)]+)\)".into(), |_, found| format!("{} <{}>", part(found, 1), part(found, 2))),
        (r"\bU\(([^)]+)\)".into(), |_, found| part(found, 1).to_owned()),
        (r"\bR\(([^)]+), *([^)]+)\)".into(), |look, found| look.painted(Meaning::Reference, part(found, 1))),
        (r"\bC\(([^)]+)\)".into(), |look, found| look.painted(Meaning::Constant, &quoted(part(found, 1)))),
        (format!(r"\bO{TEXT}"), |_, found| parameter(part(found, 1))),
        (format!(r"\bRV{TEXT}"), |_, found| parameter(part(found, 1))),
        (format!(r"\bV{TEXT}"), |_, found| quoted(&unescaped(part(found, 1)))),
        (format!(r"\bE{TEXT}"), |_, found| quoted(&unescaped(part(found, 1)))),
        (r"\bP\(([^#)]+)#([a-z]+)\)".into(), |look, found| plugin(look, &format!("[{}]", part(found, 1)))),
        (r"\bHORIZONTALLINE\b".into(), |_, _| "\n-------------\n".to_owned()),
        // What is left of reStructuredText; its dots stand for any two letters, as in ansible-core.
        (r".. seealso::".into(), |_, _| "See also:".to_owned()),
        (r".. note::".into(), |look, _| look.heading("Note:")),
        (r":\w+?:`".into(), |_, _| "`".to_owned()),
        (r".. \w+?::".into(), |_, _| String::new()),
    ];
    marks.into_iter().filter_map(|(pattern, replacement)| Some((Regex::new(&pattern).ok()?, replacement))).collect()
});

/// Text with its markup replaced.
pub(crate) fn text_of(text: &str, look: &Look<'_>) -> String {
    MARKS.iter().fold(text.to_owned(), |text, (pattern, replacement)| {
        pattern.replace_all(&text, |found: &Captures<'_>| replacement(look, found)).into_owned()
    })
}

fn part<'a>(found: &Captures<'a>, index: usize) -> &'a str {
    found.get(index).map_or("", |found| found.as_str())
}

fn quoted(text: &str) -> String {
    format!("`{text}'")
}

fn plugin(look: &Look<'_>, name: &str) -> String {
    if look.is_marked() { format!("[{name}]") } else { look.painted(Meaning::Plugin, name) }
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        out.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    out
}

/// An option or a return value: `name`, `name=value`, `plugin#type:name`, `role#role:entry:name`, `ignore:name`.
fn parameter(text: &str) -> String {
    let text = unescaped(text);
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text.as_str(), None),
    };
    let mut place = String::new();
    let mut short = name;
    if let Some((plugin, rest)) = name.split_once(':')
        && let Some((plugin, kind)) = plugin.split_once('#')
    {
        match (kind, rest.split_once(':')) {
            ("role", Some((entry, rest))) => {
                place = format!(" (of role {plugin}, {entry} entrypoint)");
                short = rest;
            }
            _ => {
                let what = if matches!(kind, "role" | "module" | "playbook") { "" } else { " plugin" };
                place = format!(" (of {kind}{what} {plugin})");
                short = rest;
            }
        }
    } else if let Some(rest) = name.strip_prefix("ignore:") {
        short = rest;
    }
    let shown = value.map_or_else(|| short.to_owned(), |value| format!("{short}={value}"));
    format!("{}{place}", quoted(&shown))
}

#[cfg(test)]
mod tests {
    use super::text_of;
    use crate::look::{Look, Setting};

    #[test]
    fn marks_become_text() {
        let look = Look { columns: 79, verbosity: 0, setting: Setting::Marks };
        for (given, wanted) in [
            ("I(a) B(b) C(c) M(d.e.f)", "`a` *b* `c' [d.e.f]"),
            ("L(text, https://x) U(u) R(r, ref) P(a.b.c#lookup)", "text <https://x> u r [[a.b.c]]"),
            (r"V(a\)b) E(E) V()", "`a)b' `E' V()"),
            (
                "O(a=b) O(m.n.o#module:x[].y=1) RV(q.r.s#lookup:z)",
                "`a=b' `x[].y=1' (of module m.n.o) `z' (of lookup plugin q.r.s)",
            ),
            ("O(n.c.r#role:main:x) O(ignore:y) XI(z)", "`x' (of role n.c.r, main entrypoint) `y' XI(z)"),
        ] {
            assert_eq!(text_of(given, &look), wanted, "{given}");
        }
    }
}
