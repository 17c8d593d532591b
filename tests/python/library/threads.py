#!/usr/bin/python
import atexit
import os
import subprocess
import threading
import time
from ansible.module_utils.basic import AnsibleModule

done = []


def later():
    time.sleep(0.2)
    done.append("thread")


def main():
    module = AnsibleModule(argument_spec={})
    thread = threading.Thread(target=later)
    thread.start()
    said = subprocess.run(["sh", "-c", "echo said; exit 3"], stdout=subprocess.PIPE)
    rc, out, err = module.run_command(["cat"], data="through")
    thread.join()
    atexit.register(lambda: None)
    module.exit_json(done=done, said=said.stdout.decode(), code=said.returncode, out=out, name=__name__,
                     stdin=os.read(0, 1).decode(), file=os.path.basename(__file__))


if __name__ == "__main__":
    main()
