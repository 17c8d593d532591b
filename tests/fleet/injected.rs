//! One fault at a random moment of a run: the run ends in time and tells what happened, nothing stays behind, no file
//! is half-written, and the next plain run makes everything good.
//!
//! `CHURTEN_FAULTS=N` injects so many, `CHURTEN_SEED=N` repeats them, `CHURTEN_FAULTS_FROM=N` leaves out the first ones,
//! `CHURTEN_FAULT=Reset` keeps to one kind.

use crate::hosts::{Fleet, repository};
use crate::injection::{Consequence, FAULTS, Fault, PLACES};
use crate::output::Report;
use crate::run::{Program, Run};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, Instant};

/// How many faults are injected unless the environment says otherwise.
const FEW: u64 = 3;

/// A run without faults must end within this.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a fault may add: `ServerAliveInterval` by its count, connecting again, and some for a machine that is busy.
const DELAY: Duration = Duration::from_secs(20);

/// How long processes and files may take to go after the run. A connection through which nothing came hears of its end
/// when TCP tries the next time.
const AFTERGLOW: Duration = Duration::from_secs(20);

/// Bytes of the big file.
const BIG: usize = 6 << 20;

/// The same numbers for the same seed (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }
}

/// The playbook and what it leads to when nothing goes wrong.
struct Scene {
    hosts: Vec<String>,
    playbook: PathBuf,
    options: Vec<String>,
    /// How long a run that changes everything takes.
    duration: Duration,
    /// Tasks that are told ok by it.
    tasks: usize,
    /// The files it leaves on each host, with their digests.
    files: BTreeMap<String, BTreeSet<String>>,
    /// What others have left on the hosts before.
    before: BTreeSet<String>,
}

impl Scene {
    fn new(fleet: &mut Fleet) -> Self {
        let mut random = Random(1);
        let big: Vec<u8> = (0..BIG / 8).flat_map(|_| random.next().to_le_bytes()).collect();
        let path = fleet.directory.path().join("big");
        std::fs::write(&path, &big).unwrap();
        let template =
            fleet.write("template.j2", "{% for n in range(2000) %}{{ inventory_hostname }} {{ n }}\n{% endfor %}");
        let mut hosts = fleet.of_kind("sshd");
        hosts.append(&mut fleet.of_kind("nspawn"));
        let limits = "-o ServerAliveInterval=1 -o ServerAliveCountMax=3";
        let options = [
            "--limit".to_owned(),
            hosts.join(","),
            format!("-ebig={} size={BIG}", path.display()),
            format!("-etemplate={}", template.display()),
            format!("-eansible_ssh_extra_args='{limits}' ansible_timeout=4"),
        ];
        let playbook = repository().join("tests/fleet/playbooks/injected.yml");
        let (duration, tasks) = (Duration::ZERO, 0);
        let mut scene = Self {
            hosts,
            playbook,
            options: options.into(),
            duration,
            tasks,
            files: BTreeMap::new(),
            before: BTreeSet::new(),
        };
        scene.clear(fleet, true);
        scene.before = scene.hosts.iter().flat_map(|host| lines(&fleet.leftovers(host))).collect();
        let begun = Instant::now();
        let report = scene.run(fleet).run(&[]);
        scene.duration = begun.elapsed();
        fleet.check(report.code == Some(0), || report.everything());
        scene.tasks = report.recap("ok").values().copied().max().unwrap_or_default();
        for host in &scene.hosts {
            scene.files.insert(host.clone(), files(fleet, host));
        }
        fleet.check(scene.files.values().all(|files| files.len() > 12), || format!("{:?}", scene.files));
        scene
    }

    fn run<'a>(&'a self, fleet: &'a Fleet) -> Run<'a> {
        // A host that was down may have another address.
        let inventories = vec![fleet.write("hosts.yml", &fleet.tool(&["inventory", "--user", "deploy"]))];
        let options = self.options.clone();
        Run { fleet, program: Program::Churten, inventories, playbook: &self.playbook, options }
    }

    /// The hosts as if nothing had ever been run there; with `worker` without the worker, too.
    fn clear(&self, fleet: &Fleet, worker: bool) {
        for host in &self.hosts {
            fleet.shell(host, &format!("rm -rf {}", PLACES.join(" ")));
            if worker {
                fleet.shell(
                    host,
                    "rm -rf /home/deploy/.ansible /home/deploy/.cache/churten-* /root/.ansible /var/tmp/churten-*",
                );
            }
        }
    }
}

