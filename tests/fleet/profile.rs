//! The profile of a run over SSH (`--profile`) tells where the time of every task went on every host, and no secrets.

use crate::hosts::{Fleet, repository};
use crate::output::Report;
use crate::run::{Program, Run};
use churten_testing::{Span, Trace};
use std::os::unix::fs::PermissionsExt as _;
use std::time::Instant;

/// What the playbook is told and the profile is not to tell: that, the password of the login, which is also that of sudo,
/// and where the hosts' files are.
const UNTOLD: [&str; 3] = ["hush-hush", "ops-pw", "/tmp/churten-profiled"];

/// The tasks; their module, how often it runs on a host, and how long each time at least, in microseconds.
const TASKS: [(&str, &str, usize, i64); 10] = [
    ("Ask", "ping", 1, 0),
    ("A directory", "file", 1, 0),
    ("Wait", "command", 1, 300_000),
    ("Write", "copy", 1, 0),
    ("Repeat", "command", 2, 100_000),
    ("Wait as root", "command", 1, 200_000),
    ("Ask as root", "ping", 1, 0),
    ("Look", "stat", 1, 0),
    ("Say", "debug", 0, 0),
    ("Clear", "file", 1, 0),
];

#[test]
fn where_the_time_goes() {
    let Some(mut fleet) = Fleet::find("profiles") else { return };
    let hosts = fleet.of_kind("sshd")[..2].to_vec();
    let inventory = fleet.write("inventory/hosts.yml", &fleet.tool(&["inventory", "--user", "ops", "--password"]));
    let playbook = repository().join("tests/fleet/playbooks/profiled.yml");
    for batches in [false, true] {
        let profile = fleet.directory.path().join("profile");
        let mut options = vec!["--limit".to_owned(), hosts.join(",")];
        options.extend([format!("-esecret={} place={}", UNTOLD[0], UNTOLD[2]), "--profile".to_owned()]);
        options.push(profile.display().to_string());
        options.extend((!batches).then(|| "--no-batch".to_owned()));
        let inventories = vec![inventory.clone()];
        let run = Run { fleet: &fleet, program: Program::Churten, inventories, playbook: &playbook, options };
        let begun = Instant::now();
        let report = Report::new(&run.command().output().unwrap());
        let took = i64::try_from(begun.elapsed().as_micros()).unwrap();
        fleet.check(report.code == Some(0), || report.everything());
        let mode = std::fs::metadata(&profile).unwrap().permissions().mode() & 0o777;
        fleet.check(mode == 0o600, || format!("mode {mode:o}"));
        let text = std::fs::read_to_string(&profile).unwrap();
        let told: Vec<&str> = UNTOLD.into_iter().filter(|untold| text.contains(untold)).collect();
        fleet.check(told.is_empty(), || format!("the profile tells {told:?}:\n{text}"));
        let trace = Trace::read(&text).unwrap_or_else(|why| panic!("{why}:\n{text}"));
        let strange = trace.spans.iter().find(|span| {
            let is_inside = span.began >= 0 && span.took() >= 0 && span.ended <= took;
            !is_inside || !hosts.contains(&span.host)
        });
        fleet.check(strange.is_none(), || format!("{strange:?} in {took}:\n{text}"));
        for host in &hosts {
            let mut view = View { fleet: &mut fleet, trace: &trace, text: &text, host };
            view.connects_once();
            view.every_module_is_told();
            view.nothing_is_told_twice();
            if batches { view.tasks_go_together() } else { view.everything_is_in_its_task() }
        }
    }
}

/// What a profile tells of one host.
struct View<'a> {
    fleet: &'a mut Fleet,
    trace: &'a Trace,
    text: &'a str,
    host: &'a str,
}

impl<'a> View<'a> {
    #[track_caller]
    fn check(&mut self, holds: bool, what: &str) {
        self.fleet.check(holds, || format!("{}: {what}:\n{}", self.host, self.text));
    }

