#!/usr/bin/env python3
"""Record what ansible-core answers to the cases beside this directory.

Usage: CHURTEN_ORACLE=/path/to/venv/bin python record.py [CASES...]

A case file is text: `### NAME [ARGUMENTS]` starts a case, `## PATH` starts a file of it. The answer goes to a file
with the same stem and the suffix `.expected`: `### NAME`, then `rc N`, then standard output and error, with the case's
directory written as `{dir}`. Run with the oracle's Python; each case runs in a forked child of one warm process.
"""

import contextlib
import io
import os
import pathlib
import re
import shlex
import sys
import tempfile


def read_cases(text):
    cases = []
    for line in text.splitlines(keepends=True):
        if line.startswith("### "):
            name, *arguments = shlex.split(line[4:])
            cases.append((name, arguments, {}))
        elif line.startswith("## "):
            current = line[3:].strip()
            cases[-1][2][current] = ""
        elif cases and cases[-1][2]:
            cases[-1][2][current] += line
    return cases


def run(arguments, directory):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.chdir(directory)
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        sys.argv = ["ansible-playbook", *arguments]
        from ansible.cli.playbook import PlaybookCLI

        try:
            PlaybookCLI.cli_executor(sys.argv)
            code = 0
        except SystemExit as end:
            code = end.code or 0
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        output = stream.read().decode("utf-8", "replace")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), output


def main():
    here = pathlib.Path(__file__).resolve().parent.parent / "cases"
    os.environ.update(
        ANSIBLE_NOCOLOR="1",
        ANSIBLE_LOCALHOST_WARNING="False",
        ANSIBLE_INVENTORY_UNPARSED_WARNING="False",
        ANSIBLE_DEPRECATION_WARNINGS="True",
        ANSIBLE_PYTHON_INTERPRETER=sys.executable,
        COLUMNS="200",
    )
    import ansible.cli.playbook  # warm
    import ansible.executor.playbook_executor

    for path in [pathlib.Path(p) for p in sys.argv[1:]] or sorted(here.glob("*.cases")):
        answers = []
        for name, arguments, files in read_cases(path.read_text()):
            with tempfile.TemporaryDirectory(prefix="case") as directory:
                directory = os.path.realpath(directory)
                for file, text in files.items():
                    target = pathlib.Path(directory, file)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    if file.endswith("/"):
                        target.mkdir(exist_ok=True)
                    else:
                        target.write_text(text)
                code, output = run(arguments or ["--syntax-check", "site.yml"], directory)
                output = output.replace(directory, "{dir}").replace(os.path.expanduser("~"), "{home}")
                answers.append(f"### {name}\nrc {code}\n{output.rstrip()}\n")
        path.with_suffix(".expected").write_text("".join(answers))


main()
