#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
print('{"failed": true, "msgs": "none", "deep": {"_ansible_x": 1, "y": 2}}')
raise SystemExit(0)
