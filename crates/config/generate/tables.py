#!/usr/bin/env python3
"""Writes src/table/settings.rs, src/table/plugins.rs and src/table/listing.json from the option facts ansible-core reports about itself.

Usage: CHURTEN_ORACLE=BIN_DIRECTORY CHURTEN_COLLECTIONS_ORACLE=BIN_DIRECTORY generate/tables.py

Only facts are taken (names, types, defaults, sources, choices, versions); descriptions are our own, below.
"""
import json
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
# Callbacks of collections that churten has; read where CHURTEN_COLLECTIONS_ORACLE has an ansible 12.3.0.
CALLBACKS = [
    "ansible.posix.debug", "ansible.posix.json", "ansible.posix.jsonl", "ansible.posix.profile_roles",
    "ansible.posix.profile_tasks", "ansible.posix.timer", "community.general.log_plays",
    "community.general.selective", "community.general.timestamp",
]
# Become methods and connections of collections that churten has, from the same place.
BECOME = [
    "community.general.doas", "community.general.dzdo", "community.general.ksu", "community.general.machinectl",
    "community.general.pbrun", "community.general.pfexec", "community.general.pmrun", "community.general.run0",
    "community.general.sesu", "community.general.sudosu", "containers.podman.podman_unshare",
]
CONNECTIONS = [
    "community.docker.docker", "community.docker.nsenter", "community.general.chroot", "community.general.incus",
    "community.general.lxd", "community.okd.oc", "containers.podman.buildah", "containers.podman.podman",
    "kubernetes.core.kubectl",
]
# An option with the name of one of these keywords is set by it, declared or not.
KEYWORDS = ["become_exe", "become_flags", "become_user", "port", "remote_user"]
# The destination names of command line options that stand for a setting.
CLI = {
    "DEFAULT_ASK_PASS": "ask_pass", "DEFAULT_ASK_VAULT_PASS": "ask_vault_pass", "DEFAULT_BECOME": "become",
    "DEFAULT_BECOME_ASK_PASS": "become_ask_pass", "DEFAULT_BECOME_METHOD": "become_method",
    "DEFAULT_BECOME_USER": "become_user", "DEFAULT_FORCE_HANDLERS": "force_handlers", "DEFAULT_FORKS": "forks",
    "DEFAULT_HOST_LIST": "inventory", "DEFAULT_PRIVATE_KEY_FILE": "private_key_file",
    "DEFAULT_REMOTE_USER": "remote_user", "DEFAULT_TIMEOUT": "timeout", "DEFAULT_TRANSPORT": "connection",
    "DIFF_ALWAYS": "diff", "TAGS_RUN": "tags", "TAGS_SKIP": "skip_tags", "TASK_TIMEOUT": "task_timeout",
    "BECOME_PASSWORD_FILE": "become_password_file", "CONNECTION_PASSWORD_FILE": "connection_password_file",
    "DEFAULT_POLL_INTERVAL": "poll_interval", "PLAYBOOK_DIR": "basedir", "FLUSH_CACHE": "flush_cache",
}
DESCRIPTIONS = {
    "ALLOW_BROKEN_CONDITIONALS": "Accept conditionals whose result is no boolean, with a deprecation warning.",
    "ANSIBLE_FORCE_COLOR": "Write colours even when the output is no terminal.",
    "ANSIBLE_HOME": "The directory that relative defaults of other settings start from.",
    "ANSIBLE_NOCOLOR": "Never write colours.",
    "ANSIBLE_PIPELINING": "Run modules without copying them to a file first.",
    "ANY_ERRORS_FATAL": "One failed host ends the play on all hosts.",
    "BECOME_ALLOW_SAME_USER": "Use become even when the user stays the same.",
    "CONFIG_FILE": "The configuration file in use.",
    "DEFAULT_BECOME": "Escalate privileges in every play.",
    "DEFAULT_BECOME_EXE": "The program that escalates privileges.",
    "DEFAULT_BECOME_FLAGS": "Arguments of the program that escalates privileges.",
    "DEFAULT_BECOME_METHOD": "The become plugin.",
    "DEFAULT_BECOME_USER": "The user to become.",
    "DEFAULT_FORCE_HANDLERS": "Run notified handlers on hosts that failed.",
    "DEFAULT_FORKS": "How many hosts are worked on at once.",
    "DEFAULT_GATHERING": "When facts are gathered.",
    "DEFAULT_HASH_BEHAVIOUR": "Whether a dictionary variable replaces or merges with one of lower precedence.",
    "DEFAULT_HOST_LIST": "Inventory sources.",
    "DEFAULT_KEEP_REMOTE_FILES": "Leave module files on the target.",
    "DEFAULT_LOCAL_TMP": "Where temporary directories are made on the controller.",
    "DEFAULT_MODULE_NAME": "The module of an ad hoc run.",
    "DEFAULT_NO_LOG": "Hide the details of every task.",
    "DEFAULT_POLL_INTERVAL": "Seconds between polls of an asynchronous task.",
    "DEFAULT_PRIVATE_KEY_FILE": "The ssh key to log in with.",
    "DEFAULT_PRIVATE_ROLE_VARS": "Keep the variables of a role from the rest of the play.",
    "DEFAULT_REMOTE_PORT": "The port to connect to.",
    "DEFAULT_REMOTE_USER": "The user to log in as.",
    "DEFAULT_ROLES_PATH": "Directories that hold roles.",
    "DEFAULT_STDOUT_CALLBACK": "The callback that writes the standard output.",
    "DEFAULT_STRATEGY": "The strategy of plays that name none.",
    "DEFAULT_TIMEOUT": "Seconds until an attempt to connect is given up.",
    "DEFAULT_TRANSPORT": "The connection plugin.",
    "DEFAULT_VAULT_IDENTITY": "The vault id of a password given without one.",
    "DEFAULT_VAULT_IDENTITY_LIST": "Vault ids and where their passwords are.",
    "DEFAULT_VAULT_ID_MATCH": "Only try the password whose vault id is in the envelope.",
    "DEFAULT_VAULT_PASSWORD_FILE": "The file or program with the vault password.",
    "DEPRECATION_WARNINGS": "Show deprecation warnings.",
    "DIFF_ALWAYS": "Show what changes, as with --diff.",
    "DIFF_CONTEXT": "Unchanged lines around a change in a diff.",
    "DISPLAY_ARGS_TO_STDOUT": "Show task arguments in task headers.",
    "DISPLAY_SKIPPED_HOSTS": "Show skipped tasks.",
    "DUPLICATE_YAML_DICT_KEY": "What to do about a key written twice in one mapping.",
    "ERROR_ON_MISSING_HANDLER": "Notifying a handler that does not exist is an error.",
    "FACTS_MODULES": "The modules that gather facts.",
    "HOST_KEY_CHECKING": "Check the keys of hosts.",
    "HOST_PATTERN_MISMATCH": "What to do about a host pattern that matches nothing.",
    "INJECT_FACTS_AS_VARS": "Make facts variables of their own, beside ansible_facts.",
    "INTERPRETER_PYTHON": "The Python of targets, or how to find it.",
    "INVENTORY_ANY_UNPARSED_IS_FAILED": "One inventory source that cannot be read is an error.",
    "INVENTORY_ENABLED": "Inventory plugins, in the order they are tried.",
    "INVENTORY_IGNORE_EXTS": "Endings of files that inventory directories skip.",
    "INVENTORY_IGNORE_PATTERNS": "Patterns of names that inventory directories skip.",
    "INVENTORY_UNPARSED_IS_FAILED": "It is an error when no inventory source can be read.",
    "INVENTORY_UNPARSED_WARNING": "Warn when no inventory source was read.",
    "LOCALHOST_WARNING": "Warn when only the implicit localhost exists.",
    "MAX_FILE_SIZE_FOR_DIFF": "Bytes above which a file is not compared.",
    "PLAYBOOK_DIR": "The playbook directory of commands that have no playbook.",
    "PLAYBOOK_VARS_ROOT": "Which playbook directories are searched for variable files.",
    "RETRY_FILES_ENABLED": "Write failed hosts to a retry file.",
    "RETRY_FILES_SAVE_PATH": "Where retry files are written.",
    "SHOW_CUSTOM_STATS": "Show what set_stats collected.",
    "SYSTEM_WARNINGS": "Show warnings about the controller's system.",
    "TAGS_RUN": "Run only what has one of these tags.",
    "TAGS_SKIP": "Skip what has one of these tags.",
    "TASK_TIMEOUT": "Seconds a task may take; 0 is no limit.",
    "TRANSFORM_INVALID_GROUP_CHARS": "What to do about group names that are no variable names.",
    "VARIABLE_PRECEDENCE": "The order in which group variables are merged.",
    "YAML_FILENAME_EXTENSIONS": "Endings of variable files.",
}


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def strings(items):
    return "&[" + ", ".join(quote(str(item)) for item in items) + "]"


