#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.of_role import WORD
AnsibleModule(argument_spec={}).exit_json(location="role", word=WORD)
