//! Connections that are a program which runs commands inside something. Stand-ins see how the programs are called
//! (`tests/inside/lines.txt`, which `CHURTEN_GOLDEN=record` writes anew; with `CHURTEN_ORACLE` ansible-core must call
//! them alike), and as root a small root directory is entered by the real `chroot`.
#![expect(clippy::print_stdout, reason = "a test that does nothing says so")]

use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// Hosts, and whether an oracle with `community.docker` and `community.general` alone can reach them with the words
/// that churten has.
const HOSTS: &str = r#"
    docker: {ansible_connection: community.docker.docker}
    docker2: {ansible_connection: docker, ansible_host: web1, ansible_user: bob, ansible_docker_extra_args: "-H tcp://x --tls", ansible_docker_working_dir: /srv, ansible_docker_privileged: true, ansible_docker_extra_env: {A: "1", B: "x y"}}
    docker3: {ansible_connection: docker, ansible_host: web1, ansible_docker_host: web2}
    lxd: {ansible_connection: lxd}
    lxd2: {ansible_connection: community.general.lxd, ansible_host: web1.x.y, ansible_lxd_remote: r, ansible_lxd_project: p, ansible_user: bob}
    incus: {ansible_connection: community.general.incus}
    incus2: {ansible_connection: community.general.incus, ansible_host: web1.x, ansible_incus_remote: r, ansible_incus_project: p, ansible_user: bob}
"#;

const MORE_HOSTS: &str = r#"
    nsenter: {ansible_connection: community.docker.nsenter, ansible_nsenter_pid: 7}
    podman: {ansible_connection: podman}
    podman2: {ansible_connection: containers.podman.podman, ansible_host: web1, ansible_user: bob, ansible_podman_extra_args: "--root /x --log-level debug"}
    buildah: {ansible_connection: containers.podman.buildah}
    buildah2: {ansible_connection: buildah, ansible_host: web1, ansible_user: bob}
    kubectl: {ansible_connection: kubectl}
    kubectl2: {ansible_connection: kubernetes.core.kubectl, ansible_kubectl_pod: web-0, ansible_kubectl_namespace: ns, ansible_kubectl_container: app, ansible_kubectl_context: ctx, ansible_kubectl_kubeconfig: /k/c, ansible_kubectl_extra_args: "--v 2", ansible_kubectl_host: "https://h", ansible_kubectl_username: u, ansible_kubectl_verify_ssl: true, ansible_kubectl_ca_cert: /ca, ansible_kubectl_client_cert: /cc, ansible_kubectl_client_key: /ck}
    oc: {ansible_connection: oc}
    oc2: {ansible_connection: community.okd.oc, ansible_oc_pod: web-0, ansible_oc_namespace: ns, ansible_oc_container: app, ansible_oc_context: ctx, ansible_oc_kubeconfig: /k/c, ansible_oc_extra_args: "--v 2", ansible_oc_host: "https://h", ansible_oc_ca_cert: /ca, ansible_oc_client_cert: /cc, ansible_oc_client_key: /ck}
"#;

fn stage(at: &Path, hosts: &str) {
    let standin = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inside/standin");
    std::fs::create_dir_all(at.join("bin")).unwrap();
    for name in ["docker", "podman", "buildah", "kubectl", "oc", "lxc", "incus", "nsenter"] {
        let _ = symlink(&standin, at.join("bin").join(name));
    }
    std::fs::write(at.join("hosts.yml"), format!("all:\n  hosts:{hosts}")).unwrap();
    std::fs::write(at.join("ansible.cfg"), "").unwrap();
    for (name, task) in [("raw", "raw: echo reached"), ("command", "command: echo reached")] {
        let play = format!(
            "- hosts: all\n  gather_facts: false\n  tasks:\n    - {task}\n      ignore_errors: true\n      \
             ignore_unreachable: true\n"
        );
        std::fs::write(at.join(format!("{name}.yml")), play).unwrap();
    }
}

/// Run a program on one host at a time; what it printed, and the stand-ins' command lines.
fn run(at: &Path, program: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> (String, String) {
    let environment = [&[("ANSIBLE_FORKS", "1")], environment].concat();
    churten_testing::run_with_standins(at, program, arguments, &environment)
}

fn churten(at: &Path, playbook: &str, environment: &[(&str, &str)]) -> (String, String) {
    run(at, Path::new(env!("CARGO_BIN_EXE_churten")), &["playbook", "-i", "hosts.yml", playbook], environment)
}

/// The command lines in order, without the command.
fn lines(log: &str) -> String {
    let mut lines: Vec<&str> = log.lines().filter_map(|line| line.rsplit_once(" [")).map(|(line, _)| line).collect();
    lines.sort_unstable();
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    })
}

