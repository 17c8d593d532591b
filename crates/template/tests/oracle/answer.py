"""Answers template sources with ansible-core: reads JSON lines [kind, source], writes JSON lines of answers.

The variables are in the file named by the first argument.
"""
import json
import sys

from ansible._internal._datatag._tags import Origin
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template


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


def main():
    with open(sys.argv[1]) as file:
        variables = tag(json.load(file))
    for line in sys.stdin:
        kind, source = json.loads(line)
        templar = Templar(DataLoader(), variables)
        try:
            if kind == "t":
                answer = templar.template(tag(source))
            elif kind == "e":
                answer = templar.evaluate_expression(tag(source))
            else:
                answer = templar.evaluate_conditional(tag(source))
            result = {"ok": plain(answer)}
        except Exception as error:
            result = {"err": str(getattr(error, "message", None) or error)}
        print("@" + json.dumps(result), flush=True)


main()
