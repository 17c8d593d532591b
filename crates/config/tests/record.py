#!/usr/bin/env python3
"""Records tests/expected.json: what ansible-core makes of tests/cases.json.

Usage: CHURTEN_ORACLE=BIN_DIRECTORY tests/record.py
"""
import json
import os
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    program = os.path.join(os.environ["CHURTEN_ORACLE"], "ansible-config")
    expected = {}
    for case in json.load(open(os.path.join(HERE, "cases.json"))):
        with tempfile.TemporaryDirectory(dir="/tmp") as place:
            home = os.path.join(place, "home")
            os.mkdir(home)
            files = dict(case.get("files", {}))
            if "cfg" in case:
                files["ansible.cfg"] = case["cfg"]
            for name, text in files.items():
                path = os.path.join(place, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                open(path, "w").write(text)
            env = {"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8", **case.get("env", {})}
            command = [program, "dump", "--format", "json"]
            if "plugin" in case:
                kind, name = case["plugin"].split("/")
                command += ["-t", kind, name]
            elif not case.get("full"):
                command += ["--only-changed"]
            done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True)
            if done.returncode == 0:
                try:
                    found = json.loads(done.stdout)
                except ValueError:
                    raise SystemExit(f"{case['name']}: {done.stdout[:300]}{done.stderr[:2000]}")
                if "plugin" in case:
                    found = found[0][name]
                result = {e["name"]: [e["origin"], e["value"]] for e in found if "name" in e}
                for name in ("DEFAULT_LOCAL_TMP", "GALAXY_SERVERS"):
                    result.pop(name, None)
                if result.get("CONFIG_FILE", [0, 0])[1] is None:
                    result.pop("CONFIG_FILE")
            else:
                text = done.stderr.split("ERROR: ", 1)[1].split("\n\nTraceback")[0].rstrip()
                result = {"error": text}
            expected[case["name"]] = json.loads(json.dumps(result).replace(place, "@"))
    with open(os.path.join(HERE, "expected.json"), "w") as out:
        json.dump(expected, out, indent=1, sort_keys=True)
        out.write("\n")


main()
