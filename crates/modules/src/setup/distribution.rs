//! Which distribution this is.

use super::Machine;
use super::subset::Gathered;
use churten_module::prelude::*;
use std::collections::HashMap;

/// What was found out, before it becomes facts.
#[derive(Default)]
struct Found {
    name: String,
    version: Option<String>,
    minor: Option<String>,
    release: Option<String>,
    /// The file that told, and what kind of file it is.
    source: Option<(&'static str, &'static str)>,
    /// The words by which the file was recognised, where the name alone does not tell.
    search: Option<&'static str>,
    /// False where the file is there and says nothing.
    parsed: bool,
}

impl Found {
    fn new(name: impl Into<String>, path: &'static str, variety: &'static str) -> Self {
        Self { name: name.into(), source: Some((path, variety)), parsed: true, ..Self::default() }
    }
}

const OS_RELEASE: &str = "/etc/os-release";

/// Identifiers of `os-release` that say a distribution of Debian's kind, and their names.
const DEBIAN_LIKE: &[(&str, &str)] = &[
    ("debian", "Debian"),
    ("raspbian", "Debian"),
    ("ubuntu", "Ubuntu"),
    ("linuxmint", "Linux Mint"),
    ("kali", "Kali"),
    ("parrot", "Parrot"),
    ("devuan", "Devuan"),
    ("deepin", "Deepin"),
    ("uos", "Uos"),
    ("cumulus-linux", "Cumulus Linux"),
];

/// Families of which the name is not that of the distribution.
const FAMILIES: &[(&str, &[&str])] = &[
    (
        "RedHat",
        &[
            "AlmaLinux",
            "Alibaba",
            "Amazon",
            "Ascendos",
            "CentOS",
            "CloudLinux",
            "EulerOS",
            "EuroLinux",
            "Fedora",
            "Kylin Linux Advanced Server",
            "MIRACLE",
            "OEL",
            "OVS",
            "OracleLinux",
            "PSBM",
            "RHEL",
            "Rocky",
            "SLC",
            "Scientific",
            "TencentOS",
            "Virtuozzo",
            "XenServer",
            "openEuler",
        ],
    ),
    (
        "Debian",
        &[
            "Cumulus Linux",
            "Deepin",
            "Devuan",
            "KDE neon",
            "Kali",
            "Linux Mint",
            "Neon",
            "OSMC",
            "Pardus GNU/Linux",
            "Parrot",
            "Pop!_OS",
            "Raspbian",
            "SteamOS",
            "Ubuntu",
            "Uos",
        ],
    ),
    (
        "Suse",
        &[
            "ALP-Dolomite",
            "SL-Micro",
            "SLED",
            "SLES",
            "SLES_SAP",
            "SUSE_LINUX",
            "SuSE",
            "openSUSE",
            "openSUSE Leap",
            "openSUSE MicroOS",
            "openSUSE Tumbleweed",
        ],
    ),
    ("Archlinux", &["Antergos", "Manjaro"]),
    ("Mandrake", &["Mandriva"]),
    ("Gentoo", &["Funtoo"]),
    ("ClearLinux", &["Clear Linux Mix", "Clear Linux OS"]),
];

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let found = find(machine);
    gathered.insert("distribution", found.name.as_str());
    gathered.insert("distribution_release", found.release.unwrap_or_else(|| "NA".into()));
    let version = found.version.unwrap_or_else(|| "NA".into());
    gathered.insert("distribution_major_version", version.split('.').next().unwrap_or_default());
    gathered.insert("distribution_version", version);
    if let Some((path, variety)) = found.source {
        gathered.insert("distribution_file_path", path);
        gathered.insert("distribution_file_variety", variety);
        if found.parsed {
            gathered.insert("distribution_file_parsed", true);
        }
    }
    if let Some(search) = found.search {
        gathered.insert("distribution_file_search_string", search);
    }
    if let Some(minor) = found.minor {
        gathered.insert("distribution_minor_version", minor);
    }
    let family = FAMILIES.iter().find(|(_, names)| names.contains(&found.name.as_str())).map(|(family, _)| *family);
    gathered.insert("os_family", family.unwrap_or(&found.name));
}

/// `NAME=value` lines, quotes taken off.
fn settings(text: &str) -> HashMap<String, String> {
    text.lines()
        .filter_map(|line| {
            let (name, value) = line.trim().split_once('=')?;
            let value = churten_module::words::split(value).map_or_else(|_| value.to_owned(), |words| words.join(" "));
            (!name.starts_with('#')).then(|| (name.to_owned(), value))
        })
        .collect()
}

