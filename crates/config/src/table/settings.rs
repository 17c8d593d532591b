//! Written by generate/tables.py; do not edit.

use super::definition::Default::{Flag, Items, Null, Number, Pairs, Real, Text};
use super::definition::Definition;

/// Every setting of ansible-core 2.19.14, by name in order.
pub static SETTINGS: &[Definition] = &[
    Definition::new("ACTION_WARNINGS", "boolean", Flag(true))
        .env(&["ANSIBLE_ACTION_WARNINGS"])
        .ini(&[("defaults", "action_warnings")]),
    Definition::new("AGNOSTIC_BECOME_PROMPT", "boolean", Flag(true))
        .env(&["ANSIBLE_AGNOSTIC_BECOME_PROMPT"])
        .ini(&[("privilege_escalation", "agnostic_become_prompt")]),
    Definition::new("ALLOW_BROKEN_CONDITIONALS", "boolean", Flag(false))
        .description("Accept conditionals whose result is no boolean, with a deprecation warning.")
        .env(&["ANSIBLE_ALLOW_BROKEN_CONDITIONALS"])
        .ini(&[("defaults", "allow_broken_conditionals")]),
    Definition::new("ALLOW_EMBEDDED_TEMPLATES", "boolean", Flag(true))
        .env(&["ANSIBLE_ALLOW_EMBEDDED_TEMPLATES"])
        .ini(&[("defaults", "allow_embedded_templates")]),
    Definition::new("ANSIBLE_CONNECTION_PATH", "path", Null)
        .env(&["ANSIBLE_CONNECTION_PATH"])
        .ini(&[("persistent_connection", "ansible_connection_path")])
        .deprecated("2.22"),
    Definition::new(
        "ANSIBLE_COW_ACCEPTLIST",
        "list",
        Items(&[
            "bud-frogs",
            "bunny",
            "cheese",
            "daemon",
            "default",
            "dragon",
            "elephant-in-snake",
            "elephant",
            "eyes",
            "hellokitty",
            "kitty",
            "luke-koala",
            "meow",
            "milk",
            "moofasa",
            "moose",
            "ren",
            "sheep",
            "small",
            "stegosaurus",
            "stimpy",
            "supermilker",
            "three-eyes",
            "turkey",
            "turtle",
            "tux",
            "udder",
            "vader-koala",
            "vader",
            "www",
        ]),
    )
    .env(&["ANSIBLE_COW_ACCEPTLIST"])
    .ini(&[("defaults", "cowsay_enabled_stencils")]),
    Definition::new("ANSIBLE_COW_PATH", "string", Null).env(&["ANSIBLE_COW_PATH"]).ini(&[("defaults", "cowpath")]),
    Definition::new("ANSIBLE_COW_SELECTION", "", Text("default"))
        .env(&["ANSIBLE_COW_SELECTION"])
        .ini(&[("defaults", "cow_selection")]),
    Definition::new("ANSIBLE_FORCE_COLOR", "boolean", Flag(false))
        .description("Write colours even when the output is no terminal.")
        .env(&["ANSIBLE_FORCE_COLOR"])
        .ini(&[("defaults", "force_color")]),
    Definition::new("ANSIBLE_HOME", "path", Text("~/.ansible"))
        .description("The directory that relative defaults of other settings start from.")
        .env(&["ANSIBLE_HOME"])
        .ini(&[("defaults", "home")]),
    Definition::new("ANSIBLE_NOCOLOR", "boolean", Flag(false))
        .description("Never write colours.")
        .env(&["ANSIBLE_NOCOLOR", "NO_COLOR"])
        .ini(&[("defaults", "nocolor")]),
    Definition::new("ANSIBLE_NOCOWS", "boolean", Flag(false)).env(&["ANSIBLE_NOCOWS"]).ini(&[("defaults", "nocows")]),
    Definition::new("ANSIBLE_PIPELINING", "boolean", Flag(false))
        .description("Run modules without copying them to a file first.")
        .env(&["ANSIBLE_PIPELINING"])
        .ini(&[("defaults", "pipelining"), ("connection", "pipelining")]),
    Definition::new("ANY_ERRORS_FATAL", "boolean", Flag(false))
        .description("One failed host ends the play on all hosts.")
        .env(&["ANSIBLE_ANY_ERRORS_FATAL"])
        .ini(&[("defaults", "any_errors_fatal")]),
    Definition::new("BECOME_ALLOW_SAME_USER", "boolean", Flag(false))
        .description("Use become even when the user stays the same.")
        .env(&["ANSIBLE_BECOME_ALLOW_SAME_USER"])
        .ini(&[("privilege_escalation", "become_allow_same_user")]),
    Definition::new("BECOME_PASSWORD_FILE", "path", Null)
        .env(&["ANSIBLE_BECOME_PASSWORD_FILE"])
        .ini(&[("defaults", "become_password_file")])
        .cli(&["become_password_file"]),
    Definition::new(
        "BECOME_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/become:/usr/share/ansible/plugins/become\" }}"),
    )
    .env(&["ANSIBLE_BECOME_PLUGINS"])
    .ini(&[("defaults", "become_plugins")]),
    Definition::new("CACHE_PLUGIN", "", Text("memory"))
        .env(&["ANSIBLE_CACHE_PLUGIN"])
        .ini(&[("defaults", "fact_caching")]),
    Definition::new("CACHE_PLUGIN_CONNECTION", "", Null)
        .env(&["ANSIBLE_CACHE_PLUGIN_CONNECTION"])
        .ini(&[("defaults", "fact_caching_connection")]),
    Definition::new("CACHE_PLUGIN_PREFIX", "", Text("ansible_facts"))
        .env(&["ANSIBLE_CACHE_PLUGIN_PREFIX"])
        .ini(&[("defaults", "fact_caching_prefix")]),
    Definition::new("CACHE_PLUGIN_TIMEOUT", "integer", Number(86400))
        .env(&["ANSIBLE_CACHE_PLUGIN_TIMEOUT"])
        .ini(&[("defaults", "fact_caching_timeout")]),
    Definition::new("CALLBACKS_ENABLED", "list", Items(&[]))
        .env(&["ANSIBLE_CALLBACKS_ENABLED"])
        .ini(&[("defaults", "callbacks_enabled")]),
    Definition::new("COLLECTIONS_ON_ANSIBLE_VERSION_MISMATCH", "", Text("warning"))
        .env(&["ANSIBLE_COLLECTIONS_ON_ANSIBLE_VERSION_MISMATCH"])
        .ini(&[("defaults", "collections_on_ansible_version_mismatch")])
        .choices(&["error", "warning", "ignore"]),
    Definition::new(
        "COLLECTIONS_PATHS",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/collections:/usr/share/ansible/collections\" }}"),
    )
    .env(&["ANSIBLE_COLLECTIONS_PATH"])
    .ini(&[("defaults", "collections_path")]),
    Definition::new("COLLECTIONS_SCAN_SYS_PATH", "boolean", Flag(true))
        .env(&["ANSIBLE_COLLECTIONS_SCAN_SYS_PATH"])
        .ini(&[("defaults", "collections_scan_sys_path")]),
    Definition::new("COLOR_CHANGED", "", Text("yellow")).env(&["ANSIBLE_COLOR_CHANGED"]).ini(&[("colors", "changed")]),
    Definition::new("COLOR_CONSOLE_PROMPT", "", Text("white"))
        .env(&["ANSIBLE_COLOR_CONSOLE_PROMPT"])
        .ini(&[("colors", "console_prompt")]),
    Definition::new("COLOR_DEBUG", "", Text("dark gray")).env(&["ANSIBLE_COLOR_DEBUG"]).ini(&[("colors", "debug")]),
    Definition::new("COLOR_DEPRECATE", "", Text("purple"))
        .env(&["ANSIBLE_COLOR_DEPRECATE"])
        .ini(&[("colors", "deprecate")]),
    Definition::new("COLOR_DIFF_ADD", "", Text("green"))
        .env(&["ANSIBLE_COLOR_DIFF_ADD"])
        .ini(&[("colors", "diff_add")]),
    Definition::new("COLOR_DIFF_LINES", "", Text("cyan"))
        .env(&["ANSIBLE_COLOR_DIFF_LINES"])
        .ini(&[("colors", "diff_lines")]),
    Definition::new("COLOR_DIFF_REMOVE", "", Text("red"))
        .env(&["ANSIBLE_COLOR_DIFF_REMOVE"])
        .ini(&[("colors", "diff_remove")]),
    Definition::new("COLOR_DOC_CONSTANT", "", Text("dark gray"))
        .env(&["ANSIBLE_COLOR_DOC_CONSTANT"])
        .ini(&[("colors", "doc_constant")]),
    Definition::new("COLOR_DOC_DEPRECATED", "", Text("magenta"))
        .env(&["ANSIBLE_COLOR_DOC_DEPRECATED"])
        .ini(&[("colors", "doc_deprecated")]),
    Definition::new("COLOR_DOC_LINK", "", Text("cyan")).env(&["ANSIBLE_COLOR_DOC_LINK"]).ini(&[("colors", "doc_link")]),
    Definition::new("COLOR_DOC_MODULE", "", Text("yellow"))
        .env(&["ANSIBLE_COLOR_DOC_MODULE"])
        .ini(&[("colors", "doc_module")]),
    Definition::new("COLOR_DOC_PLUGIN", "", Text("yellow"))
        .env(&["ANSIBLE_COLOR_DOC_PLUGIN"])
        .ini(&[("colors", "doc_plugin")]),
    Definition::new("COLOR_DOC_REFERENCE", "", Text("magenta"))
        .env(&["ANSIBLE_COLOR_DOC_REFERENCE"])
        .ini(&[("colors", "doc_reference")]),
    Definition::new("COLOR_ERROR", "", Text("red")).env(&["ANSIBLE_COLOR_ERROR"]).ini(&[("colors", "error")]),
    Definition::new("COLOR_HIGHLIGHT", "", Text("white"))
        .env(&["ANSIBLE_COLOR_HIGHLIGHT"])
        .ini(&[("colors", "highlight")]),
    Definition::new("COLOR_INCLUDED", "", Text("cyan")).env(&["ANSIBLE_COLOR_INCLUDED"]).ini(&[("colors", "included")]),
    Definition::new("COLOR_OK", "", Text("green")).env(&["ANSIBLE_COLOR_OK"]).ini(&[("colors", "ok")]),
    Definition::new("COLOR_SKIP", "", Text("cyan")).env(&["ANSIBLE_COLOR_SKIP"]).ini(&[("colors", "skip")]),
    Definition::new("COLOR_UNREACHABLE", "", Text("bright red"))
        .env(&["ANSIBLE_COLOR_UNREACHABLE"])
        .ini(&[("colors", "unreachable")]),
    Definition::new("COLOR_VERBOSE", "", Text("blue")).env(&["ANSIBLE_COLOR_VERBOSE"]).ini(&[("colors", "verbose")]),
    Definition::new("COLOR_WARN", "", Text("bright purple")).env(&["ANSIBLE_COLOR_WARN"]).ini(&[("colors", "warn")]),
    Definition::new("CONFIG_FILE", "path", Null).description("The configuration file in use."),
    Definition::new(
        "CONNECTION_FACTS_MODULES",
        "dict",
        Pairs(&[
            ("arista.eos.eos", "arista.eos.eos_facts"),
            ("asa", "ansible.legacy.asa_facts"),
            ("cisco.asa.asa", "cisco.asa.asa_facts"),
            ("cisco.ios.ios", "cisco.ios.ios_facts"),
            ("cisco.iosxr.iosxr", "cisco.iosxr.iosxr_facts"),
            ("cisco.nxos.nxos", "cisco.nxos.nxos_facts"),
            ("community.network.ironware", "community.network.ironware_facts"),
            ("eos", "ansible.legacy.eos_facts"),
            ("exos", "ansible.legacy.exos_facts"),
            ("extreme.exos.exos", "extreme.exos.exos_facts"),
            ("extreme.slxos.slxos", "extreme.slxos.slxos_facts"),
            ("extreme.voss.voss", "extreme.voss.voss_facts"),
            ("frr", "ansible.legacy.frr_facts"),
            ("frr.frr.frr", "frr.frr.frr_facts"),
            ("ios", "ansible.legacy.ios_facts"),
            ("iosxr", "ansible.legacy.iosxr_facts"),
            ("ironware", "ansible.legacy.ironware_facts"),
            ("junipernetworks.junos.junos", "junipernetworks.junos.junos_facts"),
            ("junos", "ansible.legacy.junos_facts"),
            ("nxos", "ansible.legacy.nxos_facts"),
            ("slxos", "ansible.legacy.slxos_facts"),
            ("voss", "ansible.legacy.voss_facts"),
            ("vyos", "ansible.legacy.vyos_facts"),
            ("vyos.vyos.vyos", "vyos.vyos.vyos_facts"),
        ]),
    ),
    Definition::new("CONNECTION_PASSWORD_FILE", "path", Null)
        .env(&["ANSIBLE_CONNECTION_PASSWORD_FILE"])
        .ini(&[("defaults", "connection_password_file")])
        .cli(&["connection_password_file"]),
    Definition::new("COVERAGE_REMOTE_OUTPUT", "str", Null)
        .env(&["_ANSIBLE_COVERAGE_REMOTE_OUTPUT"])
        .vars(&["_ansible_coverage_remote_output"]),
    Definition::new("COVERAGE_REMOTE_PATHS", "str", Text("*")).env(&["_ANSIBLE_COVERAGE_REMOTE_PATH_FILTER"]),
    Definition::new(
        "DEFAULT_ACTION_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/action:/usr/share/ansible/plugins/action\" }}"),
    )
    .env(&["ANSIBLE_ACTION_PLUGINS"])
    .ini(&[("defaults", "action_plugins")]),
    Definition::new("DEFAULT_ALLOW_UNSAFE_LOOKUPS", "boolean", Flag(false))
        .ini(&[("defaults", "allow_unsafe_lookups")])
        .deprecated("2.23"),
    Definition::new("DEFAULT_ASK_PASS", "boolean", Flag(false))
        .env(&["ANSIBLE_ASK_PASS"])
        .ini(&[("defaults", "ask_pass")])
        .cli(&["ask_pass"]),
    Definition::new("DEFAULT_ASK_VAULT_PASS", "boolean", Flag(false))
        .env(&["ANSIBLE_ASK_VAULT_PASS"])
        .ini(&[("defaults", "ask_vault_pass")])
        .cli(&["ask_vault_pass"]),
    Definition::new("DEFAULT_BECOME", "boolean", Flag(false))
        .description("Escalate privileges in every play.")
        .env(&["ANSIBLE_BECOME"])
        .ini(&[("privilege_escalation", "become")])
        .cli(&["become"]),
    Definition::new("DEFAULT_BECOME_ASK_PASS", "boolean", Flag(false))
        .env(&["ANSIBLE_BECOME_ASK_PASS"])
        .ini(&[("privilege_escalation", "become_ask_pass")])
        .cli(&["become_ask_pass"]),
    Definition::new("DEFAULT_BECOME_EXE", "", Null)
        .description("The program that escalates privileges.")
        .env(&["ANSIBLE_BECOME_EXE"])
        .ini(&[("privilege_escalation", "become_exe")]),
    Definition::new("DEFAULT_BECOME_FLAGS", "", Text(""))
        .description("Arguments of the program that escalates privileges.")
        .env(&["ANSIBLE_BECOME_FLAGS"])
        .ini(&[("privilege_escalation", "become_flags")]),
    Definition::new("DEFAULT_BECOME_METHOD", "", Text("sudo"))
        .description("The become plugin.")
        .env(&["ANSIBLE_BECOME_METHOD"])
        .ini(&[("privilege_escalation", "become_method")])
        .cli(&["become_method"]),
    Definition::new("DEFAULT_BECOME_USER", "", Text("root"))
        .description("The user to become.")
        .env(&["ANSIBLE_BECOME_USER"])
        .ini(&[("privilege_escalation", "become_user")])
        .cli(&["become_user"]),
    Definition::new(
        "DEFAULT_CACHE_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/cache:/usr/share/ansible/plugins/cache\" }}"),
    )
    .env(&["ANSIBLE_CACHE_PLUGINS"])
    .ini(&[("defaults", "cache_plugins")]),
    Definition::new(
        "DEFAULT_CALLBACK_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/callback:/usr/share/ansible/plugins/callback\" }}"),
    )
    .env(&["ANSIBLE_CALLBACK_PLUGINS"])
    .ini(&[("defaults", "callback_plugins")]),
    Definition::new(
        "DEFAULT_CLICONF_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/cliconf:/usr/share/ansible/plugins/cliconf\" }}"),
    )
    .env(&["ANSIBLE_CLICONF_PLUGINS"])
    .ini(&[("defaults", "cliconf_plugins")]),
    Definition::new(
        "DEFAULT_CONNECTION_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/connection:/usr/share/ansible/plugins/connection\" }}"),
    )
    .env(&["ANSIBLE_CONNECTION_PLUGINS"])
    .ini(&[("defaults", "connection_plugins")]),
    Definition::new("DEFAULT_DEBUG", "boolean", Flag(false)).env(&["ANSIBLE_DEBUG"]).ini(&[("defaults", "debug")]),
    Definition::new("DEFAULT_EXECUTABLE", "", Text("/bin/sh"))
        .env(&["ANSIBLE_EXECUTABLE"])
        .ini(&[("defaults", "executable")]),
    Definition::new(
        "DEFAULT_FILTER_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/filter:/usr/share/ansible/plugins/filter\" }}"),
    )
    .env(&["ANSIBLE_FILTER_PLUGINS"])
    .ini(&[("defaults", "filter_plugins")]),
    Definition::new("DEFAULT_FORCE_HANDLERS", "boolean", Flag(false))
        .description("Run notified handlers on hosts that failed.")
        .env(&["ANSIBLE_FORCE_HANDLERS"])
        .ini(&[("defaults", "force_handlers")])
        .cli(&["force_handlers"]),
    Definition::new("DEFAULT_FORKS", "integer", Number(5))
        .description("How many hosts are worked on at once.")
        .env(&["ANSIBLE_FORKS"])
        .ini(&[("defaults", "forks")])
        .cli(&["forks"]),
    Definition::new("DEFAULT_GATHERING", "", Text("implicit"))
        .description("When facts are gathered.")
        .env(&["ANSIBLE_GATHERING"])
        .ini(&[("defaults", "gathering")])
        .choices(&["implicit", "explicit", "smart"]),
    Definition::new("DEFAULT_HASH_BEHAVIOUR", "string", Text("replace"))
        .description("Whether a dictionary variable replaces or merges with one of lower precedence.")
        .env(&["ANSIBLE_HASH_BEHAVIOUR"])
        .ini(&[("defaults", "hash_behaviour")])
        .choices(&["replace", "merge"]),
    Definition::new("DEFAULT_HOST_LIST", "pathlist", Items(&["/etc/ansible/hosts"]))
        .description("Inventory sources.")
        .env(&["ANSIBLE_INVENTORY"])
        .ini(&[("defaults", "inventory")])
        .cli(&["inventory"]),
    Definition::new(
        "DEFAULT_HTTPAPI_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/httpapi:/usr/share/ansible/plugins/httpapi\" }}"),
    )
    .env(&["ANSIBLE_HTTPAPI_PLUGINS"])
    .ini(&[("defaults", "httpapi_plugins")]),
    Definition::new("DEFAULT_INTERNAL_POLL_INTERVAL", "float", Real(0.001))
        .ini(&[("defaults", "internal_poll_interval")]),
    Definition::new(
        "DEFAULT_INVENTORY_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/inventory:/usr/share/ansible/plugins/inventory\" }}"),
    )
    .env(&["ANSIBLE_INVENTORY_PLUGINS"])
    .ini(&[("defaults", "inventory_plugins")]),
    Definition::new("DEFAULT_JINJA2_EXTENSIONS", "list", Items(&[]))
        .env(&["ANSIBLE_JINJA2_EXTENSIONS"])
        .ini(&[("defaults", "jinja2_extensions")])
        .deprecated("2.23"),
    Definition::new("DEFAULT_JINJA2_NATIVE", "boolean", Flag(true))
        .env(&["ANSIBLE_JINJA2_NATIVE"])
        .ini(&[("defaults", "jinja2_native")])
        .deprecated("2.23"),
    Definition::new("DEFAULT_KEEP_REMOTE_FILES", "boolean", Flag(false))
        .description("Leave module files on the target.")
        .env(&["ANSIBLE_KEEP_REMOTE_FILES"])
        .ini(&[("defaults", "keep_remote_files")]),
    Definition::new("DEFAULT_LIBVIRT_LXC_NOSECLABEL", "boolean", Flag(false))
        .env(&["ANSIBLE_LIBVIRT_LXC_NOSECLABEL"])
        .ini(&[("selinux", "libvirt_lxc_noseclabel")])
        .deprecated("2.22"),
    Definition::new("DEFAULT_LOAD_CALLBACK_PLUGINS", "boolean", Flag(false))
        .env(&["ANSIBLE_LOAD_CALLBACK_PLUGINS"])
        .ini(&[("defaults", "bin_ansible_callbacks")]),
    Definition::new("DEFAULT_LOCAL_TMP", "tmppath", Text("{{ ANSIBLE_HOME ~ \"/tmp\" }}"))
        .description("Where temporary directories are made on the controller.")
        .env(&["ANSIBLE_LOCAL_TEMP"])
        .ini(&[("defaults", "local_tmp")]),
    Definition::new("DEFAULT_LOG_FILTER", "list", Items(&[]))
        .env(&["ANSIBLE_LOG_FILTER"])
        .ini(&[("defaults", "log_filter")]),
    Definition::new("DEFAULT_LOG_PATH", "path", Null).env(&["ANSIBLE_LOG_PATH"]).ini(&[("defaults", "log_path")]),
    Definition::new(
        "DEFAULT_LOOKUP_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/lookup:/usr/share/ansible/plugins/lookup\" }}"),
    )
    .env(&["ANSIBLE_LOOKUP_PLUGINS"])
    .ini(&[("defaults", "lookup_plugins")]),
    Definition::new("DEFAULT_MANAGED_STR", "", Text("Ansible managed"))
        .ini(&[("defaults", "ansible_managed")])
        .deprecated("2.23"),
    Definition::new("DEFAULT_MODULE_ARGS", "", Null).env(&["ANSIBLE_MODULE_ARGS"]).ini(&[("defaults", "module_args")]),
    Definition::new("DEFAULT_MODULE_COMPRESSION", "", Text("ZIP_DEFLATED"))
        .ini(&[("defaults", "module_compression")])
        .vars(&["ansible_module_compression"]),
    Definition::new("DEFAULT_MODULE_NAME", "", Text("command"))
        .description("The module of an ad hoc run.")
        .ini(&[("defaults", "module_name")]),
    Definition::new(
        "DEFAULT_MODULE_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/modules:/usr/share/ansible/plugins/modules\" }}"),
    )
    .env(&["ANSIBLE_LIBRARY"])
    .ini(&[("defaults", "library")]),
    Definition::new(
        "DEFAULT_MODULE_UTILS_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/module_utils:/usr/share/ansible/plugins/module_utils\" }}"),
    )
    .env(&["ANSIBLE_MODULE_UTILS"])
    .ini(&[("defaults", "module_utils")]),
    Definition::new(
        "DEFAULT_NETCONF_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/netconf:/usr/share/ansible/plugins/netconf\" }}"),
    )
    .env(&["ANSIBLE_NETCONF_PLUGINS"])
    .ini(&[("defaults", "netconf_plugins")]),
    Definition::new("DEFAULT_NO_LOG", "boolean", Flag(false))
        .description("Hide the details of every task.")
        .env(&["ANSIBLE_NO_LOG"])
        .ini(&[("defaults", "no_log")]),
    Definition::new("DEFAULT_NO_TARGET_SYSLOG", "boolean", Flag(false))
        .env(&["ANSIBLE_NO_TARGET_SYSLOG"])
        .ini(&[("defaults", "no_target_syslog")])
        .vars(&["ansible_no_target_syslog"]),
    Definition::new("DEFAULT_NULL_REPRESENTATION", "raw", Null)
        .env(&["ANSIBLE_NULL_REPRESENTATION"])
        .ini(&[("defaults", "null_representation")])
        .deprecated("2.23"),
    Definition::new("DEFAULT_POLL_INTERVAL", "integer", Number(15))
        .description("Seconds between polls of an asynchronous task.")
        .env(&["ANSIBLE_POLL_INTERVAL"])
        .ini(&[("defaults", "poll_interval")])
        .cli(&["poll_interval"]),
    Definition::new("DEFAULT_PRIVATE_KEY_FILE", "path", Null)
        .description("The ssh key to log in with.")
        .env(&["ANSIBLE_PRIVATE_KEY_FILE"])
        .ini(&[("defaults", "private_key_file")])
        .cli(&["private_key_file"]),
    Definition::new("DEFAULT_PRIVATE_ROLE_VARS", "boolean", Flag(false))
        .description("Keep the variables of a role from the rest of the play.")
        .env(&["ANSIBLE_PRIVATE_ROLE_VARS"])
        .ini(&[("defaults", "private_role_vars")]),
    Definition::new("DEFAULT_REMOTE_PORT", "integer", Null)
        .description("The port to connect to.")
        .env(&["ANSIBLE_REMOTE_PORT"])
        .ini(&[("defaults", "remote_port")]),
    Definition::new("DEFAULT_REMOTE_USER", "", Null)
        .description("The user to log in as.")
        .env(&["ANSIBLE_REMOTE_USER"])
        .ini(&[("defaults", "remote_user")])
        .cli(&["remote_user"]),
    Definition::new(
        "DEFAULT_ROLES_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/roles:/usr/share/ansible/roles:/etc/ansible/roles\" }}"),
    )
    .description("Directories that hold roles.")
    .env(&["ANSIBLE_ROLES_PATH"])
    .ini(&[("defaults", "roles_path")]),
    Definition::new("DEFAULT_SELINUX_SPECIAL_FS", "list", Items(&["fuse", "nfs", "vboxsf", "ramfs", "9p", "vfat"]))
        .env(&["ANSIBLE_SELINUX_SPECIAL_FS"])
        .ini(&[("selinux", "special_context_filesystems")]),
    Definition::new("DEFAULT_STDOUT_CALLBACK", "", Text("default"))
        .description("The callback that writes the standard output.")
        .env(&["ANSIBLE_STDOUT_CALLBACK"])
        .ini(&[("defaults", "stdout_callback")]),
    Definition::new("DEFAULT_STRATEGY", "", Text("linear"))
        .description("The strategy of plays that name none.")
        .env(&["ANSIBLE_STRATEGY"])
        .ini(&[("defaults", "strategy")]),
    Definition::new(
        "DEFAULT_STRATEGY_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/strategy:/usr/share/ansible/plugins/strategy\" }}"),
    )
    .env(&["ANSIBLE_STRATEGY_PLUGINS"])
    .ini(&[("defaults", "strategy_plugins")]),
    Definition::new("DEFAULT_SU", "boolean", Flag(false)).env(&["ANSIBLE_SU"]).ini(&[("defaults", "su")]),
    Definition::new("DEFAULT_SYSLOG_FACILITY", "", Text("LOG_USER"))
        .env(&["ANSIBLE_SYSLOG_FACILITY"])
        .ini(&[("defaults", "syslog_facility")]),
    Definition::new(
        "DEFAULT_TERMINAL_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/terminal:/usr/share/ansible/plugins/terminal\" }}"),
    )
    .env(&["ANSIBLE_TERMINAL_PLUGINS"])
    .ini(&[("defaults", "terminal_plugins")]),
    Definition::new(
        "DEFAULT_TEST_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/test:/usr/share/ansible/plugins/test\" }}"),
    )
    .env(&["ANSIBLE_TEST_PLUGINS"])
    .ini(&[("defaults", "test_plugins")]),
    Definition::new("DEFAULT_TIMEOUT", "integer", Number(10))
        .description("Seconds until an attempt to connect is given up.")
        .env(&["ANSIBLE_TIMEOUT"])
        .ini(&[("defaults", "timeout")])
        .cli(&["timeout"]),
    Definition::new("DEFAULT_TRANSPORT", "", Text("ssh"))
        .description("The connection plugin.")
        .env(&["ANSIBLE_TRANSPORT"])
        .ini(&[("defaults", "transport")])
        .cli(&["connection"]),
    Definition::new("DEFAULT_UNDEFINED_VAR_BEHAVIOR", "boolean", Flag(true))
        .env(&["ANSIBLE_ERROR_ON_UNDEFINED_VARS"])
        .ini(&[("defaults", "error_on_undefined_vars")])
        .deprecated("2.23"),
    Definition::new(
        "DEFAULT_VARS_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/vars:/usr/share/ansible/plugins/vars\" }}"),
    )
    .env(&["ANSIBLE_VARS_PLUGINS"])
    .ini(&[("defaults", "vars_plugins")]),
    Definition::new("DEFAULT_VAULT_ENCRYPT_IDENTITY", "", Null)
        .env(&["ANSIBLE_VAULT_ENCRYPT_IDENTITY"])
        .ini(&[("defaults", "vault_encrypt_identity")]),
    Definition::new("DEFAULT_VAULT_IDENTITY", "", Text("default"))
        .description("The vault id of a password given without one.")
        .env(&["ANSIBLE_VAULT_IDENTITY"])
        .ini(&[("defaults", "vault_identity")]),
    Definition::new("DEFAULT_VAULT_IDENTITY_LIST", "list", Items(&[]))
        .description("Vault ids and where their passwords are.")
        .env(&["ANSIBLE_VAULT_IDENTITY_LIST"])
        .ini(&[("defaults", "vault_identity_list")]),
    Definition::new("DEFAULT_VAULT_ID_MATCH", "", Flag(false))
        .description("Only try the password whose vault id is in the envelope.")
        .env(&["ANSIBLE_VAULT_ID_MATCH"])
        .ini(&[("defaults", "vault_id_match")]),
    Definition::new("DEFAULT_VAULT_PASSWORD_FILE", "path", Null)
        .description("The file or program with the vault password.")
        .env(&["ANSIBLE_VAULT_PASSWORD_FILE"])
        .ini(&[("defaults", "vault_password_file")]),
    Definition::new("DEFAULT_VERBOSITY", "integer", Number(0))
        .env(&["ANSIBLE_VERBOSITY"])
        .ini(&[("defaults", "verbosity")]),
    Definition::new("DEPRECATION_WARNINGS", "boolean", Flag(true))
        .description("Show deprecation warnings.")
        .env(&["ANSIBLE_DEPRECATION_WARNINGS"])
        .ini(&[("defaults", "deprecation_warnings")])
        .vars(&["ansible_deprecation_warnings"]),
    Definition::new("DEVEL_WARNING", "boolean", Flag(true))
        .env(&["ANSIBLE_DEVEL_WARNING"])
        .ini(&[("defaults", "devel_warning")]),
    Definition::new("DIFF_ALWAYS", "bool", Flag(false))
        .description("Show what changes, as with --diff.")
        .env(&["ANSIBLE_DIFF_ALWAYS"])
        .ini(&[("diff", "always")])
        .cli(&["diff"]),
    Definition::new("DIFF_CONTEXT", "integer", Number(3))
        .description("Unchanged lines around a change in a diff.")
        .env(&["ANSIBLE_DIFF_CONTEXT"])
        .ini(&[("diff", "context")]),
    Definition::new("DISPLAY_ARGS_TO_STDOUT", "boolean", Flag(false))
        .description("Show task arguments in task headers.")
        .env(&["ANSIBLE_DISPLAY_ARGS_TO_STDOUT"])
        .ini(&[("defaults", "display_args_to_stdout")]),
    Definition::new("DISPLAY_SKIPPED_HOSTS", "boolean", Flag(true))
        .description("Show skipped tasks.")
        .env(&["ANSIBLE_DISPLAY_SKIPPED_HOSTS"])
        .ini(&[("defaults", "display_skipped_hosts")]),
    Definition::new("DISPLAY_TRACEBACK", "list", Items(&["never"]))
        .env(&["ANSIBLE_DISPLAY_TRACEBACK"])
        .ini(&[("defaults", "display_traceback")])
        .choices(&["error", "warning", "deprecated", "deprecated_value", "always", "never"]),
    Definition::new("DOCSITE_ROOT_URL", "", Text("https://docs.ansible.com/ansible-core/"))
        .ini(&[("defaults", "docsite_root_url")]),
    Definition::new(
        "DOC_FRAGMENT_PLUGIN_PATH",
        "pathspec",
        Text("{{ ANSIBLE_HOME ~ \"/plugins/doc_fragments:/usr/share/ansible/plugins/doc_fragments\" }}"),
    )
    .env(&["ANSIBLE_DOC_FRAGMENT_PLUGINS"])
    .ini(&[("defaults", "doc_fragment_plugins")]),
    Definition::new("DUPLICATE_YAML_DICT_KEY", "string", Text("warn"))
        .description("What to do about a key written twice in one mapping.")
        .env(&["ANSIBLE_DUPLICATE_YAML_DICT_KEY"])
        .ini(&[("defaults", "duplicate_dict_key")])
        .choices(&["error", "warn", "ignore"]),
    Definition::new("EDITOR", "", Text("vi")).env(&["ANSIBLE_EDITOR", "EDITOR"]).ini(&[("defaults", "editor")]),
    Definition::new("ENABLE_TASK_DEBUGGER", "boolean", Flag(false))
        .env(&["ANSIBLE_ENABLE_TASK_DEBUGGER"])
        .ini(&[("defaults", "enable_task_debugger")]),
    Definition::new("ERROR_ON_MISSING_HANDLER", "boolean", Flag(true))
        .description("Notifying a handler that does not exist is an error.")
        .env(&["ANSIBLE_ERROR_ON_MISSING_HANDLER"])
        .ini(&[("defaults", "error_on_missing_handler")]),
    Definition::new("FACTS_MODULES", "list", Items(&["smart"]))
        .description("The modules that gather facts.")
        .env(&["ANSIBLE_FACTS_MODULES"])
        .ini(&[("defaults", "facts_modules")])
        .vars(&["ansible_facts_modules"]),
    Definition::new("GALAXY_CACHE_DIR", "path", Text("{{ ANSIBLE_HOME ~ \"/galaxy_cache\" }}"))
        .env(&["ANSIBLE_GALAXY_CACHE_DIR"])
        .ini(&[("galaxy", "cache_dir")]),
    Definition::new("GALAXY_COLLECTIONS_PATH_WARNING", "bool", Flag(true))
        .env(&["ANSIBLE_GALAXY_COLLECTIONS_PATH_WARNING"])
        .ini(&[("galaxy", "collections_path_warning")]),
    Definition::new("GALAXY_COLLECTION_IMPORT_POLL_FACTOR", "float", Real(1.5))
        .env(&["ANSIBLE_GALAXY_COLLECTION_IMPORT_POLL_FACTOR"]),
    Definition::new("GALAXY_COLLECTION_IMPORT_POLL_INTERVAL", "float", Real(2.0))
        .env(&["ANSIBLE_GALAXY_COLLECTION_IMPORT_POLL_INTERVAL"]),
    Definition::new("GALAXY_COLLECTION_SKELETON", "path", Null)
        .env(&["ANSIBLE_GALAXY_COLLECTION_SKELETON"])
        .ini(&[("galaxy", "collection_skeleton")]),
    Definition::new("GALAXY_COLLECTION_SKELETON_IGNORE", "list", Items(&["^.git$", "^.*/.git_keep$"]))
        .env(&["ANSIBLE_GALAXY_COLLECTION_SKELETON_IGNORE"])
        .ini(&[("galaxy", "collection_skeleton_ignore")]),
    Definition::new("GALAXY_DISABLE_GPG_VERIFY", "bool", Flag(false))
        .env(&["ANSIBLE_GALAXY_DISABLE_GPG_VERIFY"])
        .ini(&[("galaxy", "disable_gpg_verify")]),
    Definition::new("GALAXY_DISPLAY_PROGRESS", "bool", Null)
        .env(&["ANSIBLE_GALAXY_DISPLAY_PROGRESS"])
        .ini(&[("galaxy", "display_progress")]),
    Definition::new("GALAXY_GPG_KEYRING", "path", Null)
        .env(&["ANSIBLE_GALAXY_GPG_KEYRING"])
        .ini(&[("galaxy", "gpg_keyring")]),
    Definition::new("GALAXY_IGNORE_CERTS", "boolean", Null)
        .env(&["ANSIBLE_GALAXY_IGNORE"])
        .ini(&[("galaxy", "ignore_certs")]),
    Definition::new("GALAXY_IGNORE_INVALID_SIGNATURE_STATUS_CODES", "list", Null)
        .env(&["ANSIBLE_GALAXY_IGNORE_SIGNATURE_STATUS_CODES"])
        .ini(&[("galaxy", "ignore_signature_status_codes")])
        .choices(&[
            "EXPSIG",
            "EXPKEYSIG",
            "REVKEYSIG",
            "BADSIG",
            "ERRSIG",
            "NO_PUBKEY",
            "MISSING_PASSPHRASE",
            "BAD_PASSPHRASE",
            "NODATA",
            "UNEXPECTED",
            "ERROR",
            "FAILURE",
            "BADARMOR",
            "KEYEXPIRED",
            "KEYREVOKED",
            "NO_SECKEY",
        ]),
    Definition::new("GALAXY_REQUIRED_VALID_SIGNATURE_COUNT", "str", Number(1))
        .env(&["ANSIBLE_GALAXY_REQUIRED_VALID_SIGNATURE_COUNT"])
        .ini(&[("galaxy", "required_valid_signature_count")]),
    Definition::new("GALAXY_ROLE_SKELETON", "path", Null)
        .env(&["ANSIBLE_GALAXY_ROLE_SKELETON"])
        .ini(&[("galaxy", "role_skeleton")]),
    Definition::new("GALAXY_ROLE_SKELETON_IGNORE", "list", Items(&["^.git$", "^.*/.git_keep$"]))
        .env(&["ANSIBLE_GALAXY_ROLE_SKELETON_IGNORE"])
        .ini(&[("galaxy", "role_skeleton_ignore")]),
    Definition::new("GALAXY_SERVER", "", Text("https://galaxy.ansible.com"))
        .env(&["ANSIBLE_GALAXY_SERVER"])
        .ini(&[("galaxy", "server")]),
    Definition::new("GALAXY_SERVERS", "", Null),
    Definition::new("GALAXY_SERVER_LIST", "list", Null)
        .env(&["ANSIBLE_GALAXY_SERVER_LIST"])
        .ini(&[("galaxy", "server_list")]),
    Definition::new("GALAXY_SERVER_TIMEOUT", "int", Number(60))
        .env(&["ANSIBLE_GALAXY_SERVER_TIMEOUT"])
        .ini(&[("galaxy", "server_timeout")]),
    Definition::new("GALAXY_TOKEN_PATH", "path", Text("{{ ANSIBLE_HOME ~ \"/galaxy_token\" }}"))
        .env(&["ANSIBLE_GALAXY_TOKEN_PATH"])
        .ini(&[("galaxy", "token_path")]),
    Definition::new("HOST_KEY_CHECKING", "boolean", Flag(true))
        .description("Check the keys of hosts.")
        .env(&["ANSIBLE_HOST_KEY_CHECKING"])
        .ini(&[("defaults", "host_key_checking")]),
    Definition::new("HOST_PATTERN_MISMATCH", "", Text("warning"))
        .description("What to do about a host pattern that matches nothing.")
        .env(&["ANSIBLE_HOST_PATTERN_MISMATCH"])
        .ini(&[("inventory", "host_pattern_mismatch")])
        .choices(&["error", "warning", "ignore"]),
    Definition::new("INJECT_FACTS_AS_VARS", "boolean", Flag(true))
        .description("Make facts variables of their own, beside ansible_facts.")
        .env(&["ANSIBLE_INJECT_FACT_VARS"])
        .ini(&[("defaults", "inject_facts_as_vars")]),
    Definition::new("INTERPRETER_PYTHON", "", Text("auto"))
        .description("The Python of targets, or how to find it.")
        .env(&["ANSIBLE_PYTHON_INTERPRETER"])
        .ini(&[("defaults", "interpreter_python")])
        .vars(&["ansible_python_interpreter"]),
    Definition::new(
        "INTERPRETER_PYTHON_FALLBACK",
        "list",
        Items(&[
            "python3.13",
            "python3.12",
            "python3.11",
            "python3.10",
            "python3.9",
            "python3.8",
            "/usr/bin/python3",
            "python3",
        ]),
    )
    .vars(&["ansible_interpreter_python_fallback"]),
    Definition::new("INVALID_TASK_ATTRIBUTE_FAILED", "boolean", Flag(true))
        .env(&["ANSIBLE_INVALID_TASK_ATTRIBUTE_FAILED"])
        .ini(&[("defaults", "invalid_task_attribute_failed")]),
    Definition::new("INVENTORY_ANY_UNPARSED_IS_FAILED", "boolean", Flag(false))
        .description("One inventory source that cannot be read is an error.")
        .env(&["ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED"])
        .ini(&[("inventory", "any_unparsed_is_failed")]),
    Definition::new("INVENTORY_ENABLED", "list", Items(&["host_list", "script", "auto", "yaml", "ini", "toml"]))
        .description("Inventory plugins, in the order they are tried.")
        .env(&["ANSIBLE_INVENTORY_ENABLED"])
        .ini(&[("inventory", "enable_plugins")]),
    Definition::new("INVENTORY_EXPORT", "bool", Flag(false))
        .env(&["ANSIBLE_INVENTORY_EXPORT"])
        .ini(&[("inventory", "export")]),
    Definition::new("INVENTORY_IGNORE_EXTS", "list", Text("{{ REJECT_EXTS + ['.orig', '.cfg', '.retry'] }}"))
        .description("Endings of files that inventory directories skip.")
        .env(&["ANSIBLE_INVENTORY_IGNORE"])
        .ini(&[("defaults", "inventory_ignore_extensions"), ("inventory", "ignore_extensions")]),
    Definition::new("INVENTORY_IGNORE_PATTERNS", "list", Items(&[]))
        .description("Patterns of names that inventory directories skip.")
        .env(&["ANSIBLE_INVENTORY_IGNORE_REGEX"])
        .ini(&[("defaults", "inventory_ignore_patterns"), ("inventory", "ignore_patterns")]),
    Definition::new("INVENTORY_UNPARSED_IS_FAILED", "bool", Flag(false))
        .description("It is an error when no inventory source can be read.")
        .env(&["ANSIBLE_INVENTORY_UNPARSED_FAILED"])
        .ini(&[("inventory", "unparsed_is_failed")]),
    Definition::new("INVENTORY_UNPARSED_WARNING", "boolean", Flag(true))
        .description("Warn when no inventory source was read.")
        .env(&["ANSIBLE_INVENTORY_UNPARSED_WARNING"])
        .ini(&[("inventory", "inventory_unparsed_warning")]),
    Definition::new("LOCALHOST_WARNING", "boolean", Flag(true))
        .description("Warn when only the implicit localhost exists.")
        .env(&["ANSIBLE_LOCALHOST_WARNING"])
        .ini(&[("defaults", "localhost_warning")]),
    Definition::new("LOG_VERBOSITY", "int", Null).env(&["ANSIBLE_LOG_VERBOSITY"]).ini(&[("defaults", "log_verbosity")]),
    Definition::new("MAX_FILE_SIZE_FOR_DIFF", "int", Number(104448))
        .description("Bytes above which a file is not compared.")
        .env(&["ANSIBLE_MAX_DIFF_SIZE"])
        .ini(&[("defaults", "max_diff_size")]),
    Definition::new("MODULE_IGNORE_EXTS", "list", Text("{{ REJECT_EXTS + ['.yaml', '.yml', '.ini'] }}"))
        .env(&["ANSIBLE_MODULE_IGNORE_EXTS"])
        .ini(&[("defaults", "module_ignore_exts")]),
    Definition::new("MODULE_STRICT_UTF8_RESPONSE", "bool", Flag(true))
        .env(&["ANSIBLE_MODULE_STRICT_UTF8_RESPONSE"])
        .ini(&[("defaults", "module_strict_utf8_response")]),
    Definition::new("NETCONF_SSH_CONFIG", "", Null)
        .env(&["ANSIBLE_NETCONF_SSH_CONFIG"])
        .ini(&[("netconf_connection", "ssh_config")]),
    Definition::new(
        "NETWORK_GROUP_MODULES",
        "list",
        Items(&[
            "eos", "nxos", "ios", "iosxr", "junos", "enos", "ce", "vyos", "sros", "dellos9", "dellos10", "dellos6",
            "asa", "aruba", "aireos", "bigip", "ironware", "onyx", "netconf", "exos", "voss", "slxos",
        ]),
    )
    .env(&["ANSIBLE_NETWORK_GROUP_MODULES"])
    .ini(&[("defaults", "network_group_modules")]),
    Definition::new("OLD_PLUGIN_CACHE_CLEARING", "boolean", Flag(false))
        .env(&["ANSIBLE_OLD_PLUGIN_CACHE_CLEAR"])
        .ini(&[("defaults", "old_plugin_cache_clear")]),
    Definition::new("PAGER", "", Text("less")).env(&["ANSIBLE_PAGER", "PAGER"]).ini(&[("defaults", "pager")]),
    Definition::new("PARAMIKO_HOST_KEY_AUTO_ADD", "boolean", Flag(false))
        .env(&["ANSIBLE_PARAMIKO_HOST_KEY_AUTO_ADD"])
        .ini(&[("paramiko_connection", "host_key_auto_add")])
        .deprecated("2.20"),
    Definition::new("PARAMIKO_LOOK_FOR_KEYS", "boolean", Flag(true))
        .env(&["ANSIBLE_PARAMIKO_LOOK_FOR_KEYS"])
        .ini(&[("paramiko_connection", "look_for_keys")])
        .deprecated("2.20"),
    Definition::new("PERSISTENT_COMMAND_TIMEOUT", "int", Number(30))
        .env(&["ANSIBLE_PERSISTENT_COMMAND_TIMEOUT"])
        .ini(&[("persistent_connection", "command_timeout")]),
    Definition::new("PERSISTENT_CONNECT_RETRY_TIMEOUT", "integer", Number(15))
        .env(&["ANSIBLE_PERSISTENT_CONNECT_RETRY_TIMEOUT"])
        .ini(&[("persistent_connection", "connect_retry_timeout")]),
    Definition::new("PERSISTENT_CONNECT_TIMEOUT", "integer", Number(30))
        .env(&["ANSIBLE_PERSISTENT_CONNECT_TIMEOUT"])
        .ini(&[("persistent_connection", "connect_timeout")]),
    Definition::new("PERSISTENT_CONTROL_PATH_DIR", "path", Text("{{ ANSIBLE_HOME ~ \"/pc\" }}"))
        .env(&["ANSIBLE_PERSISTENT_CONTROL_PATH_DIR"])
        .ini(&[("persistent_connection", "control_path_dir")]),
    Definition::new("PLAYBOOK_DIR", "path", Null)
        .description("The playbook directory of commands that have no playbook.")
        .env(&["ANSIBLE_PLAYBOOK_DIR"])
        .ini(&[("defaults", "playbook_dir")])
        .cli(&["basedir"]),
    Definition::new("PLAYBOOK_VARS_ROOT", "", Text("top"))
        .description("Which playbook directories are searched for variable files.")
        .env(&["ANSIBLE_PLAYBOOK_VARS_ROOT"])
        .ini(&[("defaults", "playbook_vars_root")])
        .choices(&["top", "bottom", "all"]),
    Definition::new("PLUGIN_FILTERS_CFG", "path", Null).ini(&[("defaults", "plugin_filters_cfg")]),
    Definition::new("PYTHON_MODULE_RLIMIT_NOFILE", "", Number(0))
        .env(&["ANSIBLE_PYTHON_MODULE_RLIMIT_NOFILE"])
        .ini(&[("defaults", "python_module_rlimit_nofile")])
        .vars(&["ansible_python_module_rlimit_nofile"]),
    Definition::new("RETRY_FILES_ENABLED", "bool", Flag(false))
        .description("Write failed hosts to a retry file.")
        .env(&["ANSIBLE_RETRY_FILES_ENABLED"])
        .ini(&[("defaults", "retry_files_enabled")]),
    Definition::new("RETRY_FILES_SAVE_PATH", "path", Null)
        .description("Where retry files are written.")
        .env(&["ANSIBLE_RETRY_FILES_SAVE_PATH"])
        .ini(&[("defaults", "retry_files_save_path")]),
    Definition::new("RUN_VARS_PLUGINS", "str", Text("demand"))
        .env(&["ANSIBLE_RUN_VARS_PLUGINS"])
        .ini(&[("defaults", "run_vars_plugins")])
        .choices(&["demand", "start"]),
    Definition::new("SHOW_CUSTOM_STATS", "bool", Flag(false))
        .description("Show what set_stats collected.")
        .env(&["ANSIBLE_SHOW_CUSTOM_STATS"])
        .ini(&[("defaults", "show_custom_stats")]),
    Definition::new("SSH_AGENT", "string", Text("none"))
        .env(&["ANSIBLE_SSH_AGENT"])
        .ini(&[("connection", "ssh_agent")]),
    Definition::new("SSH_AGENT_EXECUTABLE", "str", Text("ssh-agent"))
        .env(&["ANSIBLE_SSH_AGENT_EXECUTABLE"])
        .ini(&[("connection", "ssh_agent_executable")]),
    Definition::new("SSH_AGENT_KEY_LIFETIME", "int", Null)
        .env(&["ANSIBLE_SSH_AGENT_KEY_LIFETIME"])
        .ini(&[("connection", "ssh_agent_key_lifetime")]),
    Definition::new(
        "STRING_TYPE_FILTERS",
        "list",
        Items(&["string", "to_json", "to_nice_json", "to_yaml", "to_nice_yaml", "ppretty", "json"]),
    )
    .env(&["ANSIBLE_STRING_TYPE_FILTERS"])
    .ini(&[("jinja2", "dont_type_filters")])
    .deprecated("2.23"),
    Definition::new("SYSTEM_WARNINGS", "boolean", Flag(true))
        .description("Show warnings about the controller's system.")
        .env(&["ANSIBLE_SYSTEM_WARNINGS"])
        .ini(&[("defaults", "system_warnings")]),
    Definition::new("TAGS_RUN", "list", Items(&[]))
        .description("Run only what has one of these tags.")
        .env(&["ANSIBLE_RUN_TAGS"])
        .ini(&[("tags", "run")])
        .cli(&["tags"]),
    Definition::new("TAGS_SKIP", "list", Items(&[]))
        .description("Skip what has one of these tags.")
        .env(&["ANSIBLE_SKIP_TAGS"])
        .ini(&[("tags", "skip")])
        .cli(&["skip_tags"]),
    Definition::new("TARGET_LOG_INFO", "", Null)
        .env(&["ANSIBLE_TARGET_LOG_INFO"])
        .ini(&[("defaults", "target_log_info")])
        .vars(&["ansible_target_log_info"]),
    Definition::new("TASK_DEBUGGER_IGNORE_ERRORS", "boolean", Flag(true))
        .env(&["ANSIBLE_TASK_DEBUGGER_IGNORE_ERRORS"])
        .ini(&[("defaults", "task_debugger_ignore_errors")]),
    Definition::new("TASK_TIMEOUT", "integer", Number(0))
        .description("Seconds a task may take; 0 is no limit.")
        .env(&["ANSIBLE_TASK_TIMEOUT"])
        .ini(&[("defaults", "task_timeout")])
        .cli(&["task_timeout"]),
    Definition::new("TRANSFORM_INVALID_GROUP_CHARS", "string", Text("never"))
        .description("What to do about group names that are no variable names.")
        .env(&["ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS"])
        .ini(&[("defaults", "force_valid_group_names")])
        .choices(&["always", "never", "ignore", "silently"]),
    Definition::new("USE_PERSISTENT_CONNECTIONS", "boolean", Flag(false))
        .env(&["ANSIBLE_USE_PERSISTENT_CONNECTIONS"])
        .ini(&[("defaults", "use_persistent_connections")]),
    Definition::new("VALIDATE_ACTION_GROUP_METADATA", "bool", Flag(true))
        .env(&["ANSIBLE_VALIDATE_ACTION_GROUP_METADATA"])
        .ini(&[("defaults", "validate_action_group_metadata")]),
    Definition::new("VARIABLE_PLUGINS_ENABLED", "list", Items(&["host_group_vars"]))
        .env(&["ANSIBLE_VARS_ENABLED"])
        .ini(&[("defaults", "vars_plugins_enabled")]),
    Definition::new(
        "VARIABLE_PRECEDENCE",
        "list",
        Items(&[
            "all_inventory",
            "groups_inventory",
            "all_plugins_inventory",
            "all_plugins_play",
            "groups_plugins_inventory",
            "groups_plugins_play",
        ]),
    )
    .description("The order in which group variables are merged.")
    .env(&["ANSIBLE_PRECEDENCE"])
    .ini(&[("defaults", "precedence")]),
    Definition::new("VAULT_ENCRYPT_SALT", "", Null)
        .env(&["ANSIBLE_VAULT_ENCRYPT_SALT"])
        .ini(&[("defaults", "vault_encrypt_salt")]),
    Definition::new("VERBOSE_TO_STDERR", "bool", Flag(false))
        .env(&["ANSIBLE_VERBOSE_TO_STDERR"])
        .ini(&[("defaults", "verbose_to_stderr")]),
    Definition::new("WIN_ASYNC_STARTUP_TIMEOUT", "integer", Number(5))
        .env(&["ANSIBLE_WIN_ASYNC_STARTUP_TIMEOUT"])
        .ini(&[("defaults", "win_async_startup_timeout")])
        .vars(&["ansible_win_async_startup_timeout"]),
    Definition::new("WORKER_SHUTDOWN_POLL_COUNT", "integer", Number(0)).env(&["ANSIBLE_WORKER_SHUTDOWN_POLL_COUNT"]),
    Definition::new("WORKER_SHUTDOWN_POLL_DELAY", "float", Real(0.1)).env(&["ANSIBLE_WORKER_SHUTDOWN_POLL_DELAY"]),
    Definition::new("YAML_FILENAME_EXTENSIONS", "list", Items(&[".yml", ".yaml", ".json"]))
        .description("Endings of variable files.")
        .env(&["ANSIBLE_YAML_FILENAME_EXT"])
        .ini(&[("defaults", "yaml_valid_extensions")]),
    Definition::new("_ANSIBALLZ_COVERAGE_CONFIG", "", Null)
        .env(&["_ANSIBLE_ANSIBALLZ_COVERAGE_CONFIG"])
        .vars(&["_ansible_ansiballz_coverage_config"]),
    Definition::new("_ANSIBALLZ_DEBUGPY_CONFIG", "", Null)
        .env(&["_ANSIBLE_ANSIBALLZ_DEBUGPY_CONFIG"])
        .vars(&["_ansible_ansiballz_debugpy_config"]),
    Definition::new("_ANSIBALLZ_PYDEVD_CONFIG", "", Null)
        .env(&["_ANSIBLE_ANSIBALLZ_PYDEVD_CONFIG"])
        .vars(&["_ansible_ansiballz_pydevd_config"]),
    Definition::new("_ANSIBLE_CONNECTION_PATH", "path", Null).env(&["_ANSIBLE_CONNECTION_PATH"]),
    Definition::new("_CALLBACK_DISPATCH_ERROR_BEHAVIOR", "choices", Text("warning"))
        .env(&["_ANSIBLE_CALLBACK_DISPATCH_ERROR_BEHAVIOR"])
        .choices(&["error", "warning", "ignore"]),
    Definition::new("_MODULE_METADATA", "boolean", Flag(false)).env(&["_ANSIBLE_MODULE_METADATA"]),
    Definition::new("_TEMPLAR_SANDBOX_MODE", "choices", Text("default"))
        .env(&["_ANSIBLE_TEMPLAR_SANDBOX_MODE"])
        .choices(&["default", "allow_unsafe_attributes"])
        .deprecated("2.23"),
    Definition::new("_TEMPLAR_UNKNOWN_TYPE_CONVERSION", "choices", Text("warning"))
        .env(&["_ANSIBLE_TEMPLAR_UNKNOWN_TYPE_CONVERSION"])
        .choices(&["error", "warning", "ignore"]),
    Definition::new("_TEMPLAR_UNKNOWN_TYPE_ENCOUNTERED", "choices", Text("ignore"))
        .env(&["_ANSIBLE_TEMPLAR_UNKNOWN_TYPE_ENCOUNTERED"])
        .choices(&["error", "warning", "ignore"]),
    Definition::new("_TEMPLAR_UNTRUSTED_TEMPLATE_BEHAVIOR", "choices", Text("ignore"))
        .env(&["_ANSIBLE_TEMPLAR_UNTRUSTED_TEMPLATE_BEHAVIOR"])
        .choices(&["error", "warning", "ignore"]),
];
