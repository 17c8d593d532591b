#!/usr/bin/env python3
"""Writes ansible_core.json, the names of everything that ansible-core has: record.py DIRECTORY-OF-ITS-PROGRAMS [FILE].

Only names are kept: keywords with the elements that take them, filters, tests, lookups, modules, settings and options.
"""

import json
import os
import re
import subprocess
import sys

PROGRAMS = sys.argv[1]
COMMANDS = {
    "ansible": [""],
    "ansible-playbook": [""],
    "ansible-inventory": [""],
    "ansible-vault": ["create", "decrypt", "edit", "encrypt", "encrypt_string", "rekey", "view"],
    "ansible-doc": [""],
    "ansible-config": ["dump", "init", "list", "validate", "view"],
}


def say(program, *arguments):
    environment = {"PATH": PROGRAMS + ":/usr/bin:/bin", "HOME": "/nonexistent", "COLUMNS": "200", "LC_ALL": "C.UTF-8"}
    environment["ANSIBLE_LOCAL_TEMP"] = "/tmp/.churten-features"
    done = subprocess.run([os.path.join(PROGRAMS, program), *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{program} {arguments}: {done.stderr}")
    return done.stdout


def plugins(kind):
    names = json.loads(say("ansible-doc", "-t", kind, "-l", "-j"))
    short = [name.removeprefix("ansible.builtin.") for name in names]
    return sorted(name for name in short if "." not in name)


def keywords():
    names = list(json.loads(say("ansible-doc", "-t", "keyword", "-l", "-j")))
    told = json.loads(say("ansible-doc", "-t", "keyword", "-j", *names))
    return {name: sorted(told[name]["applies_to"]) for name in sorted(told)}


def options(program, action):
    text = say(program, *filter(None, [action]), "--help")
    found = set()
    for line in text.splitlines():
        if re.match(r"  -", line):
            # The spellings end where the explanation begins, after two blanks.
            found.update(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", re.split(r"\s{2,}", line.strip())[0]))
    return sorted(found)


record = {
    "keywords": keywords(),
    "filters": plugins("filter"),
    "tests": plugins("test"),
    "lookups": plugins("lookup"),
    "modules": plugins("module"),
    "settings": sorted(json.loads(say("ansible-config", "list", "-t", "base", "-f", "json"))),
    "options": {
        " ".join(filter(None, [program, action])): options(program, action)
        for program, actions in COMMANDS.items()
        for action in actions
    },
}
with open(sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(__file__), "ansible_core.json"), "w") as out:
    json.dump(record, out, indent=1)
    out.write("\n")
