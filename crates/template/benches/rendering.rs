//! Time per operation of the common small templates, and of a 200-line file.
#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use churten_template::{Environment, Templar, TemplateOptions};
use churten_value::{Dict, Value};
use std::time::Instant;

fn measure(name: &str, times: u32, mut work: impl FnMut()) {
    work();
    let start = Instant::now();
    for _ in 0..times {
        work();
    }
    println!("{name:40} {:>10.2} us", start.elapsed().as_secs_f64() * 1e6 / f64::from(times));
}

fn main() {
    let users: Vec<Value> = (0..20)
        .map(|number| {
            Value::dict(Dict::from([
                ("name", Value::str(format!("user{number}"))),
                ("uid", Value::from(1000 + number)),
                ("shell", Value::template("{{ default_shell }}")),
            ]))
        })
        .collect();
    let scope: Dict = [
        ("x", Value::from(1)),
        ("name", Value::str("web1")),
        ("default_shell", "/bin/bash".into()),
        ("lazy", Value::template("/opt/{{ name }}")),
        ("users", Value::list(users)),
    ]
    .into_iter()
    .collect();
    let templar = Templar::new(Environment::default());
    let render = |text: &str| {
        let text = Value::template(text);
        let _ = std::hint::black_box(templar.render(&text, &scope));
    };
    measure("plain text", 1_000_000, || render("just text"));
    measure("{{ x }}", 200_000, || render("{{ x }}"));
    measure("host-{{ name }}:{{ x + 1 }}", 200_000, || render("host-{{ name }}:{{ x + 1 }}"));
    measure("{{ lazy }}/sub", 200_000, || render("{{ lazy }}/sub"));
    let condition = Value::template("x == 1 and nope is not defined and name in ['web1', 'web2']");
    measure("condition", 200_000, || {
        let _ = std::hint::black_box(templar.condition(&condition, &scope));
    });
    measure("selectattr, map, join", 20_000, || {
        render("{{ users | selectattr('uid', '>', 1010) | map(attribute='name') | join(',') }}");
    });
    let block = "{% for user in users %}\n{{ loop.index }} {{ user.name }} {{ user.uid }} {{ user.shell }}\n\
                 {% if user.uid is even %}even{% else %}odd{% endif %}\n{% endfor %}\n";
    let file = Value::template(format!("# managed by {{{{ name }}}}\n{}", block.repeat(40)));
    measure("file of 200 lines, 800 rounds", 200, || {
        let _ = std::hint::black_box(templar.render_file_text(&file, &scope, &TemplateOptions::default()));
    });
}
