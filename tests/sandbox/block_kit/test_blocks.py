"""Layout blocks: each limit kept and exceeded by one, what is wrong, and where each may stand."""

import pytest

from sandbox.block_kit.blocks import BLOCKS
from tests.sandbox.block_kit.samples import (
    actions,
    button,
    data_table,
    faults,
    field,
    image,
    mrkdwn,
    pie,
    plain,
    rich_text,
    section,
    table,
)

INPUT = field({"type": "plain_text_input"})
CARD = {"type": "card", "title": mrkdwn()}
TASK = {"type": "task_card", "task_id": "1", "title": "Look", "status": "pending"}
VIDEO = {
    "type": "video",
    "alt_text": "A film",
    "title": plain(),
    "thumbnail_url": "https://example.org/a.png",
    "video_url": "https://example.org/a.mp4",
}
CONTEXT_BUTTON = {"type": "icon_button", "icon": "trash", "text": plain()}
FEEDBACK_BUTTONS = {
    "type": "feedback_buttons",
    "positive_button": {"text": plain(), "value": "up"},
    "negative_button": {"text": plain(), "value": "down"},
}


def context(count: int) -> dict:
    return {"type": "context", "elements": [mrkdwn()] * count}


def container(*blocks: dict, **more: object) -> dict:
    return {"type": "container", "title": plain(), "child_blocks": list(blocks)} | more


def many_buttons(count: int) -> list[dict]:
    return [button(str(place)) for place in range(count)]


LIMITS = {
    "header": (lambda n: {"type": "header", "text": plain("W" * n)}, 150, "/text/text"),
    "section text": (lambda n: section("W" * n), 3_000, "/text/text"),
    "section fields": (
        lambda n: {"type": "section", "fields": [plain()] * n},
        10,
        "/fields",
    ),
    "a field": (
        lambda n: {"type": "section", "fields": [mrkdwn("W" * n)]},
        2_000,
        "/fields/0/text",
    ),
    "block_id": (lambda n: section(block_id="W" * n), 255, "/block_id"),
    "context": (context, 10, "/elements"),
    "context text": (
        lambda n: {"type": "context", "elements": [plain("W" * n)]},
        3_000,
        "/elements/0/text",
    ),
    "actions": (lambda n: actions(*many_buttons(n)), 25, "/elements"),
    "context actions": (
        lambda n: {"type": "context_actions", "elements": [CONTEXT_BUTTON] * n},
        5,
        "/elements",
    ),
    "label": (lambda n: INPUT | {"label": plain("W" * n)}, 2_000, "/label/text"),
    "hint": (lambda n: INPUT | {"hint": plain("W" * n)}, 2_000, "/hint/text"),
    "image alt_text": (lambda n: image(alt_text="W" * n), 2_000, "/alt_text"),
    "image_url": (lambda n: image(image_url="https://a/".ljust(n, "W")), 3_000, "/image_url"),
    "image title": (lambda n: image(title=plain("W" * n)), 2_000, "/title/text"),
    "markdown": (lambda n: {"type": "markdown", "text": "W" * n}, 12_000, "/text"),
    "card title": (lambda n: CARD | {"title": mrkdwn("W" * n)}, 150, "/title/text"),
    "card subtitle": (lambda n: CARD | {"subtitle": plain("W" * n)}, 150, "/subtitle/text"),
    "card body": (lambda n: CARD | {"body": mrkdwn("W" * n)}, 200, "/body/text"),
    "card actions": (lambda n: CARD | {"actions": many_buttons(n)}, 3, "/actions"),
    "carousel": (lambda n: {"type": "carousel", "elements": [CARD] * n}, 10, "/elements"),
    "container": (lambda n: container(*[section()] * n), 10, "/child_blocks"),
    "container title": (
        lambda n: container(section(), title=plain("W" * n)),
        150,
        "/title/text",
    ),
    "video title": (lambda n: VIDEO | {"title": plain("W" * n)}, 199, "/title/text"),
    "video author": (lambda n: VIDEO | {"author_name": "W" * n}, 49, "/author_name"),
    "video alt_text": (lambda n: VIDEO | {"alt_text": "W" * n}, 200, "/alt_text"),
}

MODAL_LIMITS = {
    "alert": (lambda n: {"type": "alert", "text": plain("W" * n)}, 200, "/text/text"),
}

