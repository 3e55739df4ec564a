"""Whether Slack would take the blocks of a message, or a view; and if not, what it would say.

Nothing here raises: whatever the app sends, the answer is a list of faults.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.block_kit import sdk
from sandbox.block_kit.blocks import BLOCKS, Surface
from sandbox.block_kit.composition import TYPE, plain
from sandbox.block_kit.rules import (
    Fault,
    Faults,
    Json,
    Rule,
    array,
    boolean,
    fields,
    kinds,
    string,
)

MOST_CHARTS = 2
MOST_MARKDOWN = 12_000

BLOCK_ARRAYS: dict[Surface, Rule] = {
    "message": array(kinds(BLOCKS["message"]), 50, least=0),
    "modal": array(kinds(BLOCKS["modal"]), 100),
    "home": array(kinds(BLOCKS["home"]), 100),
}

ABOUT_A_VIEW = {
    "private_metadata": string(3_000, shortest=0),
    "callback_id": string(255, shortest=0),
    "external_id": string(255, shortest=0),
}
VIEWS: dict[Surface, Rule] = {
    "modal": fields(
        {**TYPE, "title": plain(24), "blocks": BLOCK_ARRAYS["modal"]},
        {
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            **ABOUT_A_VIEW,
        },
    ),
    "home": fields({**TYPE, "blocks": BLOCK_ARRAYS["home"]}, ABOUT_A_VIEW),
}


def message_faults(blocks: Any, at: str = "/blocks") -> Faults:
    """`at` is where in the arguments of the call the blocks stand."""
    faults: Faults = []
    BLOCK_ARRAYS["message"](blocks, at, faults)
    if faults:
        return faults
    faults = _repeated_ids(blocks, at) + _too_many(blocks, at)
    return faults or sdk.block_faults(blocks, at)


def view_faults(view: Any, surface: Surface, at: str = "/view") -> Faults:
    faults: Faults = []
    kinds({surface: VIEWS[surface]})(view, at, faults)
    if faults:
        return faults
    blocks = view["blocks"]
    faults = _repeated_ids(blocks, f"{at}/blocks") + _several_in_focus(blocks, f"{at}/blocks")
    if surface == "modal" and "submit" not in view:
        faults += _inputs_without_submit(blocks, f"{at}/blocks")
    return faults or sdk.view_faults(view, at) + sdk.block_faults(blocks, f"{at}/blocks")


def tables(blocks: list[Json], at: str = "/blocks") -> list[str]:
    """The pointers of the tables. Slack takes one in a message."""
    return [
        pointer
        for block, pointer in _each(blocks, at)
        if block.get("type") in ("table", "data_table")
    ]


def _each(blocks: list[Json], at: str) -> Iterator[tuple[Json, str]]:
    """Every block and where it is, those in containers too."""
    for place, block in enumerate(blocks):
        yield block, f"{at}/{place}"
        yield from _each(block.get("child_blocks", []), f"{at}/{place}/child_blocks")


def _repeated_ids(blocks: list[Json], at: str) -> Faults:
    seen: set[str] = set()
    faults: Faults = []
    for block, pointer in _each(blocks, at):
        block_id = block.get("block_id")
        if block_id in seen:
            faults.append(Fault(f"{pointer}/block_id", f"`block_id` already exists: {block_id}"))
        elif block_id is not None:
            seen.add(block_id)
    return faults


def _too_many(blocks: list[Json], at: str) -> Faults:
    """Slack adds up charts, plans and Markdown over the whole message."""
    found = list(_each(blocks, at))
    faults: Faults = []
    for kind, most in (("data_visualization", MOST_CHARTS), ("plan", 1)):
        for _, pointer in [one for one in found if one[0]["type"] == kind][most:]:
            faults.append(Fault(pointer, f"no more than {most} {kind} blocks allowed"))
    markdown = sum(len(block["text"]) for block, _ in found if block["type"] == "markdown")
    if markdown > MOST_MARKDOWN:
        faults.append(Fault(at, f"must be less than {MOST_MARKDOWN + 1} characters"))
    return faults


def _inputs_without_submit(blocks: list[Json], at: str) -> Faults:
    return [
        Fault(f"{at}/{place}/input", "must define `submit` to use an `input` block in modals")
        for place, block in enumerate(blocks)
        if block["type"] == "input"
    ]


def _several_in_focus(blocks: list[Json], at: str) -> Faults:
    focused = [
        pointer
        for block, pointer in _each(blocks, at)
        for element in (
            *block.get("elements", []),
            block.get("element", {}),
            block.get("accessory", {}),
        )
        if element.get("focus_on_load")
    ]
    return [Fault(pointer, "only one element may have `focus_on_load`") for pointer in focused[1:]]
