#!/usr/bin/python
import json
from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.six.moves import urllib
from ansible.module_utils.common.text.converters import to_native
from ansible.module_utils import shapes
from ansible.module_utils.shapes import square, round as ball
from ansible.module_utils.shapes.square import SIDE
import ansible.module_utils.shapes.flat as flat


def main():
    module = AnsibleModule(argument_spec=dict(word=dict(fallback=(env_fallback, ["NO_SUCH_VARIABLE"]))))
    module.exit_json(
        sides=[SIDE, square.SIDE, ball.SIDE, flat.SIDE, shapes.NAME],
        quoted=urllib.parse.quote(to_native(u"a b")), word=module.params["word"])


main()