#[test]
fn every_program_is_called_as_ansible_core_calls_it() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    stage(at, &format!("{HOSTS}{MORE_HOSTS}"));
    let (printed, raw) = churten(at, "raw.yml", &[]);
    let (more, command) = churten(at, "command.yml", &[]);
    assert_eq!(lines(&raw), lines(&command), "{printed}{more}");
    assert_eq!(format!("{printed}{more}").matches("changed: [").count(), 32, "{printed}{more}");
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inside/lines.txt");
    churten_testing::compare_or_record(&recorded, &lines(&raw)).unwrap_or_else(|difference| panic!("{difference}"));

    let Some(oracle) = churten_testing::Oracle::find() else {
        println!("skipped: ansible-core's own command lines, without CHURTEN_ORACLE");
        return;
    };
    stage(at, HOSTS);
    let (_, raw) = churten(at, "raw.yml", &[]);
    let (printed, log) = run(at, &oracle.program("ansible-playbook"), &["-i", "hosts.yml", "raw.yml"], &[]);
    assert_eq!(lines(&raw), lines(&log), "{printed}");
}

#[test]
fn what_is_not_there_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    stage(at, "\n    docker: {ansible_connection: docker}\n    jail: {ansible_connection: community.general.jail}\n");
    let (printed, _) = churten(at, "command.yml", &[("BROKEN", "1")]);
    let message =
        "Task failed: Failed to connect to the host via docker: Error response from daemon: No such container: x";
    let unreachable = format!("fatal: [docker]: UNREACHABLE! => {{\"changed\": false, \"msg\": \"{message}\"");
    assert!(printed.contains(&unreachable), "{printed}");
    assert!(printed.contains("not yet supported by churten: the connection community.general.jail"), "{printed}");
    let (printed, _) = churten(at, "raw.yml", &[("BROKEN", "1")]);
    assert!(printed.contains("\"rc\": 1, \"stderr\": \"Error response from daemon"), "{printed}");
    std::fs::remove_file(at.join("bin/docker")).unwrap();
    for playbook in ["raw.yml", "command.yml"] {
        let path = format!("{}/bin", at.display());
        let (printed, _) = churten(at, playbook, &[("PATH", &path)]);
        let failed =
            "fatal: [docker]: FAILED! => {\"changed\": false, \"msg\": \"Task failed: docker command not found";
        assert!(printed.contains(failed), "{printed}");
    }
}

const CHROOT: &str = r#"
- hosts: all
  gather_facts: false
  tasks:
    - raw: echo raw; pwd
      register: said
    - assert: {that: said.stdout == "raw\n/\n"}
    - command: id -u
      register: said
    - assert: {that: said.stdout == "0"}
    - copy: {content: "inside {{ inventory_hostname }}\n", dest: /tmp/file, mode: "0640"}
    - copy: {src: big, dest: /tmp/big}
    - script: program one
      register: said
    - assert: {that: said.stdout == "program one\n"}
    - fetch: {src: /tmp/file, dest: got, flat: true}
    - fetch: {src: /tmp/big, dest: got_big, flat: true}
"#;

#[test]
fn a_root_directory() {
    let busybox = ["/usr/bin/busybox", "/bin/busybox"].into_iter().find(|path| Path::new(path).exists());
    let owner = std::fs::metadata("/proc/self").map(|status| std::os::unix::fs::MetadataExt::uid(&status)).ok();
    let (Some(busybox), Some(0)) = (busybox, owner) else {
        println!("skipped: needs root and busybox");
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    for name in ["bin", "tmp", "root", "dev", "etc"] {
        std::fs::create_dir_all(at.join("root").join(name)).unwrap();
    }
    std::fs::copy(busybox, at.join("root/bin/busybox")).unwrap();
    let applets = ["sh", "id", "mkdir", "chmod", "mv", "rm", "head", "wc", "ls", "cat", "uname", "gzip"];
    for name in applets {
        symlink("busybox", at.join("root/bin").join(name)).unwrap();
    }
    let works = Command::new("chroot").arg(at.join("root")).args(["/bin/sh", "-c", "id -u"]).output();
    if !works.is_ok_and(|output| output.stdout == b"0\n") {
        println!("skipped: {busybox} does not run in a root directory of its own");
        return;
    }
    let root = at.join("root").display().to_string();
    stage(at, &format!("\n    here: {{ansible_connection: community.general.chroot, ansible_host: {root}}}\n"));
    std::fs::write(at.join("chroot.yml"), CHROOT).unwrap();
    std::fs::write(at.join("program"), "#!/bin/sh\necho program $1\n").unwrap();
    let big: Vec<u8> = (0..3_000_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    std::fs::write(at.join("big"), &big).unwrap();
    for changed in ["changed=7", "changed=3"] {
        let (printed, _) = churten(at, "chroot.yml", &[]);
        let good = printed.contains("failed=0") && printed.contains(changed) && printed.contains("unreachable=0");
        assert!(good, "{changed}: {printed}");
    }
    assert_eq!(std::fs::read_to_string(at.join("got")).unwrap(), "inside here\n");
    assert!(std::fs::read(at.join("got_big")).unwrap() == big);
    assert_eq!(std::fs::read_to_string(at.join("root/tmp/file")).unwrap(), "inside here\n");
    std::fs::remove_file(at.join("root/bin/sh")).unwrap();
    let (printed, _) = churten(at, "raw.yml", &[]);
    assert!(printed.contains(&format!("[Errno 2] No such file or directory: '{root}/bin/sh'")), "{printed}");
}