fn find(machine: &Machine<'_>) -> Found {
    let text = machine.read(OS_RELEASE).or_else(|| machine.read("/usr/lib/os-release")).unwrap_or_default();
    let os = settings(&text);
    let setting = |name: &str| os.get(name).cloned();
    let id = setting("ID").unwrap_or_default();
    let mut found = source(machine, &text, &os, &id);
    if found.version.is_none() {
        found.version = setting("VERSION_ID").filter(|version| !version.is_empty());
    }
    if found.release.is_none() {
        found.release = setting("VERSION_CODENAME")
            .or_else(|| setting("UBUNTU_CODENAME"))
            .or_else(|| setting("VERSION").and_then(|version| code_name(&version)))
            .or_else(|| machine.value(format!("/etc/{id}-release")).and_then(|text| in_parentheses(&text)));
    }
    found
}

/// The name in a version: `9 (stretch)`, `14.04.3 LTS, Trusty Tahr`. It has no digits.
fn code_name(version: &str) -> Option<String> {
    let name = in_parentheses(version).or_else(|| Some(version.split_once(',')?.1.trim().to_owned()))?;
    (!name.contains(|c: char| c.is_ascii_digit())).then_some(name)
}

fn in_parentheses(text: &str) -> Option<String> {
    let (_, rest) = text.split_once('(')?;
    Some(rest.split_once(')')?.0.trim().to_owned())
}

/// The first file that says something decides.
fn source(machine: &Machine<'_>, text: &str, os: &HashMap<String, String>, id: &str) -> Found {
    let name = os.get("NAME").map_or("", String::as_str);
    let file = |path: &str| machine.value(path).filter(|text| !text.is_empty());
    if let Some(text) = file("/etc/altlinux-release").filter(|text| text.contains("ALT")) {
        let mut found = Found::new("Altlinux", "/etc/altlinux-release", "Altlinux");
        (found.search, found.release) = (Some("ALT"), in_parentheses(&text));
        return found;
    }
    if let Some(text) = file("/etc/oracle-release").filter(|text| text.contains("Oracle Linux")) {
        let mut found = Found::new("OracleLinux", "/etc/oracle-release", "OracleLinux");
        (found.search, found.release) = (Some("Oracle Linux"), in_parentheses(&text));
        return found;
    }
    if file("/etc/slackware-version").is_some_and(|text| text.contains("Slackware")) {
        return Found::new("Slackware", "/etc/slackware-version", "Slackware");
    }
    if file("/etc/centos-release").is_some_and(|text| text.contains("CentOS Stream")) {
        let mut found = Found::new("CentOS", "/etc/centos-release", "CentOS");
        found.release = Some("Stream".into());
        return found;
    }
    if let Some(text) = file("/etc/redhat-release") {
        return red_hat(machine, &text, os, id);
    }
    if file("/etc/openwrt_release").is_some_and(|text| text.contains("OpenWrt")) {
        let mut found = Found::new("OpenWrt", "/etc/openwrt_release", "OpenWrt");
        found.release = Some("NA".into());
        return found;
    }
    if id == "amzn" || text.contains("Amazon") {
        let mut found = Found::new("Amazon", OS_RELEASE, "Amazon");
        let version = os.get("VERSION_ID").map_or("", String::as_str);
        found.minor = Some(version.split_once('.').map_or("NA", |(_, minor)| minor).to_owned());
        found.release = Some("NA".into());
        return found;
    }
    if let Some(text) = file("/etc/alpine-release") {
        let mut found = Found::new("Alpine", "/etc/alpine-release", "Alpine");
        found.version = Some(text);
        return found;
    }
    if let Some(text) = machine.value("/etc/arch-release") {
        let mut found = Found::new("Archlinux", "/etc/arch-release", "Archlinux");
        let told = text.rsplit_once("release ").map(|(_, version)| version.trim().to_owned());
        found.version = os.get("VERSION_ID").cloned().or(told);
        found.parsed = false;
        return found;
    }
    if text.contains("Arch Linux") {
        return Found::new("Archlinux", OS_RELEASE, "Archlinux");
    }
    if text.to_lowercase().contains("suse") {
        return suse(name, os);
    }
    if let Some(found) = debian(machine, name, id, os.get("VERSION").cloned()) {
        return found;
    }
    match id {
        "clear-linux-os" => {
            let mut found = Found::new("Clear Linux OS", "/usr/lib/os-release", "ClearLinux");
            found.release = Some("clear-linux-os".into());
            found
        }
        "flatcar" => Found::new("Flatcar", OS_RELEASE, "Flatcar"),
        _ if !name.is_empty() => Found::new(name, OS_RELEASE, "NA"),
        _ => Found { name: "OtherLinux".into(), ..Found::default() },
    }
}

