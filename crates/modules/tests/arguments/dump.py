"""Prints what modules declare about their arguments, as JSON: dump.py MODULE... -> {MODULE: declaration}.

A module is imported and its `main` started; where it hands its declaration to `AnsibleModule`, that is noted and the
module ends. A module whose collection is not installed is left out.
"""

import importlib
import importlib.util
import json
import sys

import ansible.module_utils.basic as basic

GROUPS = ("mutually_exclusive", "required_together", "required_one_of", "required_if", "required_by")


class Declared(BaseException):
    """The end of a module that has declared its arguments."""


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def groups(given):
    """The rules between arguments, in one form."""
    found = {}
    for name in GROUPS:
        rules = given.get(name) or []
        if name == "required_by":
            rules = [[key, [names] if isinstance(names, str) else list(names)] for key, names in dict(rules).items()]
        elif name == "required_if":
            rules = [
                [key, text(value), [names] if isinstance(names, str) else list(names), bool(more and more[0])]
                for key, value, names, *more in rules
            ]
        else:
            if rules and isinstance(rules[0], str):
                rules = [rules]
            rules = [list(names) for names in rules]
        found[name] = rules
    return found


def plain(value):
    if isinstance(value, dict):
        return {text(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else text(value)


def arguments(declared):
    found = {}
    for name, about in declared.items():
        kind = about.get("type")
        if kind is None:
            kind = "str"
        removed = about.get("removed_in_version") or about.get("removed_at_date")
        found[name] = {
            "type": kind if isinstance(kind, str) else getattr(kind, "__name__", text(kind)),
            "elements": about.get("elements"),
            "aliases": list(about.get("aliases") or []),
            "choices": [text(choice) for choice in about.get("choices") or []],
            "required": bool(about.get("required")),
            "default": plain(about.get("default")),
            "no_log": bool(about.get("no_log")),
            "removed": [text(removed), about.get("removed_from_collection")] if removed else None,
            "deprecated_aliases": [alias["name"] for alias in about.get("deprecated_aliases") or []],
            "fallback": bool(about.get("fallback")),
            "options": None,
        }
        if about.get("options") is not None:
            found[name]["options"] = {"arguments": arguments(about["options"]), **groups(about)}
    return found


def declare(self, argument_spec, supports_check_mode=False, add_file_common_args=False, **given):
    declared = dict(argument_spec)
    if add_file_common_args:
        for name, about in basic.FILE_COMMON_ARGUMENTS.items():
            declared.setdefault(name, about)
    raise Declared({"check": bool(supports_check_mode), "arguments": arguments(declared), **groups(given)})


basic.AnsibleModule.__init__ = lambda self, argument_spec, *values, **given: declare(
    self,
    argument_spec,
    **dict(
        zip(
            (
                "bypass_checks",
                "no_log",
                "mutually_exclusive",
                "required_together",
                "required_one_of",
                "add_file_common_args",
                "supports_check_mode",
                "required_if",
                "required_by",
            ),
            values,
        )
    ),
    **given,
)

answer = {}
known = set(sys.modules)
for module in sys.argv[1:]:
    # What one module changes in a declaration that it shares with others is its own.
    for name in [name for name in sys.modules if name.startswith("ansible.") and name not in known]:
        del sys.modules[name]
    if "." in module:
        namespace, collection, short = module.split(".")
        place = f"ansible_collections.{namespace}.{collection}"
        try:
            there = importlib.util.find_spec(place)
        except ImportError:
            there = None
        if there is None:
            continue
        place += ".plugins.modules." + short
    else:
        place = "ansible.modules." + module
    try:
        importlib.import_module(place).main()
    except Declared as declared:
        answer[module] = declared.args[0]
    except BaseException as error:
        sys.exit(f"{module}: ends before it declares its arguments: {error!r}")
    else:
        sys.exit(f"{module}: declares no arguments")
print(json.dumps(answer))
