# Keeps Python and module_utils loaded, and runs each module in a child of its own. Works with Python 3.8 and later.
#
# Standard input is a stream socket. A request on it is three lengths (32 bits, little-endian) of what follows - texts
# that end in zeros: archive, module, limit of open files; the same for the environment: name, value; the arguments -
# and three descriptors: the child's standard output and error, and a socket that tells of the child: its process id,
# then its exit code or minus the signal that ended it. The child is reaped once that socket is closed.
import array
import atexit
import os
import select
import signal
import socket
import struct
import sys
import threading
import zipimport

import copy, datetime, grp, hashlib, json, locale, platform, pwd, re, shlex, shutil, stat, subprocess, tempfile, time, types  # noqa: E401, F401 isort: skip
import gc

from ansible.module_utils import basic  # noqa: F401
from ansible.module_utils._internal._ansiballz import _loader
from ansible.module_utils._internal._json._profiles import _module_legacy_c2m, _module_legacy_m2c  # noqa: F401

BASE = sys.path[0]
compiled = {}
prepared = set()
living = {}
ended = {}


class Importer(zipimport.zipimporter):
    """Takes the code that was compiled before, once for all children."""

    def get_code(self, fullname):
        code = compiled.get((self.archive, fullname))
        return code if code is not None else super().get_code(fullname)


def prepare(archive):
    """Compiles what a module brings along and is not loaded here."""
    if archive in prepared:
        return
    prepared.add(archive)

    def hook(path):
        if path != archive and not path.startswith(archive + os.sep):
            raise ImportError
        return Importer(path)

    sys.path_hooks.insert(0, hook)
    importer = Importer(archive)
    for name in importer._files:
        if not name.endswith(".py") or name == "__main__.py":
            continue
        full = name[: -len(".py")].replace(os.sep, ".")
        if full.endswith(".__init__"):
            full = full[: -len(".__init__")]
        if full in sys.modules:
            continue
        try:
            compiled[archive, full] = compile(importer.get_data(archive + os.sep + name), archive + os.sep + name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            # The child says so.
            pass


def run(archive, name, limit, arguments):
    sys.path[:1] = [archive]
    for module in list(sys.modules.values()):
        places = getattr(module, "__path__", None)
        if isinstance(places, list) and any(place.startswith(BASE) for place in places):
            module.__path__ = [archive + place[len(BASE):] for place in places if place.startswith(BASE)] + places
    if limit:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except ValueError:
            # Some systems refuse more than they say.
            pass
    _loader.run_module(json_params=arguments, profile="legacy", module_fqn=name, modlib_path=archive, extensions={})


def child(request, environment, arguments, output, error, others):
    code = 0
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(output, 1)
        os.dup2(error, 2)
        for descriptor in others:
            os.close(descriptor)
        os.environ.update(environment)
        archive, name, limit = request
        run(archive, name, int(limit), arguments)
    except SystemExit as end:
        if isinstance(end.code, int):
            code = end.code
        elif end.code is not None:
            sys.stderr.write("%s\n" % (end.code,))
            code = 1
    except KeyboardInterrupt:
        sys.excepthook(*sys.exc_info())
        code = 128 + signal.SIGINT
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    # What an interpreter does at its end.
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        code = code or 120
    os._exit(code & 0xFF)


def receive(control, count):
    data = b""
    while len(data) < count:
        piece = control.recv(min(count - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return data


def texts(data):
    return [os.fsdecode(piece) for piece in data.split(b"\0")[:-1]]


def accept(control, ours):
    descriptors = array.array("i")
    header, extra, _, _ = control.recvmsg(12, socket.CMSG_SPACE(3 * descriptors.itemsize))
    if not header:
        raise EOFError
    for level, kind, data in extra:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    header += receive(control, 12 - len(header))
    lengths = struct.unpack("<III", header)
    request, environment, arguments = (receive(control, length) for length in lengths)
    output, error, status = descriptors
    request = texts(request)
    names = texts(environment)
    prepare(request[0])
    pid = os.fork()
    if pid == 0:
        others = ours + [output, error, status] + [one for one in living.values()] + list(ended)
        child(request, dict(zip(names[::2], names[1::2])), arguments, output, error, others)
    os.close(output)
    os.close(error)
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass
    living[pid] = status
    tell(status, pid)


def tell(status, number):
    try:
        os.write(status, struct.pack("<i", number))
    except OSError:
        # Nobody waits any more.
        pass


def look(poll):
    for pid in list(living):
        found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
        if found is None:
            continue
        status = living.pop(pid)
        tell(status, found.si_status if found.si_code == os.CLD_EXITED else -found.si_status)
        ended[status] = pid
        poll.register(status, select.POLLIN)


def serve():
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(reader, select.POLLIN)
    gc.collect()
    gc.freeze()
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == control.fileno():
                accept(control, [control.fileno(), reader, writer])
            elif descriptor == reader:
                os.read(reader, 1 << 16)
            elif descriptor in ended:
                # The other side has what it wants to know.
                poll.unregister(descriptor)
                os.waitpid(ended.pop(descriptor), 0)
                os.close(descriptor)
        look(poll)


try:
    serve()
except EOFError:
    for group in living:
        try:
            os.killpg(group, signal.SIGKILL)
        except OSError:
            pass
os._exit(0)