def default(value):
    if value is None:
        return "Null"
    if isinstance(value, bool):
        return f"Flag({str(value).lower()})"
    if isinstance(value, int):
        return f"Number({value})"
    if isinstance(value, float):
        return f"Real({value!r})"
    if isinstance(value, str):
        return f"Text({quote(value)})"
    if isinstance(value, list):
        return f"Items({strings(value)})"
    if isinstance(value, dict):
        pairs = ", ".join(f"({quote(k)}, {quote(v)})" for k, v in value.items())
        return f"Pairs(&[{pairs}])"
    raise SystemExit(f"unknown default {value!r}")


def row(name, facts, cli=(), description=""):
    text = f"Definition::new({quote(name)}, {quote(facts.get('type') or '')}, {default(facts.get('default'))})"
    if description:
        text += f".description({quote(description)})"
    if facts.get("env"):
        text += f".env({strings(entry['name'] for entry in facts['env'])})"
    if facts.get("ini"):
        pairs = ", ".join(f"({quote(e['section'])}, {quote(e['key'])})" for e in facts["ini"])
        text += f".ini(&[{pairs}])"
    if facts.get("vars"):
        text += f".vars({strings(entry['name'] for entry in facts['vars'])})"
    if facts.get("keyword"):
        text += f".keywords({strings(entry['name'] for entry in facts['keyword'])})"
    if cli:
        text += f".cli({strings(cli)})"
    if facts.get("choices"):
        text += f".choices({strings(facts['choices'])})"
    if facts.get("required"):
        text += ".required()"
    if facts.get("deprecated"):
        text += f".deprecated({quote(str(facts['deprecated'].get('version', '')))})"
    return text


