DOCUMENTATION = r'''
name: teller
type: aggregate
short_description: tells things
options:
  loud:
    description: How loud.
    type: int
    default: 3
    env:
      - name: TELLER_LOUD
    ini:
      - section: teller
        key: loud
  file:
    description:
      - Where to write.
      - Nowhere without.
    type: path
    vars:
      - name: teller_file
  kind:
    choices: [short, long]
    default: short
    env: [{name: TELLER_KIND}]
    ini: [{section: teller, key: kind}]
extends_documentation_fragment:
  - mine.tools.shared
  - mine.tools.shared.more
'''

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'mine.tools.teller'
