from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.datatag import deprecate_value
METADATA = """
schema_version: 1
serialization_profile: modern
"""
def main():
    m = AnsibleModule(argument_spec={})
    m.exit_json(old=deprecate_value('x', "old!", version='9.9'), oldl=deprecate_value([1, deprecate_value(2, 'two', date='2030-01-01')], 'list old', help_text='use new', version='3.0'),
       oldd=deprecate_value({'k': 1}, 'dict old'), n=deprecate_value(1.5, 'f', collection_name='a.b', version='1'), b=deprecate_value('y', 'b old'), ansible_facts={'oldfact': deprecate_value('fff', 'fact old', version='5.0')},
       t=deprecate_value(True,'boo'), no=deprecate_value(None, 'non'))
if __name__ == "__main__":
    main()
