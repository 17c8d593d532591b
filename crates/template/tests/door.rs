//! The door: scopes, trust, origins, vaults, hosts, files and bounds.

use churten_diagnostics::{ErrorKind, Report};
use churten_template::{Entry, Environment, HostVars, Scope, Templar, TemplateOptions};
use churten_value::{Data, Dict, Origin, Source, Tags, Value, Vaulted};
use churten_vault::Secrets;
use std::sync::{Arc, Mutex};

fn templar() -> Templar {
    Templar::new(Environment::default())
}

fn scope<const N: usize>(entries: [(&str, Value); N]) -> Dict {
    entries.into_iter().collect()
}

fn template(text: &str) -> Value {
    Value::template(text)
}

fn render(text: &str, scope: &dyn Scope) -> Result<Value, Report> {
    templar().render(&template(text), scope)
}

#[test]
fn only_trusted_text_is_a_template() {
    let scope = scope([("plain", "{{ nope }}".into()), ("lazy", template("{{ plain }}"))]);
    assert_eq!(render("{{ plain }}", &scope).unwrap(), Value::str("{{ nope }}"));
    let rendered = render("{{ lazy }}", &scope).unwrap();
    assert_eq!(rendered, Value::str("{{ nope }}"));
    assert!(!rendered.tags.is_trusted(), "a result is no template");
    assert_eq!(templar().render(&"{{ plain }}".into(), &scope).unwrap(), Value::str("{{ plain }}"));
    assert!(templar().is_template(&Value::list(vec![template("{% if a %}{% endif %}")])));
    assert!(!templar().is_template(&"{{ a }}".into()));
}

#[test]
fn containers_are_rendered_deep_and_shared_when_plain() {
    let plain = Value::list(vec![1.into(), "a".into()]);
    let scope = scope([("plain", plain.clone()), ("name", "n".into())]);
    let result = render("{{ plain }}", &scope).unwrap();
    match (&plain.data, &result.data) {
        (Data::List(a), Data::List(b)) => assert!(Arc::ptr_eq(a, b), "plain data is not copied"),
        _ => panic!("not lists"),
    }
    let mut entries = Dict::new();
    entries.insert("{{ name }}", template("{{ name }}"));
    entries.insert("gone", template("{{ omit }}"));
    entries.insert("list", Value::list(vec![Data::Omit.into(), template("x{{ 1 }}")]));
    let result = templar().render(&Value::dict(entries), &scope).unwrap();
    assert_eq!(result.to_text(), "{'{{ name }}': 'n', 'list': ['x1']}");
    assert!(templar().render(&template("{{ omit }}"), &scope).unwrap().is_omit());
}

#[test]
fn errors_name_the_innermost_template() {
    let source = Source::described("test");
    let outer = template("{{ a }}").at(Origin::new(source, 1, 1));
    let inner = template("{{ nope }}").at(Origin::new(source, 2, 5));
    let report = templar().render(&outer, &scope([("a", inner)])).unwrap_err();
    assert_eq!(report.message, "'nope' is undefined");
    assert_eq!(report.kind, ErrorKind::Undefined);
    assert_eq!(report.origin, Some(Origin::new(source, 2, 5)));
    let inner = template("{{ 1/0 }}").at(Origin::new(source, 3, 5));
    let report = templar().render(&outer, &scope([("a", inner)])).unwrap_err();
    assert_eq!(report.headline(), "Error rendering template: division by zero");
    assert_eq!(report.origin, Some(Origin::new(source, 3, 5)));
    let report = templar().render(&template("{{ 1 + }}").at(Origin::new(source, 4, 1)), &Dict::new()).unwrap_err();
    assert_eq!(report.headline(), "Syntax error in template: unexpected 'end of print statement'");
    assert_eq!(report.kind, ErrorKind::Parser);
    let result = templar().render(&template("{{ 1 + 1 }}").at(Origin::new(source, 9, 9)), &Dict::new()).unwrap();
    assert_eq!(result.origin(), Some(Origin::new(source, 9, 9)), "a result comes from its template");
}

