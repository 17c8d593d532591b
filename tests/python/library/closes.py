#!/usr/bin/python
import os
from ansible.module_utils.basic import AnsibleModule
AnsibleModule(argument_spec={})
os.closerange(0, 64)
os._exit(0)
