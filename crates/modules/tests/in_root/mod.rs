//! The tables that need another distribution than the machine's: they run in a copy in memory of a root.

use std::path::Path;
use std::process::Command;

/// A table, the variable that names the root for it, and whether it can run nowhere else. The roots are made by
/// `mmdebstrap --include=createrepo-c,dnf,python3-minimal,rpm bookworm DIR`,
/// `mmdebstrap --variant=minbase --include=createrepo-c,dnf5,python3-libdnf5,python3-minimal,rpm forky DIR` and
/// `mmdebstrap --variant=minbase --include=apt,ca-certificates,dirmngr,gpg,gpg-agent,lsb-release,python3-apt,ubuntu-keyring noble DIR`.
const IN_ROOT: [(&str, &str, bool); 4] = [
    ("apt_repository", "CHURTEN_UBUNTU_ROOT", false),
    ("dnf", "CHURTEN_RPM_ROOT", true),
    ("dnf5", "CHURTEN_DNF5_ROOT", true),
    ("ppa", "CHURTEN_UBUNTU_ROOT", true),
];

/// Set where the test runs in the root.
const IS_INSIDE: &str = "CHURTEN_IN_ROOT";

/// Mounts what the test needs in the root, where nobody else sees it, and goes on there: ROOT PROGRAM TABLE DIRECTORY...
/// There is no network but its own, and what is left running ends with the test. The oracle's Python is the root's own
/// there, wherever that of the environment is.
const ENTER: &str = r#"below="$1" program="$2" table="$3" oracle="$4" root=/mnt/root; shift 3
PATH=$PATH:/usr/sbin:/sbin; ip link set lo up || exit 1
mount -t tmpfs tmpfs /mnt && mkdir /mnt/over /mnt/work /mnt/root || exit 1
mount -t overlay -o "lowerdir=$below,upperdir=/mnt/over,workdir=/mnt/work" overlay "$root" || exit 1
for directory; do mkdir -p "$root$directory"; mount --bind "$directory" "$root$directory" || exit 1; done
python="$oracle/bin/python"
while [ -L "$root$python" ]; do to=$(readlink "$root$python"); case $to in /*) python=$to;; *) python=${python%/*}/$to;; esac; done
[ -e "$root$python" ] || { mkdir -p "$root${python%/*}" && ln -s /usr/bin/python3 "$root$python"; } || exit 1
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs tmpfs "$root/tmp" || exit 1
export HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 CHURTEN_SCRATCH=1
export PYTHONPATH=/usr/lib/python3/dist-packages:$(echo "$oracle"/lib/python3*/site-packages) CHURTEN_IN_ROOT=1
exec chroot "$root" "$program" --exact "$table" --nocapture"#;

/// True in the root.
pub(crate) fn is_inside() -> bool {
    std::env::var_os(IS_INSIDE).is_some()
}

/// Run a table in the root that it needs; `Some` when that is what has to be done: why it was left out, if it was.
pub(crate) fn ran(table: &str) -> Option<Result<(), String>> {
    let (_, variable, is_needed) = IN_ROOT.iter().find(|(needs, ..)| *needs == table)?;
    if is_inside() {
        return None;
    }
    let (Some(root), Some(oracle)) = (std::env::var_os(variable), std::env::var_os("CHURTEN_ORACLE")) else {
        return is_needed.then(|| Err(format!("{table}: left out, {variable} names no root for it")));
    };
    let program = std::env::current_exe().unwrap();
    let directories =
        [Path::new(&oracle).parent().unwrap(), program.parent().unwrap(), Path::new(env!("CARGO_MANIFEST_DIR"))];
    let mut command = Command::new("unshare");
    command.args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation", "private"]);
    command.args(["sh", "-c", ENTER, "sh"]).arg(root).arg(&program).arg(table).args(directories);
    assert!(command.status().unwrap().success(), "{table}: failed in the root");
    Some(Ok(()))
}