#[test]
fn conditions_must_be_boolean() {
    let warnings = Arc::new(Mutex::new(Vec::new()));
    let sink = warnings.clone();
    let environment = Environment {
        warn: Arc::new(move |report| sink.lock().unwrap().push(report.message)),
        ..Environment::default()
    };
    let templar = Templar::new(environment);
    let scope = scope([
        ("flag", true.into()),
        ("text", "yes".into()),
        ("indirect", template("{{ flag }}")),
        ("expression", template("flag and text is string")),
    ]);
    for (condition, expected) in [
        (template("flag and not false"), Ok(true)),
        (template("indirect"), Ok(true)),
        (true.into(), Ok(true)),
        (template("nope is defined"), Ok(false)),
        (template("nope"), Err("Error while evaluating conditional: 'nope' is undefined")),
        (template(""), Err("Empty conditional expressions are not allowed.")),
        (Value::NONE, Err("Empty conditional expressions are not allowed.")),
        (1.into(), Err("Conditional expressions must be strings.")),
        ("true".into(), Err("Encountered untrusted template or expression.")),
        (template("{{ expression }}"), Ok(true)),
        (
            template("text"),
            Err("Conditional result (True) was derived from value of type 'str' at '<unknown>'. \
                 Conditionals must have a boolean result."),
        ),
        (
            template("x == {{ 1 }}"),
            Err("Syntax error in expression. Template delimiters are not supported in expressions: \
                 expected token ':', got '}'"),
        ),
    ] {
        let result = templar.condition(&condition, &scope).map_err(|report| report.headline());
        assert_eq!(result, expected.map_err(str::to_owned), "{condition:?}");
    }
    assert!(warnings.lock().unwrap().is_empty());
    assert_eq!(templar.condition(&template("{{ flag }}"), &scope).map_err(|report| report.headline()), Ok(true));
    assert_eq!(warnings.lock().unwrap().len(), 1, "delimiters are deprecated");
    let lax = Templar::new(Environment { allow_broken_conditionals: true, ..Environment::default() });
    assert_eq!(lax.condition(&template("text"), &scope).map_err(|report| report.headline()), Ok(true));
}

#[test]
fn vaulted_text_is_decrypted_when_reached() {
    let mut secrets = Secrets::new();
    secrets.add("default", b"pw".to_vec());
    let armour = secrets.encrypt(b"hidden", None, None).unwrap();
    let vaulted: Value = Data::Vault(Arc::new(Vaulted { armour: armour.into() })).into();
    let scope = scope([("v", vaulted.clone()), ("list", Value::list(vec![vaulted.clone()]))]);
    let templar = Templar::new(Environment { vault: Arc::new(secrets), ..Environment::default() });
    let value = templar.render(&template("{{ v }}"), &scope).unwrap();
    assert_eq!(value, Value::str("hidden"));
    assert!(value.tags.is_secret());
    assert_eq!(templar.render(&vaulted, &scope).unwrap(), Value::str("hidden"));
    assert_eq!(templar.render(&template("{{ list | first | upper }}"), &scope).unwrap(), Value::str("HIDDEN"));
    let report = render("{{ v }}", &scope).unwrap_err();
    assert_eq!(
        report.headline(),
        "Error rendering template: Attempt to use undecryptable variable: \
         Attempting to decrypt but no vault secrets found."
    );
}

