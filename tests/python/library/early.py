#!/usr/bin/python
import ansible.module_utils.basic
1/0
