//! Groups of actions, for `module_defaults` (`action_groups` in `meta/runtime.yml`; those of ansible-core are names of
//! collections' groups).

use crate::finder::Finder;
use churten_value::Value;
use std::sync::Arc;

/// Groups that extend each other go no deeper.
const MAX_DEPTH: usize = 16;

/// What `ansible.builtin` 2.19 has: groups of collections that its own names stand for.
const BUILTIN: [(&str, &[&str]); 12] = [
    ("acme", &["community.crypto.acme"]),
    ("aws", &["amazon.aws.aws", "community.aws.aws"]),
    ("azure", &["azure.azcollection.azure"]),
    ("cpm", &["wti.remote.cpm"]),
    ("docker", &["community.general.docker", "community.docker.docker"]),
    ("gcp", &["google.cloud.gcp"]),
    (
        "k8s",
        &[
            "community.kubernetes.k8s",
            "community.general.k8s",
            "community.kubevirt.k8s",
            "community.okd.k8s",
            "kubernetes.core.k8s",
        ],
    ),
    ("os", &["openstack.cloud.os"]),
    ("ovirt", &["ovirt.ovirt.ovirt", "community.general.ovirt"]),
    ("testgroup", &["testns.testcoll.testgroup", "testns.testcoll.anothergroup", "testns.boguscoll.testgroup"]),
    ("testlegacy", &[]),
    ("vmware", &["community.vmware.vmware"]),
];

/// The full name of a group: without a collection it is one of ansible-core's.
pub fn full_group_name(name: &str) -> String {
    if name.contains('.') { name.to_owned() } else { format!("ansible.builtin.{name}") }
}

impl Finder {
    /// The names of a group's actions, as the group has them but with their collection; `None` when there is no such
    /// group.
    pub fn group(&self, name: &str) -> Option<Vec<Arc<str>>> {
        let mut members = Vec::new();
        self.collect(&full_group_name(name), 0, &mut members).then_some(members)
    }

    fn collect(&self, full: &str, depth: usize, members: &mut Vec<Arc<str>>) -> bool {
        if depth > MAX_DEPTH {
            return true;
        }
        if let Some(short) = full.strip_prefix("ansible.builtin.") {
            let Some((_, extended)) = BUILTIN.iter().find(|(name, _)| *name == short) else { return false };
            match short {
                "testgroup" => members.extend(["ansible.builtin.ping", "ansible.builtin.legacy_ping"].map(Arc::from)),
                "testlegacy" => members.push("ansible.legacy.legacy_ping".into()),
                _ => {}
            }
            // A collection that is not installed has nothing to add.
            for group in *extended {
                self.collect(group, depth + 1, members);
            }
            return true;
        }
        let Some((collection, group)) = full.rsplit_once('.') else { return false };
        let Some(entries) = self.group_entries(collection, group) else { return false };
        let qualified = |name: &str| if name.contains('.') { name.to_owned() } else { format!("{collection}.{name}") };
        for entry in &entries {
            match entry.as_str() {
                Some(name) => members.push(qualified(name).into()),
                None => {
                    let extended = entry.get("metadata").and_then(|metadata| metadata.get("extend_group"));
                    let extended = match extended.and_then(Value::as_list) {
                        Some(groups) => groups.iter().map(Value::to_text).collect(),
                        None => {
                            extended.and_then(Value::as_str).map(|group| vec![group.to_owned()]).unwrap_or_default()
                        }
                    };
                    for group in extended {
                        self.collect(&qualified(&group), depth + 1, members);
                    }
                }
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Finder;

    #[test]
    fn groups_have_members_of_their_own_and_of_others() {
        let directory = tempfile::tempdir().expect("a directory");
        let collection = directory.path().join("ansible_collections/amazon/aws");
        std::fs::create_dir_all(collection.join("meta")).expect("made");
        let runtime = "action_groups:\n  aws:\n    - ec2\n    - other.coll.s3\n    - metadata:\n        extend_group: \
                       [more, nope.nope.nope]\n  more: [rds]\n  ring:\n    - metadata: {extend_group: ring}\n";
        std::fs::write(collection.join("meta/runtime.yml"), runtime).expect("written");
        let finder = Finder::new(vec![directory.path().to_owned()], Vec::new());
        let members = |name: &str| {
            finder.group(name).map(|members| members.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        let all = "amazon.aws.ec2 other.coll.s3 amazon.aws.rds";
        for (name, expected) in [
            ("aws", Some(all)),
            ("ansible.builtin.aws", Some(all)),
            ("amazon.aws.aws", Some(all)),
            ("amazon.aws.more", Some("amazon.aws.rds")),
            ("amazon.aws.ring", Some("")),
            ("gcp", Some("")),
            ("nothing", None),
            ("amazon.aws.nothing", None),
            ("a.b.c", None),
        ] {
            assert_eq!(members(name).as_deref(), expected, "{name}");
        }
    }
}
