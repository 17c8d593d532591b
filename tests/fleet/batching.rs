//! Tasks that go to a host together: nobody can tell. Random playbooks run with and without it.

use crate::hosts::Fleet;
use crate::output::Report;
use crate::run::{Program, Run};
use std::fmt::Write;

/// How many playbooks, when `CHURTEN_BATCH_PLAYBOOKS` does not say.
const PLAYBOOKS: u64 = 8;

/// Where the playbooks work on the hosts.
const DIRECTORY: &str = "/tmp/churten-batching";

#[test]
fn random_playbooks_with_and_without_batching() {
    let Some(mut fleet) = Fleet::find("playbooks with and without batching") else { return };
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let playbooks = number("CHURTEN_BATCH_PLAYBOOKS").unwrap_or(PLAYBOOKS);
    let first = number("CHURTEN_BATCH_SEED").unwrap_or(1);
    let hosts = fleet.of_kind("sshd");
    let inventory = fleet.write("inventory/hosts.yml", &fleet.tool(&["inventory", "--user", "root"]));
    fleet.write("batching/state.j2", "{{ level }} {{ (result3 | default({})).changed | default('-') }} {{ name1 }}\n");
    fleet.write("batching/more.yml", MORE);
    let mut ahead = 0;
    for seed in first..first + playbooks {
        let hosts = if seed % 3 == 0 { &hosts[..1] } else { &hosts[..3] };
        let text = Generator::new(seed, hosts).playbook();
        let playbook = fleet.write("batching/play.yml", &text);
        let mut outcomes = vec![];
        for more in [&["--diff"][..], &["--diff", "--no-batch"]] {
            for host in hosts {
                fleet.shell(host, &format!("rm -rf {DIRECTORY}; mkdir {DIRECTORY}"));
            }
            let options = vec!["--limit".to_owned(), hosts.join(",")];
            let inventories = vec![inventory.clone()];
            let run = Run { fleet: &fleet, program: Program::Churten, inventories, playbook: &playbook, options };
            let report = Report::new(&run.command().args(more).env("ANSIBLE_DEBUG", "1").output().unwrap());
            ahead += report.stdout.lines().filter(|line| line.contains(" ahead to ")).count();
            let files: Vec<String> = hosts.iter().map(|host| fleet.shell(host, FILES)).collect();
            outcomes.push((report.code, told(&report.stdout), report.stderr.clone(), files));
        }
        let [together, apart] = &outcomes[..] else { unreachable!() };
        fleet.check(together == apart, || {
            format!("seed {seed} with {} hosts:\n{text}\ntogether: {together:#?}\nseparate: {apart:#?}", hosts.len())
        });
    }
    for host in &hosts[..3] {
        fleet.shell(host, &format!("rm -rf {DIRECTORY}"));
    }
    // The comparison means something only where tasks did go together.
    fleet.check(ahead as u64 >= playbooks, || format!("only {ahead} requests took tasks along"));
}

/// Every file with its content and mode.
const FILES: &str = "cd /tmp/churten-batching && find . -type d -printf '%p %m\\n' -o -type f -printf '%p %m ' -exec sha256sum '{}' ';' | sort";

const MORE: &str = "\
- ansible.builtin.copy: {content: more, dest: /tmp/churten-batching/more}
  register: result3
