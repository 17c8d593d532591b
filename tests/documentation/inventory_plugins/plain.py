DOCUMENTATION = """
name: plain
short_description: Hosts from nowhere
description: [none]
options:
  size: {description: how large it is, type: int, required: true}
  kind: {description: [of what kind], type: str, default: small}
"""
