# Runs the module of this archive with the arguments that come on the standard input. Works with Python 3.8 and later.
import os
import sys

try:
    os.getcwd()
except OSError:
    os.chdir("/")
archive = sys.path[0]
# Nothing beside the archive may stand in for the standard library.
sys.path[:] = [archive] + [entry for entry in sys.path[1:] if entry not in ("", ".")]
arguments = sys.stdin.buffer.read()
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
try:
    from ansible.module_utils._internal._ansiballz import _loader
except ImportError:
    # Before ansible-core 2.19.
    import runpy

    from ansible.module_utils import basic

    basic._ANSIBLE_ARGS = arguments
    runpy.run_module("@NAME@", init_globals={"_module_fqn": "@NAME@", "_modlib_path": archive}, run_name="__main__", alter_sys=True)
else:
    _loader.run_module(
        json_params=arguments, profile="legacy", module_fqn="@NAME@", modlib_path=archive, extensions={}
    )
