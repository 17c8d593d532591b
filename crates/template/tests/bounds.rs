//! What a template may take of time, memory and stack.

use churten_template::{Environment, Templar};
use churten_value::{Dict, Value};

fn rendered(templar: &Templar, text: &str) -> String {
    match templar.render(&Value::template(text), &Dict::new()) {
        Ok(value) => value.to_text(),
        Err(report) => report.chain().map(|link| link.message.clone()).collect::<Vec<_>>().join(": "),
    }
}

fn looped(turns: usize, step: &str, end: &str) -> String {
    format!(
        "{{% set n = namespace(a=[], s='ab', i=3) %}}{{% for i in range({turns}) %}}{{% set {step} %}}{{% endfor %}}{end}"
    )
}

#[test]
fn containers_are_let_go_however_deep_they_are() {
    let templar = Templar::new(Environment::default());
    for step in ["n.a = [n.a]", "n.a = {'a': n.a}", "n.a = (n.a,)", "n.a = [{'a': (n.a,)}]"] {
        assert_eq!(rendered(&templar, &looped(50_000, step, "x")), "x", "{step}");
    }
    let key = looped(5_000, "n.a = (n.a | length,) if loop.first else (n.a,)", "{{ {n.a: 1} }}");
    assert!(rendered(&templar, &key).contains("maximum recursion depth exceeded"));
}

#[test]
fn integers_are_bounded() {
    let templar = Templar::new(Environment::default());
    for text in [
        looped(60, "n.i = n.i * n.i", "{{ n.i % 7 }}"),
        looped(60, "n.i = n.i.__lshift__(100000)", "{{ n.i % 7 }}"),
        "{{ ((2 ** 100000) ** 100000) % 7 }}".to_owned(),
    ] {
        assert!(rendered(&templar, &text).contains("more than 1048576 bits"), "{text}");
    }
    // As Python has it.
    assert!(rendered(&templar, "x{{ 2 ** 20000 }}").contains("Exceeds the limit (4300 digits)"));
    assert_eq!(rendered(&templar, "{{ (2 ** 20000) % 7 }}"), "4");
    assert_eq!(rendered(&templar, "{{ ('9' * 5000) | int }}"), "0");
}

#[test]
fn texts_are_bounded() {
    let templar = Templar::new(Environment::default());
    for text in [
        looped(60, "n.s = n.s | replace('a', n.s)", "{{ n.s | length }}"),
        looped(60, "n.s = n.s.replace('b', n.s)", "{{ n.s | length }}"),
        "{{ ('\t' * 100000).expandtabs(100000) }}".to_owned(),
        "{{ ('a\n' * 100000) | indent(100000) }}".to_owned(),
        "{{ ('a\n' * 100000) | comment(decoration='b' * 100000) }}".to_owned(),
        "{{ ('a' * 1000000).join(range(1000) | map('string')) }}".to_owned(),
    ] {
        assert!(rendered(&templar, &text).contains("too long"), "{text}");
    }
    assert!(rendered(&templar, "{{ [1] | to_json(indent=9999999999999) }}").contains("an indent of more than 1000"));
    assert!(rendered(&templar, "{{ range(99) | permutations | list | length }}").contains("more than 10000000 items"));
}

#[test]
fn work_is_bounded_where_it_is_asked_for() {
    let templar = Templar::new(Environment { work: 100_000, ..Environment::default() });
    for text in [
        looped(60, "n.a = [n.a, n.a]", "{{ n.a }}"),
        looped(60, "n.s = n.s ~ n.s", "{{ n.s | length }}"),
        looped(60, "n.a = n.a + n.a + [1]", "{{ n.a | length }}"),
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}".to_owned(),
        "{{ 'a' | password_hash('sha512', rounds=999999999) }}".to_owned(),
        "{{ 'a' | password_hash('blowfish', rounds=31) }}".to_owned(),
        "{{ range(9) | product(repeat=9) | list | length }}".to_owned(),
        // Who catches the error does not get further.
        "{% for i in range(99999) %}{{ (range(99999) | list).x | default(i) }}{% endfor %}".to_owned(),
    ] {
        let shown = rendered(&templar, &text);
        assert!(
            shown.contains("more work than it may") || shown.contains("more than 10000000 items"),
            "{text}: {shown}"
        );
    }
    assert_eq!(rendered(&templar, "{{ range(100) | sum }}"), "4950");
}

#[test]
fn lookups_can_be_refused() {
    let templar = Templar::new(Environment { may_look_up: |name| name == "items", ..Environment::default() });
    assert_eq!(rendered(&templar, "{{ lookup('ansible.builtin.items', [1, 2]) }}"), "[1, 2]");
    for name in ["pipe", "ansible.builtin.pipe", "file"] {
        assert!(rendered(&templar, &format!("{{{{ query('{name}', 'true') }}}}")).contains("may not be used here"));
    }
}

/// The standard library's sort may panic over such orders.
#[test]
fn what_has_no_order_is_sorted_or_refused() {
    let templar = Templar::new(Environment::default());
    for text in [
        "{{ ((range(60) | map('string') | list) + (range(60) | list)) | shuffle(seed=3) | sort }}",
        "{{ ((range(60) | list) + ['a']) | sort(reverse=true) }}",
    ] {
        assert!(rendered(&templar, text).contains("not supported between instances of"), "{text}");
    }
    let nan = "{% set n = 'nan' | float %}{{ ((range(60) | list) + [n] * 60) | shuffle(seed=3) | sort | length }}";
    assert_eq!(rendered(&templar, nan), "120");
}