/// What a run said, without what is as it should be.
fn brief(report: &Report) -> String {
    let is_dull = |line: &&str| {
        let words = ["ok: [", "changed: [", "PLAY [", "Origin: "];
        line.is_empty()
            || words.iter().any(|word| line.starts_with(word))
            || line.starts_with(|c: char| c.is_ascii_digit() || c == ' ')
    };
    let lines: Vec<&str> = report.stdout.lines().chain(report.stderr.lines()).filter(|line| !is_dull(line)).collect();
    let banner = |line: &str| line.starts_with("TASK [");
    let told = lines
        .iter()
        .enumerate()
        .filter(|(index, line)| !banner(line) || !lines.get(index + 1).is_some_and(|next| banner(next)));
    format!("exit {:?}\n{}", report.code, told.map(|(_, line)| *line).collect::<Vec<_>>().join("\n"))
}

/// The files of the places with their digests, one a line.
fn files(fleet: &Fleet, host: &str) -> BTreeSet<String> {
    let text = fleet
        .shell(host, &format!("find {} -type f ! -name .filler -exec sha256sum {{}} + 2>/dev/null", PLACES.join(" ")));
    lines(&text)
}

fn lines(text: &str) -> BTreeSet<String> {
    text.lines().map(str::to_owned).collect()
}

#[test]
fn one_fault_at_a_random_moment() {
    let Some(mut fleet) = Fleet::find("injected faults") else { return };
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("CHURTEN_SEED").unwrap_or(20_260_101);
    let only = std::env::var("CHURTEN_FAULT").ok();
    let kinds: Vec<Fault> =
        FAULTS.into_iter().filter(|fault| only.as_ref().is_none_or(|name| format!("{fault:?}") == *name)).collect();
    let mut scene = Scene::new(&mut fleet);
    let mut counts: BTreeMap<Fault, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut problems = Vec::new();
    let first = Random(seed).below(kinds.len() as u64);
    let from = number("CHURTEN_FAULTS_FROM").unwrap_or(0);
    for index in from..from + number("CHURTEN_FAULTS").unwrap_or(FEW) {
        let fault = kinds[((first + index) % kinds.len() as u64) as usize];
        let mut random = Random(seed.wrapping_add(index << 32));
        let mut case = Case { fleet: &mut fleet, scene: &mut scene, fault, host: String::new(), problems: Vec::new() };
        let outcome = case.play(&mut random);
        *counts.entry(fault).or_default().entry(outcome).or_default() += 1;
        let what = format!("{index}: {fault:?} on {}, seed {seed}", case.host);
        if !case.problems.is_empty() {
            let problem = format!("{what}: {}", case.problems.join("\n"));
            crate::hosts::say(&problem);
            problems.push(problem);
        }
    }
    crate::hosts::say(&format!("fleet: injected faults of seed {seed}: {counts:?}"));
    fleet.check(problems.is_empty(), || format!("{} of the faults above have consequences", problems.len()));
}

/// One fault.
struct Case<'a> {
    fleet: &'a mut Fleet,
    scene: &'a mut Scene,
    fault: Fault,
    host: String,
    problems: Vec<String>,
}

