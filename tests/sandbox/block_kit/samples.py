"""Small good blocks to make bad ones of."""

from collections.abc import Sequence
from typing import Any

from sandbox.block_kit.blocks import Surface
from sandbox.block_kit.check import message_faults, view_faults

Json = dict[str, Any]


def plain(text: str = "Words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Words*") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Words", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "go", text: str = "Go", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(value: str = "a", text: str = "A", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(place)) for place in range(count)]


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def confirm(**more: Any) -> Json:
    dialog = {"title": plain(), "text": plain(), "confirm": plain("Yes"), "deny": plain("No")}
    return dialog | more


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A"} | more


def rich_text(*leaves: Json) -> Json:
    section = {"type": "rich_text_section", "elements": list(leaves)}
    return {"type": "rich_text", "elements": [section]}


def cell(text: str = "A") -> Json:
    return {"type": "raw_text", "text": text}


def table(height: int = 2, width: int = 2, **more: Any) -> Json:
    return {"type": "table", "rows": [[cell()] * width for _ in range(height)]} | more


def data_table(height: int = 2, width: int = 2, **more: Any) -> Json:
    return table(height, width) | {"type": "data_table", "caption": "Scores"} | more


def pie(count: int = 2, value: float = 1, title: str = "Shares") -> Json:
    segments = [{"label": f"S{place}", "value": value} for place in range(count)]
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": "pie", "segments": segments},
    }


def lines(kind: str = "line", series: int = 1, points: int = 2, **axes: str) -> Json:
    labels = [f"P{place}" for place in range(points)]
    data = [{"label": label, "value": -1.5} for label in labels]
    chart = {
        "type": kind,
        "series": [{"name": f"N{place}", "data": data} for place in range(series)],
        "axis_config": {"categories": labels, **axes},
    }
    return {"type": "data_visualization", "title": "Trend", "chart": chart}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [section()],
    } | more


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks) or [section()]} | more


def faults(block: Json, surface: Surface = "message") -> dict[str, str]:
    """What is said against one block, by where in it; "" is the block itself."""
    if surface == "message":
        found, start = message_faults([block]), "/blocks/0"
    else:
        view = modal(block) if surface == "modal" else home(block)
        found, start = view_faults(view, surface), "/view/blocks/0"
    return {fault.pointer.removeprefix(start): fault.reason for fault in found}


def pointers(found: Sequence[object]) -> list[str]:
    return [str(fault).partition("[json-pointer:")[2].removesuffix("]") for fault in found]
