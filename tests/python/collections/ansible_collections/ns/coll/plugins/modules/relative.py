#!/usr/bin/python
from ..module_utils.deep.words import loud
from ansible_collections.ns.coll.plugins.module_utils import plain
from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(argument_spec=dict(word=dict(required=True)), supports_check_mode=True)
    module.exit_json(said=loud(module.params["word"]), plain=plain.WORD)


if __name__ == "__main__":
    main()