impl Case<'_> {
    fn expect(&mut self, holds: bool, explain: impl FnOnce() -> String) {
        if holds {
            self.fleet.check(true, String::new);
        } else {
            self.problems.push(explain());
        }
    }

    /// Inject it; gives how the run ended, in a word.
    fn play(&mut self, random: &mut Random) -> &'static str {
        let of_kind: Vec<String> = self.fleet.of_kind(self.fault.kind());
        self.host = of_kind[random.below(of_kind.len() as u64) as usize].clone();
        self.scene.clear(self.fleet, random.below(3) == 0);
        self.fault.prepare(self.fleet, &self.host);
        let earliest = self.fault.earliest();
        let moment = earliest + (1.0 - earliest) * random.below(1000) as f64 / 1000.0;
        let moment = self.scene.duration.mul_f64(moment);
        let path = |name: &str| self.fleet.directory.path().join(name);
        let streams = [path("output"), path("errors")];
        let mut command = self.scene.run(self.fleet).command();
        command.envs(std::env::var_os("CHURTEN_LOG").map(|log| ("CHURTEN_LOG", log)));
        command.stdout(File::create(&streams[0]).unwrap()).stderr(File::create(&streams[1]).unwrap());
        let begun = Instant::now();
        let mut child = command.spawn().unwrap();
        std::thread::sleep(moment);
        let is_over = child.try_wait().unwrap().is_some();
        if !is_over {
            self.fault.inject(self.fleet, &self.host, child.id());
        }
        let code = self.wait(&mut child, begun);
        let text = |path: &PathBuf| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        let report = Report { code, stdout: text(&streams[0]), stderr: text(&streams[1]) };
        let outcome = if code.is_none() {
            self.problems.push(report.everything());
            "did not end"
        } else {
            self.judge(&report, is_over)
        };
        self.fault.mend(self.fleet, &self.host);
        self.leftovers(self.fault.leaves_files(), self.fault.leaves_parts());
        self.half_written();
        self.converges(&report);
        self.leftovers(false, false);
        self.fault.undo(self.fleet, &self.host);
        outcome
    }

    fn wait(&mut self, child: &mut Child, begun: Instant) -> Option<i32> {
        use std::os::unix::process::ExitStatusExt as _;
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                // As a shell has it.
                return status.code().or(status.signal().map(|signal| 128 + signal));
            }
            if begun.elapsed() > PATIENCE + DELAY {
                self.problems.push(format!("the run has not ended after {:?}", begun.elapsed()));
                child.kill().unwrap();
                child.wait().unwrap();
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Is what the run says of the hosts right?
    fn judge(&mut self, report: &Report, is_over: bool) -> &'static str {
        let (unreachable, failed) = (report.with("unreachable"), report.with("failed"));
        let own = BTreeSet::from([self.host.clone()]);
        let consequence = if is_over { Consequence::None } else { self.fault.consequence() };
        let explain = || format!("{consequence:?}: {}", brief(report));
        let ended = if let (Consequence::Ends(code), true) = (consequence, report.code != Some(0)) {
            self.expect(report.code == Some(code), explain);
            self.expect(unreachable.is_empty() && failed.is_empty(), explain);
            let has_begun = report.stdout.contains(": [");
            self.expect(!has_begun || report.stdout.contains("PLAY RECAP") || code == 137, explain);
            return "ended early";
        } else if unreachable == own && failed.is_empty() {
            self.expect(matches!(consequence, Consequence::Unreachable | Consequence::Either), explain);
            self.expect(report.code == Some(4), explain);
            self.expect(report.stdout.contains(&format!("fatal: [{}]: UNREACHABLE!", self.host)), explain);
            "unreachable"
        } else if failed == own && unreachable.is_empty() {
            self.expect(matches!(consequence, Consequence::Failed | Consequence::Either), explain);
            self.expect(report.code == Some(2), explain);
            "failed"
        } else {
            self.expect(report.code == Some(0) && failed.is_empty() && unreachable.is_empty(), explain);
            "all ok"
        };
        let ok = report.recap("ok");
        let complete =
            |host: &&String| (ended != "all ok" && **host == self.host) || ok.get(*host) == Some(&self.scene.tasks);
        let all = self.scene.hosts.iter().all(|host| complete(&host));
        self.expect(all, || format!("others are not done: {}", brief(report)));
        ended
    }

    /// Does nothing stay behind?
    fn leftovers(&mut self, files_stay: bool, parts_stay: bool) {
        let begun = Instant::now();
        for host in self.scene.hosts.clone() {
            loop {
                let left = self.fleet.leftovers(&host);
                let is_new = |line: &String| {
                    let may_stay = (files_stay && !line.starts_with("process"))
                        || (parts_stay && line.contains("/churten-") && line.contains("/part-"));
                    !may_stay && !self.scene.before.contains(line)
                };
                let left: Vec<String> = lines(&left).into_iter().filter(is_new).collect();
                if left.is_empty() {
                    self.expect(true, String::new);
                    break;
                }
                if begun.elapsed() > AFTERGLOW {
                    self.problems.push(format!("left on {host}:\n{}", left.join("\n")));
                    break;
                }
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }

    /// Is every file that is written at once whole or not there, and is there no other?
    fn half_written(&mut self) {
        for host in self.scene.hosts.clone() {
            let wanted = &self.scene.files[&host];
            let found = files(self.fleet, &host);
            let strange: Vec<String> = found
                .difference(wanted)
                .filter(|line| {
                    let is_hidden = line.contains("/injected/.");
                    // These grow line by line.
                    !(line.ends_with("/lines") || is_hidden && self.fault.leaves_files())
                })
                .cloned()
                .collect();
            self.expect(strange.is_empty(), || format!("half-written on {host}: {}", strange.join("\n")));
        }
    }

    /// Does a plain run make everything good, and a second one change nothing?
    fn converges(&mut self, before: &Report) {
        for round in 0..2 {
            let begun = Instant::now();
            let report = self.scene.run(self.fleet).run(&[]);
            let explain = || format!("run {round} afterwards: {}\n-- after --\n{}", brief(&report), brief(before));
            self.expect(report.code == Some(0) && begun.elapsed() < PATIENCE, explain);
            let changed = report.with("changed");
            if round == 1 {
                self.expect(changed.is_empty(), explain);
            }
        }
        for host in self.scene.hosts.clone() {
            // A handler that was not run is not made up for; ansible-core does not, either.
            let without = |files: &BTreeSet<String>| -> BTreeSet<String> {
                files.iter().filter(|line| !line.ends_with("/noted")).cloned().collect()
            };
            let (found, wanted) = (without(&files(self.fleet, &host)), without(&self.scene.files[&host]));
            self.expect(found == wanted, || format!("{host} has {found:#?} instead of {wanted:#?}"));
        }
    }
}
