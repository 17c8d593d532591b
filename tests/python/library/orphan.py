#!/usr/bin/python
import os
import signal
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule(argument_spec={})
os.kill(os.getppid(), signal.SIGKILL)
module.exit_json(changed=False)
