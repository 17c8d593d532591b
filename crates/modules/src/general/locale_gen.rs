use crate::run;
use churten_module::prelude::*;

/// Generate locales, or stop doing so, with `/etc/locale.gen` and `locale-gen`.
#[derive(Args)]
pub(crate) struct LocaleGen {
    /// The locales, as `/etc/locale.gen` names them.
    name: Vec<String>,
    /// Whether they should be there.
    #[arg(default = "present")]
    state: Presence,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

const LOCALE_GEN: &str = "/etc/locale.gen";
const UBUNTU: &str = "/var/lib/locales/supported.d/";
const SUPPORTED: [&str; 2] = ["/usr/share/i18n/SUPPORTED", "/usr/local/share/i18n/SUPPORTED"];
/// Larger files are not read.
const LIMIT: u64 = 16 << 20;

/// Character sets as `locale -a` writes them, and as they are named.
const CHARACTER_SETS: [(&str, &str); 10] = [
    (".utf8", ".UTF-8"),
    (".eucjp", ".EUC-JP"),
    (".iso885915", ".ISO-8859-15"),
    (".cp1251", ".CP1251"),
    (".koi8r", ".KOI8-R"),
    (".armscii8", ".ARMSCII-8"),
    (".euckr", ".EUC-KR"),
    (".gbk", ".GBK"),
    (".gb18030", ".GB18030"),
    (".euctw", ".EUC-TW"),
];

impl Action for LocaleGen {
    const NAME: &'static str = "community.general.locale_gen";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if host.stat(Path::new(LOCALE_GEN))?.is_none() {
            if host.stat(Path::new(UBUNTU))?.is_some() {
                return Err(Failure::not_yet("locales of old releases of Ubuntu, below /var/lib/locales"));
            }
            fail!(
                "/etc/locale.gen and /var/lib/locales/supported.d/local are missing. Is the package \"locales\" installed?"
            );
        }
        let known = Dict::from([
            ("mechanism", Value::from("glibc")),
            ("name", self.name.clone().into()),
            ("ubuntu_mode", false.into()),
        ]);
        let mut result = known.clone();
        result.insert("diff", Dict::new());
        let missing = self.unavailable(host)?;
        if !missing.is_empty() {
            let msg = "The following locales you have entered are not available on your system";
            let mut failure = Failure::new(format!("{msg}: {}", missing.join(", ")));
            failure.extra.extend_from(&result);
            return Err(failure.with("output", result).with("vars", known));
        }
        let before = self.generated(host)?;
        let is_done = before.iter().all(|is_there| *is_there == (self.state == Presence::Present));
        if !is_done && !options.check {
            let text = churten_value::escape_bytes(&host.read_bounded(Path::new(LOCALE_GEN), LIMIT)?).into_owned();
            let edited: String = text.split_inclusive('\n').map(|line| self.edited(line)).collect();
            if edited != text {
                let write = Step::Write(Write::new(LOCALE_GEN, edited));
                churten_module::perform(host, &Plan { steps: vec![write], ..Plan::new() }, options, &mut Dict::new())?;
            }
            run::successful(host, &Command::new([run::program(host.observe(), "locale-gen")?]))?;
        }
        // What is generated tells; in check mode nothing is.
        let after = self.generated(host)?;
        result.insert("changed", before != after);
        result.insert("failed", false);
        Ok(result)
    }
}

impl LocaleGen {
    /// Those that the system cannot generate.
    fn unavailable(&self, host: &dyn Host) -> Result<Vec<String>> {
        let mut known: Vec<String> = Vec::new();
        for path in SUPPORTED.iter().map(Path::new) {
            if host.stat(path)?.is_some() {
                let text = churten_value::escape_bytes(&host.read_bounded(path, LIMIT)?).into_owned();
                let first =
                    |line: &str| line.trim_start_matches(['#', ' ']).split_whitespace().next().map(str::to_owned);
                known.extend(text.lines().filter_map(first));
            }
        }
        Ok(self.name.iter().filter(|name| !known.contains(name)).cloned().collect())
    }

    /// Which of them are there.
    fn generated(&self, host: &dyn Host) -> Result<Vec<bool>> {
        let said =
            run::asked(host.observe(), &Command::new([run::program(host.observe(), "locale")?, "-a".to_owned()]))?;
        let said = said.stdout_text();
        let whole =
            |name: &str| CHARACTER_SETS.iter().fold(name.to_owned(), |name, (short, long)| name.replace(short, long));
        let known: Vec<String> = said.lines().map(|line| whole(line.trim())).collect();
        Ok(self.name.iter().map(|name| known.contains(&whole(name))).collect())
    }

    /// A line of `/etc/locale.gen`, with or without its mark as a comment.
    fn edited(&self, line: &str) -> String {
        let locale = line.trim_start_matches(['#', ' ', '\t']);
        let is_meant = locale.split_whitespace().next().is_some_and(|name| self.name.iter().any(|one| one == name));
        match (is_meant && locale.split_whitespace().count() == 2, self.state) {
            (false, _) => line.to_owned(),
            (true, Presence::Present) => locale.to_owned(),
            (true, Presence::Absent) => format!("# {locale}"),
        }
    }
}
