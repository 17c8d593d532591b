"""A module for the tests of documentation that takes in fragments."""

DOCUMENTATION = """
module: taking
short_description: Takes in fragments.
description: Takes.
requirements: [own]
notes: [Own note.]
options:
  own: {description: Its own., type: str}
  shared: {description: Said here., default: 5}
attributes:
  check_mode: {support: full}
extends_documentation_fragment:
  - ours
  - ours.more
"""
