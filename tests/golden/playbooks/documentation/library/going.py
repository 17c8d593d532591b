"""A module for the tests of documentation: it is going away and takes in a fragment."""

DOCUMENTATION = ("module: going\n"
                 'short_description: Goes away\n'
                 "description: Goes.\n"
                 "deprecated: {why: It is old, removed_in: '3.0', alternative: none}\n"
                 "options: {own: {description: Its own., type: str}}\n")
