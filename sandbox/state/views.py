"""Modals and App Homes of one workspace: what is open before whom, and who may open what.

A trigger_id works once and for three seconds of real time, whatever the workspace's clock says.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.block_kit.blocks import Surface
from sandbox.block_kit.refusals import check_view
from sandbox.blocks import Json, identified
from sandbox.errors import SlackError
from sandbox.state.workspace import Workspace

TRIGGER_SECONDS = 3.0
LARGEST_VIEW = 250_000
DEEPEST_STACK = 3


@dataclass
class View:
    """`content` is what the app gave; `values` what the person has filled in so far."""

    id: str
    user: str
    content: Json
    hash: str
    root: str
    previous: str | None
    values: dict[str, Json] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.content["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        return str(self.content.get("external_id") or "")


@dataclass
class Trigger:
    """`view` is the modal in which the person did something, if it was in one."""

    user: str
    made: float
    view: str | None = None
    used: bool = False


class Views:
    def __init__(self, workspace: Workspace, monotonic: Callable[[], float]) -> None:
        self._workspace = workspace
        self._monotonic = monotonic
        self._triggers: dict[str, Trigger] = {}
        self._views: dict[str, View] = {}
        self._external: dict[str, str] = {}
        self._changes = 0
        self.stacks: defaultdict[str, list[View]] = defaultdict(list)
        self.homes: dict[str, View] = {}

    # Triggers

    def new_trigger(self, user: str, view: str | None = None) -> str:
        number = self._workspace.ids.next("")
        trigger = f"{int(number)}.{self._workspace.team_id[1:]}.{user.lower()}"
        self._triggers[trigger] = Trigger(user, self._monotonic(), view)
        return trigger

    def _living(self, trigger_id: str) -> Trigger:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._monotonic() - trigger.made > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger

    # What the app does

    def open(self, trigger_id: str, content: Any) -> View:
        """Opens a modal in place of any that is open. A bad view leaves the trigger unused."""
        checked = self._checked(content, "modal")
        self._check_external_id(checked, None)
        trigger = self._living(trigger_id)
        trigger.used = True
        self.clear(trigger.user)
        return self._put(trigger.user, checked)

    def push_on(self, trigger_id: str, content: Any) -> View:
        """Pushes a view on the modal in which the trigger was made. What is refused leaves the
        trigger unused."""
        trigger = self._living(trigger_id)
        if trigger.view not in [view.id for view in self.stacks[trigger.user]]:
            raise SlackError("not_found")
        pushed = self.push(trigger.user, content)
        trigger.used = True
        return pushed

    def update(self, view: View, content: Any, expected_hash: str | None = None) -> View:
        """What the person has filled in stays, where its block is still there."""
        checked = self._checked(content, view.content["type"])
        if expected_hash is not None and expected_hash != view.hash:
            raise SlackError("hash_conflict")
        self._check_external_id(checked, view)
        self._external.pop(view.external_id, None)
        kept = {block["block_id"] for block in checked["blocks"]}
        view.content = checked
        view.values = {name: state for name, state in view.values.items() if name in kept}
        view.hash = self._new_hash()
        self._index(view)
        return view

    def publish(self, user: str, content: Any, expected_hash: str | None = None) -> View:
        current = self.homes.get(user)
        if current is not None:
            return self.update(current, content, expected_hash)
        checked = self._checked(content, "home")
        self._check_external_id(checked, None)
        self.homes[user] = self._add(user, checked, None)
        return self.homes[user]

    def find(self, view_id: str | None, external_id: str | None) -> View:
        if view_id is None:
            view_id = self._external.get(external_id or "", "")
        found = self._views.get(view_id)
        if found is None:
            raise SlackError("not_found")
        return found

    # What happens before the person

    def push(self, user: str, content: Any) -> View:
        checked = self._checked(content, "modal")
        if len(self.stacks[user]) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        self._check_external_id(checked, None)
        return self._put(user, checked)

    def pop(self, user: str) -> View:
        view = self.stacks[user].pop()
        self._forget(view)
        return view

    def clear(self, user: str) -> None:
        while self.stacks[user]:
            self.pop(user)

    # Inside

    def _put(self, user: str, content: Json) -> View:
        stack = self.stacks[user]
        view = self._add(user, content, stack[-1] if stack else None)
        stack.append(view)
        return view

    def _add(self, user: str, content: Json, below: View | None) -> View:
        view_id = self._workspace.ids.next("V")
        view = View(
            id=view_id,
            user=user,
            content=content,
            hash=self._new_hash(),
            root=below.root if below else view_id,
            previous=below.id if below else None,
        )
        self._views[view_id] = view
        self._index(view)
        return view

    def _index(self, view: View) -> None:
        if view.external_id:
            self._external[view.external_id] = view.id

    def _forget(self, view: View) -> None:
        del self._views[view.id]
        self._external.pop(view.external_id, None)

    def _new_hash(self) -> str:
        self._changes += 1
        return f"{self._workspace.next_ts().partition('.')[0]}.{self._changes:08x}"

    def _check_external_id(self, content: Json, view: View | None) -> None:
        owner = self._external.get(content.get("external_id") or "")
        if owner is not None and (view is None or owner != view.id):
            raise SlackError("duplicate_external_id")

    def _checked(self, content: Any, expected: Surface) -> Json:
        if len(json.dumps(content)) > LARGEST_VIEW:
            raise SlackError("view_too_large")
        check_view(content, expected)
        blocks = identified(content["blocks"], self._workspace.new_block_id)
        return {**content, "blocks": blocks}