def listed(facts):
    """What `ansible-config list` tells, without its prose: the entry's description and title, and those of choices."""
    if not isinstance(facts, dict):
        return facts
    kept = {key: value for key, value in facts.items() if key not in ("description", "name", "suboptions")}
    if isinstance(kept.get("choices"), dict):
        kept["choices"] = sorted(kept["choices"])
    return kept


def main():
    oracle = os.environ["CHURTEN_ORACLE"]
    os.environ["ANSIBLE_CONFIG"] = "/nonexistent.cfg"

    def choices_in_order(facts):
        """The listing sorts choices that have descriptions; the message about a wrong value does not."""
        program = os.path.join(oracle, "ansible-config")
        env = {**os.environ, facts["env"][0]["name"]: "no such choice"}
        done = subprocess.run([program, "list"], env=env, capture_output=True, text=True)
        return done.stderr.split("Valid values are: ", 1)[1].split("\n", 1)[0].split(", ")

    def run(*command):
        program = os.path.join(oracle, command[0])
        return json.loads(subprocess.run([program, *command[1:]], check=True, capture_output=True).stdout)

    head = "//! Written by generate/tables.py; do not edit.\n\n"
    settings = run("ansible-config", "list", "--format", "json")
    for facts in settings.values():
        if isinstance(facts.get("choices"), dict):
            facts["choices"] = choices_in_order(facts)
    rows = [
        "    " + row(name, facts, [CLI[name]] if name in CLI else [], DESCRIPTIONS.get(name, "")) + ",\n"
        for name, facts in sorted(settings.items())
    ]
    with open(os.path.join(HERE, "../src/table/settings.rs"), "w") as out:
        out.write(head + "use super::definition::Default::{Flag, Items, Null, Number, Pairs, Real, Text};\n")
        out.write("use super::definition::Definition;\n\n")
        out.write("/// Every setting of ansible-core 2.19.14, by name in order.\n")
        out.write("pub static SETTINGS: &[Definition] = &[\n" + "".join(rows) + "];\n")
    with open(os.path.join(HERE, "../src/table/deprecations.rs"), "w") as out:
        out.write(head + "/// Why settings go, and what to use instead.\n")
        out.write("pub(crate) static DEPRECATIONS: &[(&str, &str, &str)] = &[\n")
        for name, facts in sorted(settings.items()):
            gone = facts.get("deprecated")
            if gone:
                out.write(f"({quote(name)}, {quote(gone['why'])}, {quote(gone.get('alternatives', 'none'))}),\n")
        out.write("];\n")

    def declared():
        """Settings in the order in which they are declared, found again by the titles in what `init` writes."""
        program = os.path.join(oracle, "ansible-config")
        text = subprocess.run([program, "init", "-f", "env"], check=True, capture_output=True, text=True).stdout
        titles = {}
        for name, facts in run("ansible-config", "list", "--format", "json").items():
            if isinstance(facts, dict) and "name" in facts:
                titles.setdefault(facts["name"], []).append(name)
        order = []
        for line in text.splitlines():
            title = next((title for title in titles if line.startswith(f"# {title}(")), None)
            if title and titles[title]:
                order.append(titles[title].pop(0))
        return order

    listing = run("ansible-config", "list", "-t", "all", "--format", "json")
    kinds = listing.pop("PLUGINS")
    with open(os.path.join(HERE, "../src/table/listing.json"), "w") as out:
        rows = [f"{json.dumps(name)}: {json.dumps(listed(facts))}" for name, facts in sorted(listing.items())]
        rows.append('"PLUGINS": ' + json.dumps({
            kind.lower(): {
                name: {option: listed(facts) for option, facts in sorted(options.items())}
                for name, options in sorted(plugins.items())
            } for kind, plugins in sorted(kinds.items())
        }).replace('}, "', '},\n"'))
        rows.append('"ORDER": ' + json.dumps(declared()))
        out.write("{\n" + ",\n".join(rows) + "\n}\n")

    def plugin(kind, name, options):
        rows = "".join(
            "            " + row(option, facts, [entry["name"] for entry in facts.get("cli", [])]) + ",\n"
            for option, facts in sorted(options.items())
        )
        return f"    PluginOptions {{ kind: {quote(kind)}, name: {quote(name)}, options: &[\n{rows}        ] }},\n"

    # The documentation sorts them.
    kinds["CONNECTION"]["ssh"]["ssh_transfer_method"]["choices"] = ["sftp", "scp", "piped", "smart"]
    plugins = [
        plugin(kind.lower(), name, options)
        for kind, named in sorted(kinds.items())
        for name, options in sorted(named.items()) if " " not in name
    ]
    oracle = os.environ["CHURTEN_COLLECTIONS_ORACLE"]
    for kind, names in [("callback", CALLBACKS), ("become", BECOME), ("connection", CONNECTIONS)]:
        for name in names:
            options = run("ansible-doc", "-t", kind, name, "-j")[name]["doc"].get("options") or {}
            for keyword in KEYWORDS:
                if keyword in options:
                    options[keyword].setdefault("keyword", [{"name": keyword}])
            plugins.append(plugin(kind, name, options))
    with open(os.path.join(HERE, "../src/table/plugins.rs"), "w") as out:
        out.write(head + "use super::definition::Default::{Flag, Items, Null, Number, Pairs, Text};\n")
        out.write("use super::definition::{Definition, PluginOptions};\n\n")
        out.write("/// The options of the plugins churten replaces, as ansible-core 2.19.14 declares them.\n")
        out.write("pub static PLUGINS: &[PluginOptions] = &[\n" + "".join(plugins) + "];\n")


main()
