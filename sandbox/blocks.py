"""Finding one's way in the JSON of blocks that Slack has taken."""

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]

# Under which key a block holds elements with an action_id, or blocks.
ELEMENTS = {"actions": "elements", "card": "actions", "context_actions": "elements"}
INNER_BLOCKS = {"carousel": "elements", "container": "child_blocks"}


def identified(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """The blocks with a block_id each, and an action_id on each element, as Slack adds them.

    The blocks given stay as they are; only what changes is copied.
    """
    return [_identified_block(block, new_id) for block in blocks]


def _identified_block(block: Json, new_id: Callable[[], str]) -> Json:
    block = {**block} if block.get("block_id") else {**block, "block_id": new_id()}
    for key in ("accessory", "element"):
        if key in block:
            block[key] = _identified_element(block[key], new_id)
    elements, inner = ELEMENTS.get(block["type"], ""), INNER_BLOCKS.get(block["type"], "")
    if elements in block:
        block[elements] = [_identified_element(one, new_id) for one in block[elements]]
    if inner in block:
        block[inner] = identified(block[inner], new_id)
    return block


def _identified_element(element: Json, new_id: Callable[[], str]) -> Json:
    if element["type"] == "image" or "action_id" in element:
        return element
    return {**element, "action_id": new_id()}


def interactive_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """(block, element) for everything a person can press, choose or fill, from the top down."""
    for block in blocks:
        kind = block["type"]
        for element in (
            block.get("accessory", {}),
            block.get("element", {}),
            *block.get(ELEMENTS.get(kind, ""), []),
        ):
            if "action_id" in element and kind != "context_actions":
                yield block, element
        yield from interactive_elements(block.get(INNER_BLOCKS.get(kind, ""), []))


def options_of(element: Json) -> list[Json]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(one for group in groups for one in group["options"])]
