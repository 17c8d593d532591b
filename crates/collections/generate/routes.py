#!/usr/bin/env python3
"""Writes src/routes.txt: where the names that ansible.builtin once had are now, as ansible-core says.

Usage: CHURTEN_ORACLE=BIN_DIRECTORY generate/routes.py

Only facts are taken: a name, the collection it went to, its name there; for removed ones the date and the advice.
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ["action", "become", "callback", "connection", "filter", "inventory", "lookup", "modules", "test"]
ASK = """
import json
from ansible.plugins.loader import init_plugin_loader
from ansible.utils.collection_loader._collection_finder import _get_collection_metadata
init_plugin_loader()
print(json.dumps(_get_collection_metadata("ansible.builtin")["plugin_routing"]))
"""


def main():
    import json
    python = os.path.join(os.environ["CHURTEN_ORACLE"], "python")
    routing = json.loads(subprocess.run([python, "-c", ASK], check=True, stdout=subprocess.PIPE, text=True).stdout)
    lines = ["# Written by generate/routes.py; do not edit.",
             "# [kind], then `collection: name ...`; `old=new` where the name changed; `!name|date|advice` where it is gone."]
    for kind in KINDS:
        lines.append(f"[{kind}]")
        collections, gone = {}, []
        for name, entry in sorted(routing.get(kind, {}).items()):
            if "tombstone" in entry:
                tombstone = entry["tombstone"]
                gone.append(f"!{name}|{tombstone.get('removal_date', '')}|{tombstone.get('warning_text', '')}")
                continue
            collection, _, new = entry["redirect"].rpartition(".")
            if collection.count(".") > 1:
                sys.exit(f"{name}: {entry['redirect']}")
            collections.setdefault(collection, []).append(name if new == name else f"{name}={new}")
        lines += gone + [f"{collection}: {' '.join(names)}" for collection, names in sorted(collections.items())]
    with open(os.path.join(HERE, "..", "src", "routes.txt"), "w") as out:
        out.write("\n".join(lines) + "\n")


main()