WRONG = {
    "an unknown block": ({"type": "marquee"}, "/type", "unsupported type: marquee"),
    "no type": ({"text": plain()}, "", "missing required field: type"),
    "a type that is no string": ({"type": ["section"]}, "/type", "unsupported type: ['section']"),
    "no object": ("section", "", "must provide an object"),
    "an unknown key": (
        section(colour="red"),
        "",
        "invalid additional property: colour",
    ),
    "a header in mrkdwn": (
        {"type": "header", "text": mrkdwn()},
        "/text/type",
        "unsupported type: mrkdwn",
    ),
    "a header without text": ({"type": "header"}, "", "missing required field: text"),
    "an empty text": (section(""), "/text/text", "must be more than 0 characters"),
    "a section with nothing": (
        {"type": "section"},
        "/type",
        "must define either `text` or `fields`",
    ),
    "no fields": ({"type": "section", "fields": []}, "/fields", "no fewer than 1 items allowed"),
    "an input as an accessory": (
        section(accessory={"type": "plain_text_input"}),
        "/accessory/type",
        "unsupported type: plain_text_input",
    ),
    "an image among the actions": (
        actions(image()),
        "/elements/0/type",
        "unsupported type: image",
    ),
    "a button in a context": (
        {"type": "context", "elements": [button()]},
        "/elements/0/type",
        "unsupported type: button",
    ),
    "a button as an input": (
        field(button()),
        "/element/type",
        "unsupported type: button",
    ),
    "one action_id twice": (
        actions(button(), button()),
        "/elements/1/action_id",
        "`action_id` already exists: go",
    ),
    "no actions": (actions(), "/elements", "no fewer than 1 items allowed"),
    "a label in mrkdwn": (
        field({"type": "plain_text_input"}, label=mrkdwn()),
        "/label/type",
        "unsupported type: mrkdwn",
    ),
    "optional as a word": (
        field({"type": "plain_text_input"}, optional="yes"),
        "/optional",
        "must provide a boolean",
    ),
    "an image of two sources": (
        image(slack_file={"id": "F1"}),
        "",
        "must define either `image_url` or `slack_file`",
    ),
    "an image of none": (
        {"type": "image", "alt_text": "A"},
        "",
        "must define either `image_url` or `slack_file`",
    ),
    "a file named twice": (
        {"type": "image", "alt_text": "A", "slack_file": {"id": "F1", "url": "https://a"}},
        "/slack_file",
        "must define either `id` or `url`",
    ),
    "a card of an icon": (
        {"type": "card", "icon": image()},
        "",
        "must define at least one of `hero_image`, `title`, `actions`, `body`",
    ),
    "a container in a container": (
        container(container(section())),
        "/child_blocks/0/type",
        "unsupported type: container",
    ),
    "a container without a title": (
        {"type": "container", "child_blocks": [section()]},
        "",
        "must define either `title` or `rich_text_title`",
    ),
    "a collapsible container with a divider": (
        container(section(), is_collapsible=True, has_header_divider=True),
        "/has_header_divider",
        "must not be set on a collapsible one",
    ),
    "a task in no known state": (
        TASK | {"status": "late"},
        "/status",
        "must be one of pending, in_progress, complete, error",
    ),
    "a video over http": (
        VIDEO | {"video_url": "http://example.org"},
        "/video_url",
        "must be an https address",
    ),
    "a file, which apps cannot send": (
        {"type": "file", "external_id": "1", "source": "remote"},
        "/type",
        "unsupported type: file",
    ),
}

GOOD = {
    "divider": {"type": "divider"},
    "header": {"type": "header", "text": plain()},
    "section": section(accessory=image(), fields=[plain()], expand=True),
    "context": {"type": "context", "elements": [image(), plain(), mrkdwn()]},
    "actions": actions(button()),
    "input": field(
        {"type": "plain_text_input"}, hint=plain(), optional=True, dispatch_action=False
    ),
    "image": image(title=plain()),
    "image of a file": {"type": "image", "alt_text": "A", "slack_file": {"id": "F1"}},
    "rich_text": rich_text(),
    "video": VIDEO,
    "markdown": {"type": "markdown", "text": "# Words"},
    "context_actions": {
        "type": "context_actions",
        "elements": [CONTEXT_BUTTON, FEEDBACK_BUTTONS | {"action_id": "said"}],
    },
    "card": CARD | {"actions": [button()], "slack_icon": {"type": "icon", "name": "bot"}},
    "carousel": {"type": "carousel", "elements": [CARD]},
    "container": container(section(), INPUT, width="wide", is_collapsible=True),
    "alert": {"type": "alert", "text": plain(), "level": "info"},
    "task_card": TASK
    | {"output": rich_text(), "sources": [{"type": "url"} | {"url": "https://a", "text": "A"}]},
    "plan": {"type": "plan", "title": "Plan", "tasks": [TASK]},
    "table": table(),
    "data_table": data_table(),
    "data_visualization": pie(),
}

