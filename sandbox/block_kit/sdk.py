"""What slack_sdk's own models say against blocks and views that our rules find well."""

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from sandbox.block_kit.rules import Fault, Faults, Json

KNOWN = {vars(kind)["type"] for kind in Block.__subclasses__()}


def block_faults(blocks: list[Json], at: str) -> Faults:
    faults: Faults = []
    for place, block in enumerate(blocks):
        if block["type"] in KNOWN:
            faults += _faults(Block.parse, block, f"{at}/{place}")
    return faults


def view_faults(view: Json, at: str) -> Faults:
    """Of what is around the blocks: a divider stands for those, as a View wants some."""
    return _faults(lambda given: View(**given), {**view, "blocks": [{"type": "divider"}]}, at)


def _faults(build: Callable[[Json], JsonObject | None], given: Json, at: str) -> Faults:
    try:
        for part in _parts(build(given)):
            for validate in _validators(type(part)):
                validate(part)
    except SlackObjectFormationError as error:
        return [Fault(at, str(error))]
    return []


def _parts(value: Any) -> Iterator[JsonObject]:
    """The object and every one inside it."""
    if isinstance(value, JsonObject):
        yield value
        for inner in vars(value).values():
            yield from _parts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _parts(inner)


@cache
def _validators(kind: type[JsonObject]) -> tuple[Callable[[JsonObject], object], ...]:
    """What `validate_json` calls; that looks for them anew each time, which takes ten times
    as long."""
    return tuple(
        method
        for _, method in inspect.getmembers(kind, callable)
        if getattr(method, "validator", False)
    )
