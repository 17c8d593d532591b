"""Answers every line of the `*.txt` files beside this script with ansible-core and writes `answers.jsonl`.

A line is a template. Lines of two `#` are comments, and `\n` stands for a newline. Run it with the Python that has ansible-core 2.19.14.
"""
import glob
import json
import os

os.environ.update(CHURTEN_TEXT="from the environment", TZ="UTC", HOME="/home/somebody", LC_ALL="C.UTF-8")

from ansible._internal._datatag._tags import Origin
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultSecret
from ansible.plugins.loader import init_plugin_loader
from ansible.template import Templar, trust_as_template

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = os.path.join(HERE, "files")


def tag(value):
    if isinstance(value, str):
        return Origin(path="/o.yml", line_num=1, col_num=1).tag(trust_as_template(value))
    if isinstance(value, dict):
        return {tag(key): tag(item) for key, item in value.items()}
    if isinstance(value, list):
        return [tag(item) for item in value]
    return value


def plain(value):
    if isinstance(value, dict):
        return {key if isinstance(key, str) else "__key__" + repr(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return {"__type__": "bytes", "repr": repr(value)}
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"__float__": repr(value)}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def prepare():
    os.chdir(FILES)
    init_plugin_loader([])
    loader = DataLoader()
    loader.set_basedir(FILES)
    loader.set_vault_secrets([("default", VaultSecret(b"secret"))])
    return loader


def answer(loader, variables, source):
    try:
        return {"ok": plain(Templar(loader, variables).template(tag(source)))}
    except Exception as error:
        return {"err": str(getattr(error, "message", None) or error)}


def main():
    loader = prepare()
    with open(os.path.join(HERE, "variables.json")) as file:
        variables = tag(json.load(file))
    with open(os.path.join(HERE, "answers.jsonl"), "w") as answers:
        for path in sorted(glob.glob(os.path.join(HERE, "*.txt"))):
            if os.path.basename(path) == "differences.txt":
                continue
            for line in open(path):
                line = line.rstrip("\n")
                if not line or line.startswith("##"):
                    continue
                source = line.replace("\\n", "\n")
                result = answer(loader, variables, source)
                text = json.dumps([os.path.basename(path), source, result]).replace(HERE, "<HERE>")
                answers.write(text + "\n")


if __name__ == "__main__":
    main()