# Where Slack's pages say that each may stand, and not, where Slack is known not to take it there.
SURFACES = {
    "all": "divider header section context actions input image rich_text video",
    "message": "markdown context_actions task_card plan table data_table",
    "message home": "card carousel container data_visualization",
    "modal": "alert",
}

ELEMENT_SURFACES = {
    "plain_text_input": {"message", "modal", "home"},
    "email_text_input": {"modal"},
    "url_text_input": {"modal"},
    "number_input": {"modal"},
    "file_input": {"modal"},
    "rich_text_input": {"modal", "home"},
    "datetimepicker": {"message", "modal"},
}


class TestLimits:
    @pytest.mark.parametrize("what", LIMITS)
    def test_on_a_message(self, what: str) -> None:
        build, limit, pointer = LIMITS[what]
        assert faults(build(limit)) == {}
        assert pointer in faults(build(limit + 1))

    @pytest.mark.parametrize("what", MODAL_LIMITS)
    def test_on_a_modal(self, what: str) -> None:
        build, limit, pointer = MODAL_LIMITS[what]
        assert faults(build(limit), "modal") == {}
        assert pointer in faults(build(limit + 1), "modal")

    def test_are_told_in_slacks_words(self) -> None:
        assert faults(section("W" * 3_001)) == {
            "/text": "failed to match all allowed schemas",
            "/text/text": "must be less than 3001 characters",
        }
        assert faults(actions(*many_buttons(26))) == {"/elements": "no more than 25 items allowed"}


class TestWrong:
    @pytest.mark.parametrize("what", WRONG)
    def test_is_found_where_it_is(self, what: str) -> None:
        block, pointer, reason = WRONG[what]
        assert faults(block)[pointer] == reason


class TestSurfaces:
    def test_every_block_has_a_good_sample(self) -> None:
        known = set().union(*BLOCKS.values())
        assert known == {block["type"] for block in GOOD.values()}
        assert known == set(" ".join(SURFACES.values()).split())

    @pytest.mark.parametrize("surface", ["message", "modal", "home"])
    @pytest.mark.parametrize("what", GOOD)
    def test_a_block_stands_where_slack_takes_it(self, what: str, surface) -> None:
        block = GOOD[what]
        allowed = next(on for on, kinds in SURFACES.items() if block["type"] in kinds.split())
        expected = (
            {}
            if surface in allowed or allowed == "all"
            else {"/type": f"unsupported type: {block['type']}"}
        )
        assert faults(block, surface) == expected

    @pytest.mark.parametrize("surface", ["message", "modal", "home"])
    @pytest.mark.parametrize("kind", ELEMENT_SURFACES)
    def test_an_input_stands_where_slack_takes_it(self, kind: str, surface) -> None:
        whole = {"is_decimal_allowed": False} if kind == "number_input" else {}
        found = faults(field({"type": kind, **whole}), surface)
        allowed = surface in ELEMENT_SURFACES[kind]
        assert found == ({} if allowed else {"/element/type": f"unsupported type: {kind}"})

    def test_a_container_takes_what_its_surface_takes(self) -> None:
        assert faults(container(table())) == {}
        assert faults(container(table()), "home") == {
            "/child_blocks/0/type": "unsupported type: table"
        }

    def test_a_workflow_is_started_from_messages_alone(self) -> None:
        workflow = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/a"}}
        block = actions({"type": "workflow_button", "text": plain(), "workflow": workflow})
        assert faults(block) == {}
        for surface in ("modal", "home"):
            assert faults(block, surface) == {
                "/elements/0/type": "unsupported type: workflow_button"
            }

    def test_an_answer_to_a_submission_goes_where_an_input_of_a_modal_says(self) -> None:
        menu = {"type": "conversations_select", "response_url_enabled": True}
        refused = "invalid additional property: response_url_enabled"
        assert faults(field(menu), "modal") == {}
        assert faults(field(menu), "home") == {"/element": refused}
        assert faults(actions(menu), "modal") == {"/elements/0": refused}

    def test_a_file_input_cannot_tell_of_each_change(self) -> None:
        block = field({"type": "file_input"}, dispatch_action=True)
        assert faults(block, "modal") == {"/element/type": "unsupported type: file_input"}
