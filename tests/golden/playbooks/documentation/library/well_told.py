#!/usr/bin/python
"""A module for the tests of documentation: every mark, every section, every kind of option."""

DOCUMENTATION = r"""
module: well_told
short_description: Shows every I(mark).
description:
  - I(slanted) B(thick) C(fixed) M(ansible.builtin.copy) L(words, https://example.org/here) U(https://example.org).
  - R(words, some_reference) P(ansible.builtin.file#lookup) E(HOME) V(one\)two\\three).
  - O(path) O(path=/etc) O(rules[].name=V) O(ansible.builtin.copy#module:dest=x) RV(seen) RV(ansible.builtin.copy#module:dest.x).
  - "O(one.two.three#role:main:path) O(ignore:path=1) V() XI(none) HORIZONTALLINE after."
  - ".. note:: text :ref:`target` .. seealso:: text .. versionadded:: 1"
  - "The first paragraph.\n\nThe second   paragraph, with averyveryveryveryveryveryveryveryveryveryveryverylongword-with-hyphens-in-it."
version_added: "1.2"
requirements:
  - something C(small)
  - something else, which takes so many words that they have to go on in the next line
notes:
  - A note that is I(short).
  - A note that is so long that it has to be put into more than one line of the page.
seealso:
  - module: ansible.builtin.copy
    description: Own words about it.
  - module: one.two.three
    description: Words about another.
  - plugin: ansible.builtin.file
    plugin_type: lookup
  - plugin: one.two.file
    plugin_type: lookup
    description: Words.
  - name: A place
    link: https://example.org/place
    description: Words about the place.
  - ref: some_reference
    description: Words about the reference.
author:
  - One (@one)
  - Two (@two)
todo: [this, that]
extra: {a: 1, b: [1, 2]}
attributes:
  zeta: {support: full, description: [first, second], details: O(path) matters.}
  alpha: {support: none, description: Nothing.}
options:
  path:
    description: The path.
    type: list
    elements: str
    required: yes
    choices: [a-rather-long-choice-number-one, a-rather-long-choice-number-two, a-rather-long-choice-number-three, four, five]
    aliases: [place, dest]
  mode:
    description: []
    default: C(x)
    type: str
    choices: {one: O(path) one, two: [three, four]}
  an_option_with_a_long_name:
    description: ["", "Second."]
    default: [1, true, null]
    more: {a: [1, 2]}
    text: "two\nlines"
  rules:
    description: The rules.
    type: list
    elements: dict
    version_added: "2.0"
    suboptions:
      name:
        description: [Its name., More.]
        required: true
        type: str
        version_added: '1.0'
      inner: {description: Deeper., type: dict, suboptions: {deepest: {description: Deepest., type: int, default: 4}}}
"""

EXAMPLES = """
- name: An example
  well_told:
    path: [a]
"""

RETURN = """
seen:
  description: What was seen.
  returned: O(path) is given
  type: complex
  sample: [a, {b: c}]
  contains:
    one: {description: One., type: str, sample: {a: b}}
count: {description: [How many.], returned: always, type: int, sample: 3}
"""