struct Hosts(Vec<(&'static str, Arc<Dict>)>);

impl HostVars for Hosts {
    fn hosts(&self) -> Vec<Arc<str>> {
        self.0.iter().map(|(name, _)| (*name).into()).collect()
    }

    fn scope(&self, host: &str) -> Option<Arc<dyn Scope>> {
        self.0.iter().find(|(name, _)| *name == host).map(|(_, scope)| scope.clone() as Arc<dyn Scope>)
    }
}

struct Play(Dict, Arc<Hosts>);

impl Scope for Play {
    fn get(&self, name: &str) -> Option<Entry> {
        if name == "hostvars" { Some(Entry::Hosts(self.1.clone())) } else { Scope::get(&self.0, name) }
    }

    fn names(&self) -> Vec<Arc<str>> {
        Scope::names(&self.0)
    }
}

#[test]
fn hostvars_render_with_the_other_host() {
    let host = |address: &str| Arc::new(scope([("ip", address.into()), ("url", template("http://{{ ip }}/"))]));
    let hosts = Arc::new(Hosts(vec![("a", host("1.1.1.1")), ("b", host("2.2.2.2"))]));
    let play = Play(scope([("ip", "1.1.1.1".into()), ("x", 5.into())]), hosts);
    for (text, expected) in [
        ("{{ hostvars['b'].url }}", "http://2.2.2.2/"),
        ("{{ hostvars.b['ip'] }}", "2.2.2.2"),
        ("{{ hostvars | list | join(',') }}", "a,b"),
        ("{{ hostvars['a'] | string }}", "{'ip': '1.1.1.1', 'url': 'http://1.1.1.1/'}"),
        ("{{ 'c' in hostvars }},{{ 'a' in hostvars }}", "False,True"),
        ("{{ hostvars['b'].nope | default('d') }}", "d"),
        ("{{ hostvars.values() | map(attribute='ip') | join('+') }}", "1.1.1.1+2.2.2.2"),
        ("{{ vars['x'] }}{{ lookup('vars', 'ip') }}", "51.1.1.1"),
        ("{% for h in hostvars %}{{ hostvars[h].ip }} {% endfor %}", "1.1.1.1 2.2.2.2 "),
    ] {
        assert_eq!(render(text, &play).map(|value| value.to_text()), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn endless_templates_end() {
    let deep = "(".repeat(70) + "1" + &")".repeat(70);
    let chain = vec!["1"; 5000].join(" ~ ");
    let scope = scope([("a", template("{{ b }}")), ("b", template("{{ a }}"))]);
    let report = render("{{ a }}", &scope).unwrap_err();
    assert_eq!(report.headline(), "Recursive loop detected in template: maximum recursion depth exceeded");
    assert_eq!(render(&format!("{{{{ {deep} }}}}"), &scope).unwrap(), Value::from(1));
    for text in [
        format!("{{{{ {chain} }}}}"),
        "{% macro m(x) %}{{ m(x + 1) }}{% endmacro %}{{ m(1) }}".to_owned(),
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}".to_owned(),
        "{% for x in [[1]] recursive %}{{ loop([x]) }}{% endfor %}".to_owned(),
        "{{ 'a' * 10000000000 }}".to_owned(),
        "{{ 10 ** 100000000 }}".to_owned(),
        "{{ range(10000000000) | list }}".to_owned(),
    ] {
        assert!(render(&text, &scope).is_err(), "{}", &text[..40]);
    }
}

#[test]
fn files_keep_newlines_and_backslashes() {
    let templar = templar();
    let scope = scope([("x", Value::list(vec![1.into(), 2.into()])), ("n", Value::NONE)]);
    let render = |text: &str, options: &TemplateOptions| {
        templar.render_file_text(&template(text), &scope, options).map_err(|report| report.headline())
    };
    let options = TemplateOptions::default();
    for (text, expected) in [
        ("{{ 'a\\tb' }}\n", "a\tb\n"),
        ("{% for i in x %}\n{{ i }}\n{% endfor %}\n\n", "1\n2\n\n"),
        ("{{ x }}", "[1, 2]"),
        ("{{ n }}", ""),
        ("#jinja2: trim_blocks: False\n{% if true %}\na{% endif %}\n", "\na\n"),
        ("plain {{ '{{' }} text", "plain {{ text"),
    ] {
        assert_eq!(render(text, &options).as_deref(), Ok(expected), "{text:?}");
    }
    let own = TemplateOptions {
        variable_start: "<<".into(),
        variable_end: ">>".into(),
        newline_sequence: "\r\n".into(),
        ..TemplateOptions::default()
    };
    assert_eq!(render("<< x[0] >> {{ x }}\nb", &own).as_deref(), Ok("1 {{ x }}\r\nb"));
    assert_eq!(render("{{ nope }}", &options), Err("'nope' is undefined".to_owned()));
    let source = Source::file("file.j2");
    let text = template("a\n{{ 1 + }}\n").at(Origin::new(source, 1, 1));
    let report = templar.render_file_text(&text, &scope, &options).unwrap_err();
    assert_eq!(report.origin, Some(Origin::new(source, 2, 0)));
}

#[test]
fn lookups_by_name() {
    let scope = scope([("item", "i".into())]);
    let terms = Value::list(vec![template("{{ item }}"), Value::list(vec![1.into(), 2.into()])]);
    let result = templar().lookup("items", terms, &Dict::new(), &scope).unwrap();
    assert_eq!(Value::list(result).to_text(), "['i', 1, 2]");
    let mut entries = Dict::new();
    entries.insert("a", 1);
    let result = templar().lookup("ansible.builtin.dict", Value::dict(entries), &Dict::new(), &scope).unwrap();
    assert_eq!(Value::list(result).to_text(), "[{'key': 'a', 'value': 1}]");
    let report = templar().lookup("file", "/no/such".into(), &Dict::new(), &scope).unwrap_err();
    assert_eq!(
        report.headline(),
        "The lookup plugin 'file' failed: Unable to access the file '/no/such': \
         File not found. Use -vvvvv to see paths searched."
    );
    let kept = render("{{ lookup('file', '/no/such', errors='ignore') }}", &scope).unwrap();
    assert!(kept.is_none());
}

#[test]
fn threads_share_a_templar() {
    let templar = templar();
    let scope = scope([("x", 20.into())]);
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for _ in 0..100 {
                    assert_eq!(templar.render(&template("{{ x + 1 }}"), &scope).unwrap(), Value::from(21));
                }
            });
        }
    });
}

