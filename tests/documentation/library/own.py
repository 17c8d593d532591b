DOCUMENTATION = """
module: own
short_description: A module of the project
description: [It does nothing.]
options:
  a: {description: an option, required: true}
  b: {description: [another, "which is described at such length that the line has to be broken"], type: list, default: [1]}
"""
EXAMPLES = """
- own: {a: 1}
"""
RETURN = """
x: {description: a value, returned: always, type: str, sample: y}
"""