fn red_hat(machine: &Machine<'_>, text: &str, os: &HashMap<String, String>, id: &str) -> Found {
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_red_hat = text.contains("Red Hat");
    let mut found = Found::new(if is_red_hat { "RedHat" } else { first }, "/etc/redhat-release", "RedHat");
    found.search = is_red_hat.then_some("Red Hat");
    if !os.contains_key("VERSION_CODENAME") {
        found.release = os.get("VERSION").and_then(|version| code_name(version)).or_else(|| in_parentheses(text));
    }
    // CentOS tells only its major version in `os-release`, and old releases have no such file.
    if id == "centos" || !os.contains_key("VERSION_ID") {
        let text = machine.value("/etc/centos-release").unwrap_or_else(|| text.to_owned());
        let version = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        found.version = version.map(|version| version.splitn(3, '.').take(2).collect::<Vec<&str>>().join("."));
    }
    found
}

fn suse(name: &str, os: &HashMap<String, String>) -> Found {
    let mut found = Found::new(name, OS_RELEASE, "SUSE");
    let version = os.get("VERSION_ID").map_or("", String::as_str);
    let minor = version.split_once('.').map(|(_, minor)| minor.to_owned());
    found.release = match name {
        "SLES" | "SLED" | "SLES_SAP" | "openSUSE Leap" => Some(minor.unwrap_or_else(|| "0".to_owned())),
        "openSUSE Tumbleweed" | "openSUSE MicroOS" => Some(String::new()),
        _ => None,
    };
    found
}

fn debian(machine: &Machine<'_>, name: &str, id: &str, version: Option<String>) -> Option<Found> {
    let (_, known) = DEBIAN_LIKE.iter().find(|(other, _)| *other == id)?;
    let known = if name.starts_with("Parrot") { "Parrot" } else { known };
    let mut found = Found::new(known, OS_RELEASE, "Debian");
    if id == "cumulus-linux" {
        found.release = version;
    }
    if known == "Debian"
        && let Some(version) = machine.value("/etc/debian_version")
    {
        found.minor = version
            .split_once('.')
            .filter(|(major, _)| major.chars().all(|c| c.is_ascii_digit()))
            .map(|(_, minor)| minor.to_owned());
        if id == "debian" {
            found.version = Some(version);
        }
    }
    Some(found)
}

/// What `lsb_release -a` would say. Debian's and Ubuntu's program only reads these same files.
pub(super) fn lsb(machine: &Machine<'_>, gathered: &mut Gathered) {
    let mut facts = Dict::new();
    let program = machine.host.find_program("lsb_release", &[]).is_some();
    let os = settings(&machine.read(OS_RELEASE).unwrap_or_default());
    let own = settings(&machine.read("/etc/lsb-release").unwrap_or_default());
    let id = os.get("ID").map_or("", String::as_str);
    let mut put = |key: &str, value: Option<&String>| {
        if let Some(value) = value {
            facts.insert(key, value.trim_matches(['"', '\'', '\\']));
        }
    };
    if program && own.is_empty() && id == "debian" {
        let name = "Debian".to_owned();
        put("id", Some(&name));
        put("description", os.get("PRETTY_NAME"));
        let (unstable, no_name) = ("n/a".to_owned(), "n/a".to_owned());
        put("release", os.get("VERSION_ID").or(Some(&unstable)));
        put("codename", os.get("VERSION_CODENAME").or(Some(&no_name)));
    } else if program && !matches!(id, "debian" | "ubuntu") {
        for line in machine.output("lsb_release", &["-a"]).unwrap_or_default().lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim().to_owned();
            match name.trim() {
                "Distributor ID" => put("id", Some(&value)),
                "Description" => put("description", Some(&value)),
                "Release" => put("release", Some(&value)),
                "Codename" => put("codename", Some(&value)),
                "LSB Version" => put("LSB Version", Some(&value)),
                _ => {}
            }
        }
        facts.remove("LSB Version");
    } else {
        put("id", own.get("DISTRIB_ID"));
        put("release", own.get("DISTRIB_RELEASE"));
        put("description", own.get("DISTRIB_DESCRIPTION"));
        put("codename", own.get("DISTRIB_CODENAME"));
    }
    let major = facts
        .get("release")
        .and_then(Value::as_str)
        .map(|release| release.split('.').next().unwrap_or_default().to_owned());
    if let Some(major) = major {
        facts.insert("major_release", major);
    }
    gathered.insert("lsb", facts);
}
