"""A module for the tests of documentation that has none."""