- ansible.builtin.lineinfile: {path: /tmp/churten-batching/more, line: \"{{ result3.changed }}\", create: true}
";

/// The output without debugging and without times.
fn told(stdout: &str) -> Vec<String> {
    let is_debugging = |line: &str| {
        let mut words = line.split_whitespace();
        let numbers = [words.next(), words.next()];
        let is_number = |word: Option<&str>| word.is_some_and(|word| word.trim_end_matches(':').parse::<f64>().is_ok());
        numbers.into_iter().all(is_number)
    };
    stdout.lines().filter(|line| !is_debugging(line)).map(without_times).collect()
}

fn without_times(line: &str) -> String {
    let mut line = line.to_owned();
    for name in ["start", "end", "delta"] {
        let key = format!("\"{name}\": \"");
        while let Some(at) = line.find(&key) {
            let rest = &line[at + key.len()..];
            let end = rest.find('"').map_or(line.len(), |end| at + key.len() + end + 1);
            line.replace_range(at..end, &format!("\"{name}\""));
        }
    }
    // A difference of a template names the file it was rendered to.
    match line.find("/.ansible/tmp/") {
        Some(at) => line[..at].to_owned(),
        None => line,
    }
}

/// Numbers that follow from a seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn one_in(&mut self, number: u64) -> bool {
        self.below(number) == 0
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// Writes a playbook whose tasks depend on each other here and there.
struct Generator {
    random: Random,
    hosts: Vec<String>,
    text: String,
    registered: u64,
}

impl Generator {
    fn new(seed: u64, hosts: &[String]) -> Self {
        Self { random: Random(seed), hosts: hosts.to_vec(), text: String::new(), registered: 0 }
    }

    fn playbook(mut self) -> String {
        self.text += "- hosts: all\n  gather_facts: false\n";
        match self.random.below(12) {
            0 => self.text += "  any_errors_fatal: true\n",
            1 => self.text += "  max_fail_percentage: 40\n",
            2 => self.text += "  serial: 2\n",
            3 => self.text += "  force_handlers: true\n",
            4 => self.text += "  environment: {LEVEL: \"{{ level }}\"}\n",
            // With several hosts the order of lines is chance.
            5 if self.hosts.len() == 1 => self.text += "  strategy: free\n",
            _ => {}
        }
        self.text +=
            "  vars: {level: 4, name1: one, derived: \"{{ (result2 | default({})).changed | default('none') }}\"}\n";
        if !self.random.one_in(5) {
            self.text += "  handlers:\n";
            for (name, file) in [("first handler", "h1"), ("second handler", "h2")] {
                let _ = writeln!(self.text, "    - name: {name}\n      listen: topic");
                let _ = writeln!(self.text, "      ansible.builtin.copy: {{content: x, dest: {DIRECTORY}/{file}}}");
            }
        }
        self.text += "  tasks:\n";
        let tasks = 12 + self.random.below(20);
        for _ in 0..tasks {
            self.entry("    ");
        }
        self.text
    }

    /// A task, or a block of some.
    fn entry(&mut self, indent: &str) {
        let inner = format!("{indent}    ");
        match self.random.below(24) {
            0 => {
                let _ = writeln!(self.text, "{indent}- block:");
                for _ in 0..1 + self.random.below(3) {
                    self.task(&inner);
                }
                if self.random.one_in(2) {
                    self.failing(&inner);
                }
                let _ = writeln!(self.text, "{indent}  rescue:");
                self.task(&inner);
                if self.random.one_in(2) {
                    let _ = writeln!(self.text, "{indent}  always:");
                    self.task(&inner);
                }
            }
            1 => {
                self.failing(indent);
                let _ = writeln!(self.text, "{indent}  ignore_errors: true");
            }
            2 if self.random.one_in(4) => self.failing(indent),
            3 => {
                let _ = writeln!(self.text, "{indent}- ansible.builtin.include_tasks: more.yml");
            }
            4 => {
                let _ = writeln!(self.text, "{indent}- ansible.builtin.meta: flush_handlers");
            }
            5 => {
                let _ = writeln!(self.text, "{indent}- ansible.builtin.set_fact: {{level: {}}}", self.random.below(8));
            }
            _ => self.task(indent),
        }
    }

    fn failing(&mut self, indent: &str) {
        let action = self.random.pick(&[
            "ansible.builtin.command: /bin/false",
            "ansible.builtin.copy: {content: x, dest: /nowhere/at/all/x}",
            "ansible.builtin.fail: {msg: wanted}",
            "ansible.builtin.file: {path: /nowhere/at/all, state: file}",
            "ansible.builtin.copy: {content: \"{{ nothing_of_this_name }}\", dest: /tmp/churten-batching/never}",
            "ansible.builtin.shell: \"exit 3\"",
        ]);
        let _ = writeln!(self.text, "{indent}- {action}");
        if self.random.one_in(3) {
            let _ = writeln!(self.text, "{indent}  when: inventory_hostname == '{}'", self.hosts[0]);
        }
    }

    fn task(&mut self, indent: &str) {
        let known = self.random.below(self.registered + 1);
        let items = match self.random.below(16) {
            0 => "[0, 1, 2]".to_owned(),
            1 => "[3]".to_owned(),
            2 => "[1, 1, 4]".to_owned(),
            3 => "\"{{ range(level | int) | list }}\"".to_owned(),
            4 => format!(
                "\"{{{{ (result{known} | default({{}})).results | default([2, 3]) | map('length') | list }}}}\""
            ),
            _ => String::new(),
        };
        let file = match items.as_str() {
            "" => format!("{DIRECTORY}/f{}", self.random.below(5)),
            _ => format!("{DIRECTORY}/f{{{{ item }}}}"),
        };
        let value = match self.random.below(10) {
            0 => format!("{{{{ (result{known} | default({{}})).changed | default('-') }}}}"),
            1 => "{{ derived }}".to_owned(),
            2 => "{{ inventory_hostname }} {{ level }}".to_owned(),
            3 => "{{ ansible_play_hosts | join(' ') }}".to_owned(),
            4 => "{{ hostvars[ansible_play_hosts_all[0]].level }}".to_owned(),
            5 => "{{ lookup('env', 'HOME') | length > 0 }}".to_owned(),
            6 => "{{ vars.level }}".to_owned(),
            _ => format!("text {}", self.random.below(9)),
        };
        let action = match self.random.below(18) {
            0..=2 => format!("ansible.builtin.copy: {{content: \"{value}\", dest: \"{file}\"}}"),
            3 | 4 => format!("ansible.builtin.lineinfile: {{path: \"{file}\", line: \"{value}\", create: true}}"),
            5 => format!("ansible.builtin.template: {{src: state.j2, dest: \"{file}\"}}"),
            6 => format!("ansible.builtin.file: {{path: \"{file}\", state: absent}}"),
            7 => format!("ansible.builtin.file: {{path: {DIRECTORY}/d{}, state: directory}}", self.random.below(4)),
            8 => format!("ansible.builtin.blockinfile: {{path: \"{file}\", block: \"{value}\", create: true}}"),
            9 => format!("ansible.builtin.stat: {{path: \"{file}\"}}"),
            10 => format!("ansible.builtin.slurp: {{src: \"{file}\"}}"),
            11 => format!("ansible.builtin.shell: \"echo '{value}' $LEVEL >> {file}\""),
            12 => format!("ansible.builtin.command: \"test -e {file}\""),
            13 => format!("ansible.builtin.debug: {{msg: \"{value}\"}}"),
            14 => format!("ansible.builtin.replace: {{path: \"{file}\", regexp: text, replace: \"{value}\"}}"),
            15 => format!("ansible.builtin.file: {{path: \"{file}\", mode: \"0600\"}}"),
            16 => "ansible.builtin.assert: {that: level | int > 1}".to_owned(),
            _ => format!("ansible.builtin.copy: {{src: state.j2, dest: \"{file}\"}}"),
        };
        let _ = writeln!(self.text, "{indent}- {action}");
        let mut keyword = |text: String| {
            let _ = writeln!(self.text, "{indent}  {text}");
        };
        // Files are often not there, or in the way.
        keyword(format!("ignore_errors: {}", !self.random.one_in(30)));
        let is_registered = self.random.one_in(3);
        if is_registered {
            self.registered += 1;
            keyword(format!("register: result{}", self.registered));
        }
        if !items.is_empty() {
            keyword(format!("loop: {items}"));
            if self.random.one_in(4) {
                // As the items before have left it, and as this one does.
                let name = if is_registered { self.registered } else { known };
                keyword(format!("loop_control: {{label: \"{{{{ (result{name} | default({{}})).keys() | list }}}}\"}}"));
            }
        }
        match self.random.below(14) {
            0 => keyword(format!("when: result{known} is defined and result{known} is changed")),
            1 => keyword(format!("when: inventory_hostname == '{}'", self.hosts[0])),
            2 => keyword("when: level | int > 3".to_owned()),
            3 => keyword(format!("when: result{known} is not defined or result{known} is not skipped")),
            4 => keyword("when: nothing_of_this_name".to_owned()),
            5 if !items.is_empty() => keyword("when: item != 1".to_owned()),
            // The items before this one.
            6 if is_registered => {
                keyword(format!("when: result{} is not defined or result{0} is not failed", self.registered))
            }
            _ => {}
        }
        match self.random.below(24) {
            0 => keyword("changed_when: false".to_owned()),
            1 => keyword("failed_when: false".to_owned()),
            2 => keyword("changed_when: level | int > 2".to_owned()),
            3 => keyword(format!("failed_when: result{known} is defined and result{known} is failed")),
            4 => keyword("notify: [first handler, topic]".to_owned()),
            5 => keyword("notify: second handler".to_owned()),
            6 => keyword("run_once: true".to_owned()),
            7 => keyword("check_mode: true".to_owned()),
            8 => keyword("no_log: true".to_owned()),
            9 if items.is_empty() => keyword("loop: [1, 2]".to_owned()),
            10 => keyword("vars: {level: \"{{ 1 + 2 }}\"}".to_owned()),
            11 => keyword("environment: {LEVEL: \"{{ level }}\"}".to_owned()),
            12 => keyword("diff: false".to_owned()),
            13 => keyword("throttle: 1".to_owned()),
            14 => keyword("any_errors_fatal: true".to_owned()),
            // One after another, or it is chance who comes first.
            15 => keyword(format!("delegate_to: {}\n{indent}  throttle: 1", self.hosts[0])),
            _ => {}
        }
    }
}
