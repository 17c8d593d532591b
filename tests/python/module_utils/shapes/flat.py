import ansible.module_utils.shapes.square
SIDE = ansible.module_utils.shapes.square.SIDE - 2
