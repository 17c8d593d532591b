//! Names of callbacks that churten does not have.

/// Callbacks of collections that churten does not have; all of them had short names once.
pub(super) static NOT_YET: &[(&str, &[&str])] = &[
    ("amazon.aws", &["aws_resource_actions"]),
    ("ansible.posix", &["cgroup_perf_recap"]),
    (
        "community.general",
        &[
            "cgroup_memory_recap",
            "context_demo",
            "dense",
            "diy",
            "elastic",
            "jabber",
            "loganalytics",
            "logdna",
            "logentries",
            "logstash",
            "mail",
            "nrdp",
            "opentelemetry",
            "osx_say",
            "print_task",
            "say",
            "slack",
            "splunk",
            "sumologic",
            "syslog_json",
        ],
    ),
    ("community.grafana", &["grafana_annotations"]),
    ("theforeman.foreman", &["foreman"]),
];

/// Names that only collections have.
pub(super) const NEVER_SHORT: &[&str] = &[
    "default_without_diff",
    "elastic",
    "jsonl",
    "loganalytics",
    "opentelemetry",
    "print_task",
    "tasks_only",
    "timestamp",
];

/// Collections whose callbacks are all known.
pub(super) const KNOWN: [&str; 2] = ["ansible.posix.", "community.general."];

/// Callbacks of `community.general` that are gone: the name, what is said about it, and the version.
pub(super) const REMOVED: [(&str, &str, &str); 4] = [
    (
        "actionable",
        "Use the 'default' callback plugin with 'display_skipped_hosts = no' and 'display_ok_hosts = no' options.",
        "2.0.0",
    ),
    ("full_skip", "Use the 'default' callback plugin with 'display_skipped_hosts = no' option.", "2.0.0"),
    (
        "hipchat",
        "The hipchat service has been discontinued and the self-hosted variant has been End of Life since 2020.",
        "10.0.0",
    ),
    ("stderr", "Use the 'default' callback plugin with 'display_failed_stderr = yes' option.", "2.0.0"),
];
