"""Finding one's way in Block Kit JSON."""

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]


def identified(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """The blocks with a block_id each, and an action_id on each element, as Slack adds them.

    The blocks given stay as they are; only what changes is copied.
    """
    return [_identified_block(block, new_id) for block in blocks]


def _identified_block(block: Json, new_id: Callable[[], str]) -> Json:
    block = {**block} if block.get("block_id") else {**block, "block_id": new_id()}
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            block[key] = _identified_element(block[key], new_id)
    if block.get("type") == "actions" and isinstance(block.get("elements"), list):
        block["elements"] = [_identified_element(one, new_id) for one in block["elements"]]
    return block


def _identified_element(element: Any, new_id: Callable[[], str]) -> Any:
    if not isinstance(element, dict) or element.get("type") == "image" or "action_id" in element:
        return element
    return {**element, "action_id": new_id()}


def interactive_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """(block, element) for everything a person can press, choose or fill, from the top down."""
    for block in blocks:
        kind = block.get("type")
        if kind == "actions":
            found = block.get("elements", [])
        elif kind == "input":
            found = [block.get("element")]
        else:
            found = [block.get("accessory")]
        for element in found:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def options_of(element: Json) -> list[Json]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(one for group in groups for one in group["options"])]
