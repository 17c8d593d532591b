"""Fragments for the tests of documentation."""


class ModuleDocFragment(object):
    DOCUMENTATION = r"""
requirements: [zeta, alpha, own]
notes: [Note of the fragment.]
seealso: [{module: one.two.three}]
options:
  shared: {description: Said there., type: int, version_added: "1.5"}
  other: {description: Other., type: path}
attributes:
  check_mode: {support: none, description: Said there.}
  diff_mode: {support: none, description: Not here.}
"""
    MORE = r'''
options: {}
notes: [One more.]
'''
