#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
m = AnsibleModule(argument_spec=dict(a=dict(type='int')))
try:
    1/0
except Exception as e:
    m.fail_json(msg='bad thing', rc=7, exception=e)