    fn of(&self, category: &str) -> Vec<&'a Span> {
        self.trace.of(category).into_iter().filter(|span| span.host == self.host).collect()
    }

    /// The spans of the task of that name, without those of attempts to send it ahead that came to nothing.
    fn tasks(&self, name: &str) -> Vec<&'a Span> {
        let (ahead, alone): (Vec<&Span>, Vec<&Span>) =
            self.of("task").into_iter().filter(|task| task.name == name).partition(|task| task.ahead);
        if alone.is_empty() { ahead } else { alone }
    }

    /// One connection, then one worker of the login user's, then one of root's; nothing is asked before.
    fn connects_once(&mut self) {
        let tasks = self.of("task");
        let mut before = 0;
        for category in ["connect", "worker", "become"] {
            let [only] = self.of(category)[..] else {
                return self.check(false, &format!("{category} is not told once"));
            };
            self.check(only.began >= before && only.took() > 0, &format!("{category} comes too early"));
            self.check(tasks.iter().any(|task| task.holds(only)), &format!("{category} is of no task"));
            before = only.ended;
        }
        let worker = self.of("worker")[0].ended;
        self.check(self.of("wire").iter().all(|wire| wire.began >= worker), "something was asked before");
    }

    /// Each task has its modules, each within one round trip, and they took what they had to.
    fn every_module_is_told(&mut self) {
        let modules = self.of("module");
        let wires = self.of("wire");
        for module in &modules {
            let around = wires.iter().filter(|wire| wire.holds(module)).count();
            self.check(around == 1, &format!("{} is in {around} round trips", module.name));
        }
        let runs: usize = TASKS.iter().map(|task| task.2).sum();
        self.check(modules.len() == runs, "modules are missing, or there are too many");
        // They run one after another.
        let mut modules = modules.into_iter();
        for (task, name, runs, least) in TASKS {
            self.check(!self.tasks(task).is_empty(), &format!("{task} is missing"));
            for module in modules.by_ref().take(runs) {
                let fits = module.name.rsplit('.').next() == Some(name) && module.took() >= least;
                self.check(fits, &format!("{module:?} instead of {name} of {task}"));
            }
        }
    }

    /// What a task waits for comes one after another; only becoming another user has a request of its own inside.
    fn nothing_is_told_twice(&mut self) {
        let waits = ["connect", "worker", "become", "render", "wire", "ahead"];
        let mut spans: Vec<&Span> = waits.iter().flat_map(|category| self.of(category)).collect();
        let (requests, becomes) = (spans.iter().filter(|span| span.name == "become"), self.of("become"));
        let inside = requests.filter(|span| span.category == "wire");
        let is_inside = inside.clone().count() == 1 && inside.clone().all(|span| becomes[0].holds(span));
        self.check(is_inside, "becoming root is not told as it is");
        spans.retain(|span| (span.category.as_str(), span.name.as_str()) != ("wire", "become"));
        spans.sort_by_key(|span| (span.lane, span.began, span.ended));
        for pair in spans.windows(2) {
            let follows = pair[0].lane != pair[1].lane || pair[0].ended <= pair[1].began + 2;
            self.check(follows, &format!("{:?} and {:?} overlap", pair[0], pair[1]));
        }
    }

    /// Nothing was sent ahead: a task's requests are all its own, and take no longer than it.
    fn everything_is_in_its_task(&mut self) {
        let inside = |task: &Span, spans: &[&'a Span]| -> Vec<&'a Span> {
            spans.iter().copied().filter(|span| task.holds(span)).collect()
        };
        let took = |spans: &[&Span]| spans.iter().map(|span| span.took()).sum::<i64>();
        let (tasks, wires, modules) = (self.of("task"), self.of("wire"), self.of("module"));
        self.check(tasks.len() == TASKS.len() && !tasks.iter().any(|task| task.ahead), "there are other tasks");
        let mut all = 0;
        for (name, _, runs, least) in TASKS {
            let [task] = self.tasks(name)[..] else {
                return self.check(false, &format!("{name} is not told once"));
            };
            let (wires, modules) = (inside(task, &wires), inside(task, &modules));
            self.check(modules.len() == runs, &format!("{name} has modules of others"));
            self.check(took(&modules) >= least * i64::try_from(runs).unwrap(), &format!("{name} was too quick"));
            self.check(
                took(&modules) <= took(&wires),
                &format!("modules of {name} took longer than their round trips"),
            );
            self.check(took(&wires) <= task.took(), &format!("round trips of {name} took longer than it"));
            self.check(!inside(task, &self.of("render")).is_empty(), &format!("{name} is not rendered"));
            all += wires.len();
        }
        self.check(all == wires.len(), "there are round trips outside of tasks");
    }

    /// Tasks that went with one before them have no requests of their own, and wait for its answers.
    fn tasks_go_together(&mut self) {
        let wires = self.of("wire");
        let followers: Vec<&Span> = self.of("ahead");
        self.check(!followers.is_empty(), "no task went with another");
        for waiting in followers {
            let task = self.of("task").into_iter().find(|task| task.holds(waiting));
            let is_bare = |task: &Span| task.ahead && !wires.iter().any(|wire| task.holds(wire));
            self.check(task.is_some_and(is_bare), &format!("{waiting:?} is of no task that went ahead"));
            // The last answer that it waited for had come before.
            let answered = wires.iter().any(|wire| wire.name == "batch" && wire.ended <= waiting.ended + 2);
            self.check(answered, &format!("{waiting:?} ended without an answer"));
        }
    }
}
