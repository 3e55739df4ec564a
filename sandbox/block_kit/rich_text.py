"""Rich text: sections, lists, quotes and preformatted text, and what stands in them.

docs.slack.dev/reference/block-kit/blocks/rich-text-block. Slack takes empty sections.
"""

from sandbox.block_kit.composition import LINK, TYPE, URL
from sandbox.block_kit.rules import (
    Rule,
    array,
    boolean,
    choice,
    fields,
    integer,
    kinds,
    string,
)

STYLES = fields(
    {},
    {
        "bold": boolean,
        "italic": boolean,
        "strike": boolean,
        "code": boolean,
        "underline": boolean,
        "highlight": boolean,
        "client_highlight": boolean,
        "unlink": boolean,
    },
)


def _leaf(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    return fields({**TYPE, **required}, {**(optional or {}), "style": STYLES})


LEAVES = {
    "text": _leaf({"text": string()}),
    "link": _leaf({"url": LINK}, {"text": string(shortest=0), "unsafe": boolean}),
    "emoji": _leaf(
        {"name": string()}, {"unicode": string(), "url": URL, "skin_tone": integer(1, 6)}
    ),
    "user": _leaf({"user_id": string()}),
    "usergroup": _leaf({"usergroup_id": string()}),
    "team": _leaf({"team_id": string()}),
    "channel": _leaf({"channel_id": string()}),
    "broadcast": _leaf({"range": choice("here", "channel", "everyone")}),
    "color": _leaf({"value": string()}),
    "date": _leaf(
        {"timestamp": integer(0), "format": string()}, {"url": URL, "fallback": string()}
    ),
}

_WORDS = array(kinds(LEAVES), least=0)
_BORDER = {"border": choice(0, 1)}
SECTION = fields({**TYPE, "elements": _WORDS}, {})

PARTS = {
    "rich_text_section": SECTION,
    "rich_text_list": fields(
        {
            **TYPE,
            "elements": array(kinds({"rich_text_section": SECTION})),
            "style": choice("bullet", "ordered"),
        },
        {"indent": integer(0, 8), "offset": integer(0), **_BORDER},
    ),
    "rich_text_quote": fields({**TYPE, "elements": _WORDS}, _BORDER),
    "rich_text_preformatted": fields(
        {**TYPE, "elements": _WORDS}, {"language": string(), **_BORDER}
    ),
}

RICH_TEXT = kinds(
    {
        "rich_text": fields(
            {**TYPE, "elements": array(kinds(PARTS), least=0)}, {"block_id": string(255)}
        )
    }
)
