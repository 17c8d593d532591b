#!/usr/bin/env python3
"""Record what ansible-core answers to the cases beside this directory.

Usage: CHURTEN_ORACLE=/path/to/venv/bin python record.py [CASES...]

A case file is text: `### NAME [ARGUMENTS]` starts a case, `## PATH` starts a file of it. The answer goes to a file
with the same stem and the suffix `.expected`: `### NAME`, then `rc N`, then standard output and error, with the case's
directory written as `{dir}`. Run with the oracle's Python; each case runs in a forked child of one warm process.
"""

import os
import pathlib
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


def dump(path, extra):
    """Print what loading gives: one line of JSON a task, with the keywords in effect."""
    import json

    from ansible.parsing.dataloader import DataLoader
    from ansible.playbook import Playbook
    from ansible.playbook.block import Block
    from ansible.vars.manager import VariableManager
    from ansible.inventory.manager import InventoryManager

    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader()
    loader = DataLoader()
    loader.set_basedir(os.getcwd())
    variables = VariableManager(loader=loader, inventory=InventoryManager(loader=loader, sources=[]))
    variables._extra_vars = dict(pair.split("=", 1) for pair in extra)

    def plain(value):
        return json.loads(json.dumps(value, default=str))

    def line(kind, task):
        if task.action == "meta" and task.implicit:
            return
        found = dict(
            kind=kind,
            name=task.name or "",
            action=task.action,
            args=plain(task.args),
            role=task._role.get_name() if task._role else "",
            tags=sorted(str(tag) for tag in task.tags),
            loop=plain(task.loop),
            loop_with=task.loop_with,
            search_path=task.get_search_path(),
        )
        vars = plain(task.get_vars())
        for key in ("_raw_params", "name", "tasks_from", "vars_from", "apply"):
            vars.pop(key, None)
        found["vars"] = vars
        lists = "when environment notify module_defaults until changed_when failed_when listen"
        for key in lists.split():
            value = plain(getattr(task, key, None) or [])
            found[key] = value if isinstance(value, list) else [value]
        # Lists that come over several ways hold an entry more than once; order and number do not matter.
        found["when"] = sorted(set(map(str, found["when"])))
        found["tags"] = sorted(set(found["tags"]))
        for key in (
            "any_errors_fatal become become_user become_method check_mode connection delegate_to delegate_facts diff "
            "ignore_errors ignore_unreachable no_log port remote_user run_once throttle timeout register retries delay"
        ).split():
            found[key] = plain(getattr(task, key))
        found["module_defaults"] = [
            {key.removeprefix("ansible.builtin."): value for key, value in layer.items()}
            for layer in found["module_defaults"]
        ]
        defaults = dict(any_errors_fatal=False, no_log=False, throttle=0, timeout=0, delay=5)
        found = {k: v for k, v in found.items() if v not in (None, "", [], {}) and (k, v) not in defaults.items()}
        print(json.dumps(found, sort_keys=True))

    def walk(kind, entries):
        for entry in entries:
            if isinstance(entry, Block):
                walk(kind, entry.block)
                walk(kind, entry.rescue)
                walk(kind, entry.always)
            else:
                line(kind, entry)

    for play in Playbook.load(path, variable_manager=variables, loader=loader).get_plays():
        print("play", play.get_name())
        walk("task", play.compile())
        walk("handler", play.compile_roles_handlers() + play.handlers)


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
            if arguments[0] == "--dump":
                dump(arguments[1], arguments[2:])
            else:
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
                # What follows a traceback is the oracle's own source, which is not ours to keep.
                output = output.split("\nTraceback (most recent call last):")[0]
                output = output.replace(directory, "{dir}").replace(os.path.expanduser("~"), "{home}")
                answers.append(f"### {name}\nrc {code}\n{output.rstrip()}\n")
        path.with_suffix(".expected").write_text("".join(answers))


main()
