class ModuleDocFragment(object):
    DOCUMENTATION = r'''
options:
  loud:
    version_added: 1.0.0
    default: 9
  who:
    description: Whom to tell.
    type: list
    elements: str
    default: []
    version_added: 1.1.0
    ini:
      - section: told
        key: who
        version_added: 1.2.0
'''
    MORE = '''
options:
  separator:
    description: Between two, such as C(\\t).
    default: ","
    required: true
    env:
      - name: TELLER_SEPARATOR
'''
