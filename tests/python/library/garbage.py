#!/usr/bin/python
# from ansible.module_utils.basic import *
from ansible.module_utils.basic import AnsibleModule
import sys
print('hello'); sys.stderr.write('oops\n'); sys.exit(3)
