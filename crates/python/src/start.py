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
if len(sys.argv) > 1:
    # The soft limit of open files; the hard one stays, and stays above it.
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = int(sys.argv.pop())
    wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if wanted != soft:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except ValueError:
            # Some systems refuse more than they say.
            pass
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
