"""Runs ansible-core's own modules, one fork per line of standard input: {"module", "args", "cwd"[, "environment"]} -> its result."""

import json
import os
import runpy
import sys

import ansible.module_utils.basic as basic

basic._ANSIBLE_PROFILE = "legacy"


def child(case, out):
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(nothing, 2)
    os.chdir(case["cwd"])
    os.environ.update(case.get("environment", {}))
    os.umask(0o022)
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": case["args"]}).encode()
    name = case["module"]
    if "." in name:
        namespace, collection, short = name.split(".")
        name = f"ansible_collections.{namespace}.{collection}.plugins.modules.{short}"
    else:
        name = "ansible.modules." + name
    try:
        runpy.run_module(name, run_name="__main__")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


for line in sys.stdin:
    case = json.loads(line)
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            child(case, writer)
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
