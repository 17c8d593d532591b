//! Written by generate/tables.py; do not edit.

/// Why settings go, and what to use instead.
pub(crate) static DEPRECATIONS: &[(&str, &str, &str)] = &[
    ("ANSIBLE_CONNECTION_PATH", "This setting has no effect.", "none"),
    (
        "DEFAULT_ALLOW_UNSAFE_LOOKUPS",
        "This option is no longer used in the Ansible Core code base.",
        "Lookup plugins are responsible for tagging strings containing templates to allow evaluation as a template.",
    ),
    (
        "DEFAULT_JINJA2_EXTENSIONS",
        "Jinja2 extensions have been deprecated",
        "Ansible-supported Jinja plugins (tests, filters, lookups)",
    ),
    (
        "DEFAULT_JINJA2_NATIVE",
        "This option is no longer used in the Ansible Core code base.",
        "Jinja2 native mode is now the default and only option.",
    ),
    (
        "DEFAULT_LIBVIRT_LXC_NOSECLABEL",
        "This option was moved to the plugin itself",
        "Use the option from the plugin itself.",
    ),
    (
        "DEFAULT_MANAGED_STR",
        "The `ansible_managed` variable can be set just like any other variable, or a different variable can be used.",
        "Set the `ansible_managed` variable, or use any custom variable in templates.",
    ),
    (
        "DEFAULT_NULL_REPRESENTATION",
        "This option is no longer used in the Ansible Core code base.",
        "There is no alternative at the moment. A different mechanism would have to be implemented in the current code base.",
    ),
    (
        "DEFAULT_UNDEFINED_VAR_BEHAVIOR",
        "This option is no longer used in the Ansible Core code base.",
        "There is no alternative at the moment. A different mechanism would have to be implemented in the current code base.",
    ),
    (
        "PARAMIKO_HOST_KEY_AUTO_ADD",
        "This option was moved to the plugin itself",
        "Use the option from the plugin itself.",
    ),
    ("PARAMIKO_LOOK_FOR_KEYS", "This option was moved to the plugin itself", "Use the option from the plugin itself."),
    (
        "STRING_TYPE_FILTERS",
        "This option has no effect.",
        "None; native types returned from filters are always preserved.",
    ),
    ("_TEMPLAR_SANDBOX_MODE", "controlling sandbox behavior is a temporary workaround", "none"),
];
