"""Runs ansible-core's own modules, one fork per line of standard input: {"module", "args", "cwd"[, "environment"]} -> its result."""

import ast
import importlib
import importlib.util
import json
import os
import runpy
import sys

import ansible.module_utils.basic as basic

basic._ANSIBLE_PROFILE = "legacy"


known = {}


def full_name(name):
    """The module as Python imports it; what it imports itself is imported here once, for all runs."""
    if name in known:
        return known[name]
    if "." in name:
        namespace, collection, short = name.split(".")
        full = f"ansible_collections.{namespace}.{collection}.plugins.modules.{short}"
    else:
        full = "ansible.modules." + name
    known[name] = full
    try:
        with open(importlib.util.find_spec(full).origin) as source:
            parsed = ast.parse(source.read())
    except (AttributeError, ImportError, OSError):
        return full  # The run itself tells.
    for node in parsed.body:
        if isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            imported = [node.module] + [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for each in imported:
            try:
                importlib.import_module(each)
            except Exception:
                pass  # A name and not a module, or a library that is not here: the run itself tells.
    return full


def child(case, name, out):
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(nothing, 2)
    os.chdir(case["cwd"])
    os.environ.update(case.get("environment", {}))
    os.umask(0o022)
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": case["args"]}).encode()
    try:
        runpy.run_module(name, run_name="__main__")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


for line in sys.stdin:
    case = json.loads(line)
    name = full_name(case["module"])
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            child(case, name, writer)
        except SystemExit:
            pass
        except BaseException as error:
            os.write(writer, ("\nCRASH " + repr(error)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read().decode("utf-8", "replace").strip()
    os.waitpid(pid, 0)
    try:
        result = json.loads(text)
    except ValueError:
        result = {"crash": text[-600:]}
    print(json.dumps(result), flush=True)
