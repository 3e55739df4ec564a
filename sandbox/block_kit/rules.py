"""The words in which the rule tables are written, and what a broken rule is.

A rule looks at one value, at a JSON pointer, and adds what Slack would say against it. Sentences
are Slack's own where an answer of Slack's is known ("must be less than 151 characters"), else ours.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where, counted from the arguments of the call: /blocks/3/text/text."""

    pointer: str
    reason: str

    def __str__(self) -> str:
        return f"{self.reason} [json-pointer:{self.pointer}]"


Faults = list[Fault]
Rule = Callable[[Any, str, Faults], None]


def string(longest: int | None = None, *, shortest: int = 1) -> Rule:
    def check(value: Any, at: str, faults: Faults) -> None:
        if not isinstance(value, str):
            faults.append(Fault(at, "must provide a string"))
        elif len(value) < shortest:
            faults.append(Fault(at, f"must be more than {shortest - 1} characters"))
        elif longest is not None and len(value) > longest:
            faults.append(Fault(at, f"must be less than {longest + 1} characters"))

    return check


def formed(wanted: str, fits: Callable[[str], object]) -> Rule:
    """A string that `fits` reads without a ValueError, such as a date."""

    def check(value: Any, at: str, faults: Faults) -> None:
        if not isinstance(value, str):
            faults.append(Fault(at, "must provide a string"))
            return
        try:
            fits(value)
        except ValueError:
            faults.append(Fault(at, f"must be {wanted}"))

    return check


def integer(least: int, most: int | None = None) -> Rule:
    def check(value: Any, at: str, faults: Faults) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            faults.append(Fault(at, "must provide an integer"))
        elif value < least or (most is not None and value > most):
            upper = "" if most is None else f" and at most {most}"
            faults.append(Fault(at, f"must be at least {least}{upper}"))

    return check


def number(value: Any, at: str, faults: Faults) -> None:
    """Finite: JSON has no infinity, but Python's reader takes one."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not abs(value) < float("inf"):
        faults.append(Fault(at, "must provide a number"))


def any_value(value: Any, at: str, faults: Faults) -> None:
    """Looked at elsewhere."""


def boolean(value: Any, at: str, faults: Faults) -> None:
    if not isinstance(value, bool):
        faults.append(Fault(at, "must provide a boolean"))


def choice(*allowed: str | int) -> Rule:
    def check(value: Any, at: str, faults: Faults) -> None:
        if isinstance(value, bool) or value not in allowed:
            faults.append(Fault(at, f"must be one of {', '.join(map(str, allowed))}"))

    return check


def array(rule: Rule, most: int | None = None, *, least: int = 1) -> Rule:
    def check(value: Any, at: str, faults: Faults) -> None:
        if not isinstance(value, list):
            faults.append(Fault(at, "must provide an array"))
            return
        if len(value) < least:
            faults.append(Fault(at, f"no fewer than {least} items allowed"))
        if most is not None and len(value) > most:
            faults.append(Fault(at, f"no more than {most} items allowed"))
        for place, item in enumerate(value):
            rule(item, f"{at}/{place}", faults)

    return check


def fields(required: Mapping[str, Rule], optional: Mapping[str, Rule], *more: Rule) -> Rule:
    """An object with these keys and no others. `more` sees objects whose keys are all well."""
    rules = {**required, **optional}

    def check(value: Any, at: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.append(Fault(at, "must provide an object"))
            return
        before = len(faults)
        for key in required:
            if key not in value:
                faults.append(Fault(at, f"missing required field: {key}"))
        for key, inner in value.items():
            rule = rules.get(key)
            if rule is None:
                faults.append(Fault(at, f"invalid additional property: {key}"))
            else:
                rule(inner, f"{at}/{key}", faults)
        if more and len(faults) == before:
            for rule in more:
                rule(value, at, faults)

    return check


def kinds(rules: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which rule is for it."""

    def check(value: Any, at: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.append(Fault(at, "must provide an object"))
        elif "type" not in value:
            faults.append(Fault(at, "missing required field: type"))
        elif not isinstance(value["type"], str) or value["type"] not in rules:
            faults.append(Fault(f"{at}/type", f"unsupported type: {value['type']}"))
        else:
            rules[value["type"]](value, at, faults)

    return check


def any_schema(rule: Rule) -> Rule:
    """Where several schemas are allowed, Slack first says that none of them fits."""

    def check(value: Any, at: str, faults: Faults) -> None:
        inner: Faults = []
        rule(value, at, inner)
        if inner:
            faults += [Fault(at, "failed to match all allowed schemas"), *inner]

    return check


def one_of_keys(*names: str) -> Rule:
    """Exactly one of these keys is there."""

    def check(value: Json, at: str, faults: Faults) -> None:
        if sum(name in value for name in names) != 1:
            listed = " or ".join(f"`{name}`" for name in names)
            faults.append(Fault(at, f"must define either {listed}"))

    return check


def distinct(array_key: str, item_key: str) -> Rule:
    """No two items of the array have the same value under this key."""

    def check(value: Json, at: str, faults: Faults) -> None:
        seen: set[str] = set()
        for place, item in enumerate(value.get(array_key, [])):
            name = item.get(item_key)
            if name in seen:
                pointer = f"{at}/{array_key}/{place}/{item_key}"
                faults.append(Fault(pointer, f"`{item_key}` already exists: {name}"))
            elif name is not None:
                seen.add(name)

    return check


def without(rules: Mapping[str, Rule], left_out: Collection[str]) -> dict[str, Rule]:
    return {name: rule for name, rule in rules.items() if name not in left_out}
