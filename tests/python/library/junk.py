#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
print('before')
print('{"changed": false, "x": 1}')
print('after')
raise SystemExit(0)
