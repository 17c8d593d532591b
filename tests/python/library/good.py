#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
def main():
    m = AnsibleModule(argument_spec=dict(a=dict(type='str', required=True), n=dict(type='int', default=3), secret=dict(no_log=True)), supports_check_mode=True)
    m.warn('careful')
    m.deprecate('old', version='9.9', collection_name='ns.coll')
    m.exit_json(changed=not m.check_mode, got=m.params['a'], n=m.params['n'], s=m.params['secret'], tmp=bool(m.tmpdir), ansible_facts=dict(x=1), u='ü')
if __name__ == '__main__':
    main()
