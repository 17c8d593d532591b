use crate::run;
use churten_module::prelude::*;
use churten_value::sort;

/// Answer debconf's questions about a package before it is configured.
#[derive(Args)]
#[args(together("question", "vtype", "value"))]
pub(crate) struct Debconf {
    /// The package.
    #[arg(alias("pkg"))]
    name: String,
    /// The question.
    #[arg(alias("selection", "setting"))]
    question: Option<String>,
    /// The type of its answer.
    #[arg(choices(
        "boolean",
        "error",
        "multiselect",
        "note",
        "password",
        "seen",
        "select",
        "string",
        "text",
        "title"
    ))]
    vtype: Option<String>,
    /// The answer.
    #[arg(alias("answer"))]
    value: Option<Value>,
    /// Let the question be asked all the same.
    #[arg(default = false)]
    unseen: bool,
}

impl Action for Debconf {
    const NAME: &'static str = "debconf";
    const CHECK: CheckMode = CheckMode::Run;
    const HAS_DIFFERENCE: bool = true;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let known = self.known(host)?;
        let (Some(question), Some(kind), Some(value)) = (&self.question, &self.vtype, &self.value) else {
            return Ok(Dict::from([("changed", Value::from(false)), ("msg", "".into()), ("current", known.into())]));
        };
        let wanted = self.wanted(kind, value)?;
        let before = known.get(question).map(Value::to_text);
        let is_same = match (kind.as_str(), &before) {
            (_, None) => false,
            ("password", Some(_)) => self.password(host, question)?.as_ref() == Some(&wanted),
            ("multiselect", Some(before)) if value.as_list().is_some() => sorted(before) == sorted(&wanted),
            ("boolean", Some(before)) => *before == wanted.to_lowercase(),
            (_, Some(before)) => *before == wanted,
        };
        if is_same {
            return Ok(Dict::from([("changed", Value::from(false)), ("msg", "".into()), ("current", known.into())]));
        }
        if !options.check {
            let mut words = vec![run::program(host.observe(), "debconf-set-selections")?];
            words.extend(self.unseen.then(|| "-u".to_owned()));
            let line = [self.name.as_str(), question, kind, &wanted].join(" ");
            // The answer goes in by a pipe: it may be a secret.
            let output = run::finished(host, &Command::new(words).stdin(line))?;
            if !output.success() {
                return Err(Failure::new(output.stderr_text()));
            }
        }
        // A question that is known stands alone.
        let (mut previous, mut after) = match &before {
            Some(before) => (Dict::from([(question.as_str(), before.as_str())]), Dict::new()),
            None => (known.clone(), known),
        };
        if before.is_none() {
            previous.insert(question.as_str(), "");
        }
        // Only what is set becomes text.
        let shown = if options.check { value.clone() } else { Value::from(wanted.as_str()) };
        let shown = if kind == "boolean" { Value::from(wanted.as_str()) } else { shown };
        after.insert(question.as_str(), shown.clone());
        let mut result = Dict::from([
            ("changed", Value::from(true)),
            ("msg", "".into()),
            ("current", Dict::from([(question.as_str(), shown)]).into()),
            ("previous", previous.clone().into()),
        ]);
        if options.diff {
            result.insert("diff", Dict::from([("before", previous), ("after", after)]));
        }
        Ok(result)
    }
}

impl Debconf {
    /// The answer as debconf keeps it.
    fn wanted(&self, kind: &str, value: &Value) -> Result<String> {
        Ok(match (kind, value.as_list()) {
            ("boolean", None) if value.as_bool().is_some() => value.to_text().to_lowercase(),
            ("multiselect", Some(items)) => items.iter().map(Value::to_text).collect::<Vec<_>>().join(", "),
            (_, Some(_)) => fail!("value must be a string when vtype is {kind}"),
            _ => value.to_text(),
        })
    }

    /// What is known of the package.
    fn known(&self, host: &dyn Host) -> Result<Dict> {
        let program = run::program(host.observe(), "debconf-show")?;
        let command = Command::new([&program, &self.name]).plain_locale();
        let output = run::asked(host.observe(), &command)?;
        if !output.success() {
            return Err(Failure::new(output.stderr_text()));
        }
        let mut known = Dict::new();
        for line in output.stdout_text().lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            known.insert(name.trim().trim_matches('*').trim(), value.trim());
        }
        Ok(known)
    }

    /// A password, which `debconf-show` keeps to itself.
    fn password(&self, host: &dyn Host, question: &str) -> Result<Option<String>> {
        let program = run::program(host.observe(), "debconf-get-selections")?;
        let output = run::asked(host.observe(), &Command::new([&program, "--installer"]).plain_locale())?;
        let output = if output.success() { output } else { run::asked(host.observe(), &Command::new([program]))? };
        let said = output.stdout_text();
        Ok(said.lines().find_map(|line| {
            let mut fields = line.split('\t');
            let is_meant = fields.next() == Some(&self.name) && fields.next() == Some(question);
            is_meant.then(|| fields.nth(1).unwrap_or_default().to_owned())
        }))
    }
}

fn sorted(text: &str) -> Vec<&str> {
    let mut items: Vec<&str> = text.split(',').map(str::trim).collect();
    sort(&mut items);
    items
}
