#!/usr/bin/env python3
"""Records expected.json: what ansible-core answers to cases.json over the inventories in fixtures/.

Usage: CHURTEN_ORACLE=BIN_DIRECTORY record.py [CASE...]   (with names, only those are recorded again)
"""
import concurrent.futures
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "fixtures")


def record(oracle, case):
    mode = case.get("mode", "list")
    inventory = [part for source in case["inventory"] for part in ("-i", source)]
    if mode == "hosts":
        command = [os.path.join(oracle, "ansible"), *inventory, "--list-hosts", case["pattern"]]
        if "limit" in case:
            command += ["--limit", case["limit"]]
    else:
        command = [os.path.join(oracle, "ansible-inventory"), *inventory]
        if mode == "graph":
            command += ["--graph", "--vars"]
        elif mode == "host":
            command += ["--host", case["host"]]
        elif mode == "export":
            command += ["--list", "--export"]
        else:
            command += ["--list"]
        if "playbook_dir" in case:
            command += ["--playbook-dir", case["playbook_dir"]]
    for pair in case.get("extra_vars", []):
        command += ["-e", pair]
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "COLUMNS": "10000",
           "ANSIBLE_LOCAL_TEMP": "/tmp/.churten-record", **case.get("env", {})}
    done = subprocess.run(command, cwd=FIXTURES, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    out = done.stdout
    if mode in ("list", "host", "export"):
        try:
            out = json.loads(out)
        except ValueError:
            pass

    def plain(text):
        return text.replace(FIXTURES, "@").replace(os.path.join(oracle, "python3"), "PYTHON")

    return {"code": done.returncode, "out": json.loads(plain(json.dumps(out))), "err": plain(done.stderr)}


def main():
    oracle, names = os.environ["CHURTEN_ORACLE"], sys.argv[1:]
    path = os.path.join(HERE, "expected.json")
    expected = json.load(open(path)) if names else {}
    cases = [c for c in json.load(open(os.path.join(HERE, "cases.json"))) if not names or c["name"] in names]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for case, answer in zip(cases, pool.map(lambda c: record(oracle, c), cases)):
            expected[case["name"]] = answer
    with open(path, "w") as out:
        json.dump(expected, out, indent=1, sort_keys=True, ensure_ascii=False)
        out.write("\n")


main()
