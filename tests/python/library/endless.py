#!/usr/bin/python
import time
from ansible.module_utils.basic import AnsibleModule
AnsibleModule(argument_spec={})
while True:
    time.sleep(1)
