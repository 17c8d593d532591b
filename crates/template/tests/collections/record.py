"""Answers the cases of `cases.py` with ansible-core and its collections, and writes `answers.jsonl`.

Run it with the Python that has ansible-core 2.19.14, ansible 12.3.0, netaddr, jmespath, xmltodict, hashids, prettytable and fqdn. The first line has the lists
of subjects. Every other line is a family, a template with `@` for the subject, the subjects' list and an answer for each:
`[value]`, or the error's text. With `--new`, lines that are there already are kept.
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "plugins"))

import record as plugins
from cases import CASES
from subjects import SUBJECTS


def recorded(path):
    if "--new" not in sys.argv:
        return {}
    with open(path) as answers:
        subjects, *rows = map(json.loads, answers)
    return {(row[1], row[2]): row[3] for row in rows if subjects[row[2]] == SUBJECTS.get(row[2])}


def main():
    loader = plugins.prepare()
    path = os.path.join(HERE, "answers.jsonl")
    known = recorded(path)
    with open(os.path.join(HERE, "variables.json")) as file:
        variables = plugins.tag(json.load(file))
    with open(path, "w") as answers:
        answers.write(json.dumps(SUBJECTS) + "\n")
        for family, template, name in CASES:
            row = known.get((template, name), [])
            for subject in SUBJECTS[name][len(row):]:
                result = plugins.answer(loader, variables, template.replace("@", subject))
                row.append([result["ok"]] if "ok" in result else result["err"])
            answers.write(json.dumps([family, template, name, row]) + "\n")


main()
