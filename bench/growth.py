#!/usr/bin/env python3
"""How time grows with size, on the controller alone. See README.md.

growth.py [--runs N] [--oracle ansible-playbook] [--limit SECONDS] [CASE ...]
Each case is written at three sizes, each twice the one before, and run with churten; with --oracle also with
ansible-core, once. Prints a Markdown table: wall seconds of each size (median) and the ratio of the largest sizes. The
ratio of linear growth is 2, or less where the start counts.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CHURTEN = os.environ.get("CHURTEN_BINARY", HERE + "/../target/release/churten")
PLAY = "- hosts: all\n  gather_facts: false\n"


def control(size, write):
    """Tasks that run on the controller: set_fact, debug, assert, conditions."""
    tasks = [
        "set_fact: {{a{0}: \"{{{{ {0} + 1 }}}}\"}}",
        "debug: {{msg: \"{{{{ a{1} }}}}\"}}\n      when: a{1} | int > {1}",
        "assert: {{that: ['a{2} == {2} + 1'], quiet: true}}",
        "debug: {{msg: never}}\n      when: false",
    ]
    lines = [f"    - {tasks[n % 4].format(n, n - 1, n - 2)}\n" for n in range(size)]
    write("play.yml", PLAY + "  tasks:\n" + "".join(lines))
    return "localhost,"


def nested(size, write):
    """Variables whose values are templates of variables, six levels deep (ansible/ansible#86881)."""
    levels = ["    level0:\n" + "".join(f"      key{n}: value{n}\n" for n in range(size))]
    for level in range(1, 7):
        entries = "".join(
            f"      key{n}: \"{{{{ level{level - 1}.key{n} }}}}-{{{{ level{level - 1}['key' ~ {n}] | upper }}}}\"\n"
            if level % 2
            else f"      key{n}: \"{{{{ level{level - 1}.key{n} | truncate(40) }}}}\"\n"
            for n in range(size)
        )
        levels.append(f"    level{level}:\n{entries}")
    tasks = "    - debug: {msg: \"{{ level6 | dict2items | length }}\"}\n    - debug: {var: level6}\n"
    write("play.yml", PLAY + "  vars:\n" + "".join(levels) + "  tasks:\n" + tasks)
    return "localhost,"


def roles(size, write):
    """A tree of roles, each of which depends on two others (ansible/ansible#85206)."""
    for n in range(size):
        children = [child for child in (2 * n + 1, 2 * n + 2) if child < size]
        dependencies = "".join(f"  - {{role: r{child}, v: {n}}}\n" for child in children)
        write(f"roles/r{n}/meta/main.yml", f"dependencies:\n{dependencies}" if children else "{}\n")
        write(f"roles/r{n}/defaults/main.yml", f"own{n}: \"{{{{ v | default(0) }}}}\"\n")
        write(f"roles/r{n}/tasks/main.yml", f"- debug: {{msg: \"{{{{ own{n} }}}}\"}}\n- debug: {{msg: b}}\n  tags: never\n" * 4)
    write("play.yml", PLAY + "  roles: [r0]\n")
    return "localhost,"


def includes(size, write):
    """include_tasks in a loop, over ten hosts (ansible/ansible#86371)."""
    write("inner.yml", "- debug: {msg: \"{{ item }} {{ inventory_hostname }}\"}\n")
    write("play.yml", PLAY + f"  tasks:\n    - include_tasks: inner.yml\n      loop: \"{{{{ range({size}) | list }}}}\"\n")
    return ",".join(f"h{n}" for n in range(10))


def inventory(size, write):
    """Hosts in groups with variables, and one task on one of them."""
    groups = size // 100
    lines = []
    for group in range(groups):
        hosts = "".join(f"        h{host}: {{own: {host}}}\n" for host in range(group * 100, group * 100 + 100))
        lines.append(f"    g{group}:\n      hosts:\n{hosts}      vars: {{number: {group}, text: \"{{{{ own }}}} of g{group}\"}}\n")
        write(f"group_vars/g{group}.yml", f"more{group}: [1, 2, 3]\nshared: {group}\n")
    write("hosts.yml", "all:\n  children:\n" + "".join(lines))
    write("play.yml", "- hosts: g0[0]\n  gather_facts: false\n  tasks:\n    - debug: {msg: \"{{ text }} {{ groups.all | length }}\"}\n")
    return "hosts.yml"


CASES = {
    "control": (control, 250),
    "nested": (nested, 100),
    "roles": (roles, 31),
    "includes": (includes, 50),
    "inventory": (inventory, 2500),
}


def run(program, directory, inventory, limit):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": directory,
        "LANG": "C.UTF-8",
        "ANSIBLE_CONFIG": directory + "/ansible.cfg",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "0",
    }
    begun = time.monotonic()
    try:
        done = subprocess.run(
            [*program, "-i", inventory, "-c", "local", "play.yml"],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        sys.exit(f"{program[0]} in {directory}: {done.stdout.decode()[-2000:]}{done.stderr.decode()[-2000:]}")
    return time.monotonic() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--oracle", help="ansible-playbook of ansible-core")
    parser.add_argument("--limit", type=float, default=300)
    parser.add_argument("cases", nargs="*", default=list(CASES))
    arguments = parser.parse_args()
    print("| case | sizes | churten s | growth | ansible-core s | growth | ratio at the largest |")
    print("|---|---|---|---:|---|---:|---:|")
    for name in arguments.cases:
        case, smallest = CASES[name]
        sizes = [smallest, smallest * 2, smallest * 4]
        times = {"ours": [], "theirs": []}
        for size in sizes:
            with tempfile.TemporaryDirectory(prefix="churten-growth.") as directory:

                def write(path, text):
                    path = os.path.join(directory, path)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    with open(path, "w") as file:
                        file.write(text)

                write("ansible.cfg", "")
                inventory_name = case(size, write)
                ours = [run([CHURTEN, "playbook"], directory, inventory_name, arguments.limit) for _ in range(arguments.runs)]
                times["ours"].append(statistics.median(ours))
                if arguments.oracle:
                    times["theirs"].append(run([arguments.oracle], directory, inventory_name, arguments.limit))

        def shown(values):
            return ", ".join("over the limit" if value is None else f"{value:.2f}" for value in values)

        def growth(values):
            complete = len(values) == 3 and None not in values
            return f"{values[2] / values[1]:.1f}" if complete else "-"

        last = times["theirs"][-1] if times["theirs"] else None
        ratio = f"{last / times['ours'][-1]:.0f} x" if last else "-"
        print(
            f"| `{name}` | {', '.join(map(str, sizes))} | {shown(times['ours'])} | {growth(times['ours'])} "
            f"| {shown(times['theirs']) or '-'} | {growth(times['theirs'])} | {ratio} |",
            flush=True,
        )


main()