#[test]
fn tags_survive_a_plain_reference() {
    let origin = Origin::new(Source::described("vars"), 7, 3);
    let value = Value::str("v").with_tags(Tags::NONE.at(origin).secret());
    let result = render("{{ x }}", &scope([("x", value)])).unwrap();
    assert_eq!(result.origin(), Some(origin));
    assert!(result.tags.is_secret());
}

#[test]
fn the_lookup_url_asks_who_answers() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    let client = move |request: churten_template::WebRequest| {
        let answer = match request.url.as_str() {
            "http://a/lines" => Ok(b"x\r\ny\n".to_vec()),
            "http://a/empty" => Ok(Vec::new()),
            _ => Err(churten_template::WebFailure::Status("HTTP Error 404: Not Found".to_owned())),
        };
        seen.lock().unwrap().push(request);
        answer
    };
    let templar = Templar::new(Environment { web: Some(Arc::new(client)), ..Environment::default() });
    let scope = scope([("ansible_lookup_url_agent", "me".into())]);
    let ask =
        |text: &str| templar.render(&template(text), &scope).map(|value| value.to_text()).map_err(|r| r.headline());
    assert_eq!(ask("{{ query('url', 'http://a/lines') }}").unwrap(), "['x', 'y']");
    assert_eq!(
        ask("{{ query('url', 'http://a/lines', 'http://a/empty', split_lines=false) }}").unwrap(),
        r"['x\r\ny\n', '']"
    );
    assert_eq!(ask("{{ query('url', 'http://a/empty') }}").unwrap(), "[]");
    assert_eq!(
        ask("{{ lookup('url', 'http://a/b', force=true, headers={'X': 1}, timeout='2.5', username='u') }}")
            .unwrap_err(),
        "The lookup plugin 'url' failed: Received HTTP error for http://a/b: HTTP Error 404: Not Found"
    );
    let asked = asked.lock().unwrap();
    let last = asked.last().unwrap();
    let headers: Vec<String> = last.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(headers, ["User-Agent: me", "X: 1", "Cache-Control: no-cache"]);
    assert_eq!(last.timeout, Some(std::time::Duration::from_millis(2500)));
    assert!(last.use_proxy && last.use_netrc && last.validate_certificates && !last.force_basic_authentication);
    assert_eq!((last.user.as_deref(), last.password.as_deref()), (Some("u"), None));
}
