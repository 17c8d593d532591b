//! The tags of Jinja2's extensions, where they are enabled and where they are not.

use churten_template::{Environment, Extensions, Templar};
use churten_value::{Dict, Value};

const BOTH: [&str; 2] = ["jinja2.ext.do", "jinja2.ext.loopcontrols"];

fn render(text: &str, names: &[&str]) -> Result<String, String> {
    let extensions = Extensions::named(names.iter().copied());
    let templar = Templar::new(Environment { extensions, ..Environment::default() });
    match templar.render(&Value::template(text), &Dict::new()) {
        Ok(value) => Ok(value.to_text()),
        Err(report) => Err(report.headline()),
    }
}

#[test]
fn an_expression_statement_prints_nothing() {
    let cases = [
        ("{% set a = [] %}{% do a.append(1) %}{% do a.append('x') %}{{ a }}", "[1, 'x']"),
        ("[{% do 1 + 1 %}][{% do missing %}][{% do 'x' | upper %}][{% do 1, 2 %}]", "[][][][]"),
        ("{%- do (1) -%} a {# do #}", "a "),
        ("{% do missing.attribute %}x", "x"),
        ("{% set s = namespace(n=0) %}{% do s.update(n=2) if false else none %}{{ s.n }}", "0"),
        ("{% macro m() %}{% do varargs | list %}{{ varargs | length }}{% endmacro %}{{ m(1) }}", "1"),
    ];
    for (text, expected) in cases {
        assert_eq!(render(text, &BOTH).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn loops_are_left_and_continued() {
    let cases = [
        ("{% for i in range(9) %}{% if i == 3 %}{% break %}{% endif %}{{ i }},{% endfor %}-", "0,1,2,-"),
        ("{% for i in range(4) %}{% if i is odd %}{% continue %}{% endif %}{{ i }},{% endfor %}-", "0,2,-"),
        ("{% for i in [1] %}{% break %}{% else %}none{% endfor %}-", "none-"),
        ("{% for i in [1] %}{% for j in [] %}{% else %}{% break %}{% endfor %}{{ i }}{% endfor %}-", "-"),
        ("{% for i in [1] %}{% filter upper %}a{% break %}{% endfilter %}{% endfor %}-", "-"),
        ("{% for i in [1, 2] %}{% set x %}{{ i }}{% continue %}{% endset %}{{ x }}{% endfor %}-", "-"),
    ];
    for (text, expected) in cases {
        assert_eq!(render(text, &BOTH).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn a_loop_ends_where_a_function_begins() {
    let outside = "Error rendering template: 'break' outside loop";
    for text in [
        "{% break %}",
        "{% for i in [1] %}{% endfor %}{% break %}",
        "{% for i in [1] %}{% macro m() %}{% break %}{% endmacro %}{{ m() }}{% endfor %}",
        "{% for i in [1] %}{% block b %}{% break %}{% endblock %}{% endfor %}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% for i in [1] %}{% call m() %}{% break %}{% endcall %}{% endfor %}",
    ] {
        assert_eq!(render(text, &BOTH).unwrap_err(), outside, "{text}");
    }
    let continued = render("{% if true %}{% continue %}{% endif %}", &BOTH).unwrap_err();
    assert_eq!(continued, "Error rendering template: 'continue' not properly in loop");
}

#[test]
fn what_no_extension_brings_is_an_unknown_tag() {
    for (text, tag) in [
        ("{% do a.append(1) %}", "do"),
        ("{% do 1 %}{{ 1 + }}", "do"),
        ("{% break %}", "break"),
        ("{% for i in [1] %}{% continue %}{% endfor %}", "continue"),
    ] {
        let error = render(text, &[]).unwrap_err();
        assert!(error.contains(&format!("Encountered unknown tag '{tag}'.")), "{text}: {error}");
    }
    assert!(render("{% break %}", &BOTH[..1]).unwrap_err().contains("unknown tag 'break'"));
    assert!(render("{% do 1 %}", &BOTH[1..]).unwrap_err().contains("unknown tag 'do'"));
}

#[test]
fn names_are_those_of_jinja2() {
    assert_eq!(Extensions::named(["jinja2.ext.ExprStmtExtension"]), Extensions::named(["jinja2.ext.do"]));
    for known in ["jinja2.ext.do", "jinja2.ext.LoopControlExtension", "jinja2.ext.i18n", "jinja2.ext.DebugExtension"] {
        assert!(Extensions::may_be_named(known), "{known}");
    }
    for unknown in ["", "do", "jinja2.ext", "jinja2.ext.with_", "mine.Extension"] {
        assert!(!Extensions::may_be_named(unknown), "{unknown}");
    }
}
