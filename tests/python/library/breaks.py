#!/usr/bin/python
# Ends in the way that its argument names.
import os
import signal
import sys
import threading
import time
from ansible.module_utils.basic import AnsibleModule


def half():
    sys.stdout.write('{"changed": false, "x": ')


def before():
    print("one line\n  {not json\n")
    print('{"changed": false, "x": 1}')


def after():
    print('{"changed": false, "x": 1}\nmore\nand } more')


def twice():
    print('{"changed": false, "x": 1}\n{"changed": true, "x": 2}')


def listed():
    print('[{"changed": false}]')


def undecodable():
    os.write(1, b'\xff\xfe\n{"changed": false, "x": "\xe4"}\n')


def zeros():
    os.write(1, b'\0\0\n{"changed": false, "x": 1}\0\n')


def silent():
    pass


def complains():
    sys.stderr.write("line one\nline two\n")
    os._exit(3)


def says():
    raise SystemExit("the end")


def negative():
    raise SystemExit(-1)


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def terminated():
    os.kill(os.getpid(), signal.SIGTERM)


def crashed():
    os.kill(os.getpid(), signal.SIGSEGV)


def interrupted():
    raise KeyboardInterrupt


def result_then_killed():
    os.write(1, b'{"changed": false, "x": 1}\n')
    os.kill(os.getpid(), signal.SIGKILL)


def result_then_code():
    os.write(1, b'{"changed": false, "x": 1}\n')
    os._exit(5)


def endless():
    # ansible-core leaves it running: it ends by itself long after its task.
    until = time.monotonic() + 15
    while time.monotonic() < until:
        pass
    os._exit(0)


def stopped():
    if os.fork() == 0:
        time.sleep(15)
        os.kill(os.getppid(), signal.SIGKILL)
        os._exit(0)
    os.kill(os.getpid(), signal.SIGSTOP)


def deaf():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(15)
    os._exit(0)


def lingers():
    threading.Thread(target=endless).start()


def family():
    for _ in range(3):
        if os.fork() == 0:
            endless()
    endless()


def hungry():
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))
    held = []
    while True:
        held.append(bytearray(1 << 20))


def starving():
    # Until the kernel ends it, but not more than 2 GiB.
    held = [b"x" * (8 << 20) + os.urandom(1) for _ in range(256)]
    print('{"changed": false, "x": %d}' % len(held))


def lavish():
    line = b"all work and no play\n" * 1000
    while True:
        os.write(1, line)


def lavish_error():
    line = b"all work and no play\n" * 1000
    while True:
        os.write(2, line)


def closes():
    os.closerange(0, 256)
    os._exit(0)


def orphan():
    # The interpreter that modules share is killed under it.
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(15)


def executioner():
    # It is killed when this module has ended.
    keeper = os.getppid()
    if os.fork() == 0:
        os.setsid()
        os.closerange(0, 3)
        time.sleep(0.3)
        os.kill(keeper, signal.SIGKILL)
        os._exit(0)
    print('{"changed": true}')


def uproots():
    # The interpreter of this host is removed.
    os.remove(os.path.join(os.path.expanduser("~"), "python-to-remove"))
    print('{"changed": true}')


def marks():
    # Tells that it has begun, and goes on until it is killed.
    open(os.path.join(os.path.expanduser("~"), "begun"), "w").close()
    if os.fork() == 0:
        deaf()
    deaf()


def replaced():
    os.execv("/bin/echo", ["echo", '{"changed": true, "x": "echo"}'])


def reads():
    input()


def daemon():
    if os.fork() == 0:
        os.setsid()
        time.sleep(1.5)
        os._exit(0)
    print('{"changed": true, "x": "daemon"}')


def scribbles():
    for descriptor in range(3, 256):
        try:
            os.write(descriptor, b"\xff" * 64)
        except OSError:
            pass
    print('{"changed": true, "x": "scribbles"}')


def changes():
    import locale
    import resource
    os.chdir("/")
    os.umask(0)
    os.environ["BREAKS"] = "yes"
    os.environ["PATH"] = "/nowhere"
    locale.setlocale(locale.LC_ALL, "C")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGPIPE, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
    signal.alarm(30)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    os.nice(3)
    sys.path[:] = []
    sys.setrecursionlimit(100)
    import json
    json.dumps = None
    sys.stdout.write('{"changed": true, "x": "changes"}\n')


def looks():
    import json
    import locale
    import resource
    mask = os.umask(0)
    os.umask(mask)
    print(json.dumps({
        "changed": False, "cwd": os.getcwd(), "mask": mask, "own": os.environ.get("BREAKS"), "path": os.environ["PATH"],
        "locale": locale.setlocale(locale.LC_ALL), "files": resource.getrlimit(resource.RLIMIT_NOFILE), "nice": os.nice(0),
        "signals": [str(signal.getsignal(n)).split(" at ")[0] for n in (1, 2, 3, 10, 12, 13, 15, 17)],
        "blocked": [int(n) for n in signal.pthread_sigmask(signal.SIG_BLOCK, [])], "depth": sys.getrecursionlimit(),
        "alarm": signal.alarm(0), "argv": len(sys.argv),
    }, sort_keys=True))


module = AnsibleModule(argument_spec=dict(how=dict(required=True)))
globals()[module.params["how"]]()
raise SystemExit(0)
