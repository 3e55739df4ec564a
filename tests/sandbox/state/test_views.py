"""Stacks of views, and triggers, on their own."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.errors import SlackError
from sandbox.state.views import Views
from sandbox.state.workspace import Workspace

MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Title"},
    "blocks": [{"type": "divider", "block_id": "kept"}, {"type": "divider"}],
}


@pytest.fixture
def views() -> Views:
    workspace = Workspace(lambda: datetime(2026, 3, 2, tzinfo=UTC))
    return Views(workspace, lambda: 0.0)


class TestOpen:
    def test_takes_the_place_of_what_was_open(self, views: Views) -> None:
        first = views.open(views.new_trigger("U1"), MODAL)
        second = views.open(views.new_trigger("U1"), MODAL)
        other = views.open(views.new_trigger("U2"), MODAL)
        assert views.stacks["U1"] == [second]
        assert views.stacks["U2"] == [other]
        with pytest.raises(SlackError, match="not_found"):
            views.find(first.id, None)


class TestPush:
    def test_a_stack_has_one_root(self, views: Views) -> None:
        root = views.open(views.new_trigger("U1"), MODAL)
        middle = views.push("U1", MODAL)
        top = views.push("U1", MODAL)
        assert (middle.root, top.root) == (root.id, root.id)
        assert (middle.previous, top.previous) == (root.id, middle.id)
        views.pop("U1")
        assert views.stacks["U1"] == [root, middle]


class TestUpdate:
    def test_what_was_filled_in_stays_with_its_block(self, views: Views) -> None:
        view = views.open(views.new_trigger("U1"), MODAL)
        view.values = {"kept": {"a": {}}, "gone": {"b": {}}}
        views.update(view, MODAL)
        assert view.values == {"kept": {"a": {}}}

    def test_blocks_without_an_id_get_one(self, views: Views) -> None:
        view = views.open(views.new_trigger("U1"), MODAL)
        assert view.blocks[0]["block_id"] == "kept"
        assert view.blocks[1]["block_id"]
        assert "block_id" not in MODAL["blocks"][1]
