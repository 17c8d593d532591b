#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.there_is_none import thing
AnsibleModule(argument_spec={}).exit_json(thing=thing)
