//! What kind of program a module is.

/// How a module that is not native is started, as its text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleKind {
    /// Python that imports `module_utils`.
    Python,
    /// A script that wants its arguments as a JSON file (`WANT_JSON`).
    WantJson,
    /// A script with the mark that its arguments replace (`<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>`).
    JsonArguments,
    /// PowerShell, for Windows.
    PowerShell,
    /// Another script, whose arguments are a file of `key=value`.
    OldStyle,
    /// A program.
    Binary,
}

/// The mark of [`ModuleKind::JsonArguments`].
pub(crate) const MARK: &[u8] = b"<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>";

/// The kind of a module's content.
pub fn kind_of(source: &[u8]) -> ModuleKind {
    let has = |text: &[u8]| source.windows(text.len()).any(|window| window == text);
    let start = source.get(..1024.min(source.len())).unwrap_or_default();
    if start.contains(&0) {
        return ModuleKind::Binary;
    }
    if imports_module_utils(&String::from_utf8_lossy(source)) {
        ModuleKind::Python
    } else if has(b"#Requires -Module") || has(b"#AnsibleRequires") || has(b"POWERSHELL_COMMON") {
        ModuleKind::PowerShell
    } else if has(MARK) {
        ModuleKind::JsonArguments
    } else if has(b"WANT_JSON") {
        ModuleKind::WantJson
    } else {
        ModuleKind::OldStyle
    }
}

/// A line that takes something from `ansible.module_utils` or from a collection, or from what stands beside the module.
fn imports_module_utils(source: &str) -> bool {
    source.lines().map(str::trim_start).any(|line| {
        let mut words = line.split_whitespace();
        let first = words.next();
        let from = words.next().unwrap_or_default();
        let is_ours = ["ansible.module_utils", "ansible_collections."].iter().any(|start| from.starts_with(start));
        match first {
            Some("import") => is_ours,
            Some("from") => {
                let is_relative = from.starts_with('.') && from.contains("module_utils");
                is_ours || is_relative || from == "ansible" && line.contains("import module_utils")
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{ModuleKind, kind_of};

    #[test]
    fn kinds_are_told_by_the_text() {
        for (source, kind) in [
            ("#!/usr/bin/python\nfrom ansible.module_utils.basic import AnsibleModule\n", ModuleKind::Python),
            ("try:\n    from ansible.module_utils import basic\n", ModuleKind::Python),
            ("from ..module_utils.x import y\n", ModuleKind::Python),
            ("import ansible_collections.a.b.plugins.module_utils.c\n", ModuleKind::Python),
            ("#!/usr/bin/perl\n# WANT_JSON\n", ModuleKind::WantJson),
            ("#!/usr/bin/python\nargs = '''<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>'''\n", ModuleKind::JsonArguments),
            ("#!powershell\n#AnsibleRequires -CSharpUtil Ansible.Basic\n", ModuleKind::PowerShell),
            ("#!/bin/sh\n. $1\n", ModuleKind::OldStyle),
            ("\x7fELF\0\0", ModuleKind::Binary),
        ] {
            assert_eq!(kind_of(source.as_bytes()), kind, "{source:?}");
        }
    }
}
