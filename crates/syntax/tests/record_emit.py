"""Records what ansible-core's to_yaml and to_nice_yaml write.  Usage: CHURTEN_ORACLE=BIN python record_emit.py"""
import json
import os
import random
import subprocess
import sys

VALUES = [
    None, True, False, 0, -1, 12345678901234567890, 1.5, 1e20, 1e-7, 0.1, 100.0, "", " ", "a", "a b", "yes", "No", "true", "null", "~",
    "12", "0o17", "017", "1_000", "12:30", "1.5", "1e3", ".inf", "2020-01-01", "2020-01-01 10:00:00", "=", "<<", "- a", "-", "a: b", "a:",
    ": a", "# x", "a #b", "a\nb", "a\nb\n", "\na", "a\n\nb\n\n", " lead", "trail ", "tab\there", "\t", "é", "ü€", "\U0001F600", "x \U0001F600 y",
    "quote'", 'double"', "both'\"", "[a]", "{a}", "a, b", "*x", "&x", "!x", "%x", "@x", "`x", "|", ">", "?", "? a", "\\", "a\\nb", "\x00", "\x07", "\x7f", "\x85", "\u2028",
    "x" * 100, "word " * 40, "line one\n" + "long " * 40 + "\nend", "é " * 60, "http://example.org/a?b=c&d=e",
    [], {}, [[]], [{}], [1, 2, 3], ["a", ["b", ["c"]]], {"a": 1}, {"b": 1, "a": 2}, {"a": {"b": {"c": None}}}, {"a": [1, {"b": 2}]},
    [{"a": 1, "b": [1, 2]}, {"c": {}}], {"": "empty key"}, {"a b": 1, "c: d": 2, "yes": True}, {"long" * 50: 1}, {"k": "a\nb\n"}, ["a\nb"],
    {"list": ["word " * 30, "é" * 50], "text": "x" * 90},
]
rng = random.Random(7)
def some(depth):
    kind = rng.randrange(8 if depth < 4 else 5)
    if kind < 3: return rng.choice([v for v in VALUES if isinstance(v, str)])
    if kind == 3: return rng.choice([None, True, 3, 2.5, -7])
    if kind == 4: return rng.choice(["plain", "two words", "1", "a:b"])
    if kind in (5, 6): return {rng.choice("abcdefgh") + str(rng.randrange(9)): some(depth + 1) for _ in range(rng.randrange(5))}
    return [some(depth + 1) for _ in range(rng.randrange(5))]
VALUES += [some(0) for _ in range(150)]
PROGRAM = """
import json, sys, yaml
from ansible._internal._yaml._dumper import AnsibleDumper
for value in json.load(sys.stdin):
    out = {'value': value}
    out['yaml'] = yaml.dump(value, Dumper=AnsibleDumper, allow_unicode=True, default_flow_style=None)
    out['nice'] = yaml.dump(value, Dumper=AnsibleDumper, indent=4, allow_unicode=True, default_flow_style=False)
    print(json.dumps(out))
"""
python = os.path.join(os.environ["CHURTEN_ORACLE"], "python")
result = subprocess.run([python, "-c", PROGRAM], input=json.dumps(VALUES), capture_output=True, text=True, check=True)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "emit.jsonl"), "w") as file:
    file.write(result.stdout)
print(result.stdout.count("\n"), "cases", file=sys.stderr)
