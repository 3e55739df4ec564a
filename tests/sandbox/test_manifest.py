"""What the app's own manifest grants, and what an app is kept to."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.client import escaped
from sandbox.errors import SlackRefuses
from sandbox.manifest import Manifest, SlashCommand, read_manifest
from sandbox.server import Sandbox

PATH = Path(__file__).parents[2] / "manifest.yaml"


def posted(event_type: str) -> dict[str, Any]:
    metadata = {"event_type": event_type, "event_payload": {}}
    return {"type": "message_metadata_posted", "app_id": "A1", "metadata": metadata}


def written(tmp_path: Path, **changes: Any) -> Path:
    """The manifest with other scopes or events."""
    document = yaml.safe_load(PATH.read_text())
    document["oauth_config"]["scopes"]["bot"] = changes.get("scopes", ["commands"])
    document["settings"]["event_subscriptions"]["bot_events"] = changes.get("events", [])
    path = tmp_path / "manifest.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


class TestReadManifest:
    def test_the_apps_own(self) -> None:
        manifest = read_manifest(PATH)
        assert "groups:write" in manifest.scopes
        assert manifest.events == (
            "app_home_opened",
            "message_metadata_posted",
            "team_join",
            "user_change",
        )
        assert manifest.metadata == (("*", "turnabout_delivery"),)
        assert [one.command for one in manifest.commands or ()] == ["/mentoring"]
        assert (manifest.home_tab, manifest.messages_tab_read_only) == (True, True)
        assert manifest.display_name == "Turnabout"

    def test_the_demo_has_the_same_one(self) -> None:
        beside = PATH.parent / "sandbox" / "demo" / "manifest.yaml"
        assert read_manifest(beside) == read_manifest(PATH)

    def test_an_event_without_its_scope(self, tmp_path) -> None:
        path = written(tmp_path, events=["user_change"])
        with pytest.raises(ValueError, match="user_change needs a scope: users:read"):
            read_manifest(path)

    def test_one_of_several_scopes_is_enough(self, tmp_path) -> None:
        scopes, events = ["commands", "groups:read"], ["member_joined_channel"]
        path = written(tmp_path, scopes=scopes, events=events)
        assert read_manifest(path).events == ("member_joined_channel",)

    def test_commands_without_their_scope(self, tmp_path) -> None:
        with pytest.raises(ValueError, match="need the scope commands"):
            read_manifest(written(tmp_path, scopes=["chat:write"]))


class TestHears:
    def test_what_is_subscribed_to(self) -> None:
        manifest = Manifest(events=("team_join",))
        assert manifest.hears({"type": "team_join"})
        assert not manifest.hears({"type": "user_change"})

    @pytest.mark.parametrize("app_id", ["*", "A1"])
    def test_metadata_by_app_and_event_type(self, app_id: str) -> None:
        manifest = Manifest(events=("message_metadata_posted",), metadata=((app_id, "ours"),))
        assert manifest.hears(posted("ours"))
        assert not manifest.hears(posted("theirs"))

    def test_metadata_of_another_app(self) -> None:
        manifest = Manifest(events=("message_metadata_posted",), metadata=(("A2", "ours"),))
        assert not manifest.hears(posted("ours"))

    def test_metadata_without_the_event(self) -> None:
        assert not Manifest(metadata=(("*", "ours"),)).hears(posted("ours"))


class TestAtTheClient:
    async def test_people_are_kept_to_it(self) -> None:
        async with Sandbox(manifest=read_manifest(PATH)) as sandbox:
            ada = sandbox.member(sandbox.add_user("ada"))
            with pytest.raises(SlackRefuses, match="/other is not a command here"):
                await ada.command("/other")
            with pytest.raises(SlackRefuses, match="cannot write to this app"):
                ada.say(ada.direct(), "Hello?")
            channel = sandbox.add_channel("general", [ada.id])
            assert ada.say(channel, "Hello")["text"] == "Hello"

    async def test_an_app_without_a_home(self) -> None:
        manifest = replace(read_manifest(PATH), home_tab=False)
        async with Sandbox(manifest=manifest) as sandbox:
            ada = sandbox.member(sandbox.add_user("ada"))
            with pytest.raises(SlackRefuses, match="no Home tab"):
                ada.open_home()

    async def test_a_messages_tab_one_may_write_in(self) -> None:
        manifest = replace(read_manifest(PATH), messages_tab_read_only=False)
        async with Sandbox(manifest=manifest) as sandbox:
            ada = sandbox.member(sandbox.add_user("ada"))
            assert ada.say(ada.direct(), "Hello")["text"] == "Hello"

    async def test_names_are_escaped_where_the_command_asks(self) -> None:
        async with Sandbox() as sandbox:
            ada = sandbox.add_user("ada.long")
            general = sandbox.add_channel("general", [ada])
            sandbox.add_channel("secret", [ada], private=True)
            text = "goals @ada.long, in #general not #secret, x@ada.long @nobody"
            assert escaped(text, sandbox.workspace) == (
                f"goals <@{ada}|ada.long>, in <#{general}|general> not #secret, x@ada.long @nobody"
            )

    @pytest.mark.parametrize("escapes", [True, False])
    async def test_the_app_is_told_so(self, escapes: bool) -> None:
        manifest = Manifest(commands=(SlashCommand("/a", should_escape=escapes),))
        async with Sandbox(manifest=manifest) as sandbox:
            ada, heard = sandbox.add_user("ada"), []
            sandbox.sent_watchers.append(lambda sent: heard.append(sent.payload["text"]))
            sandbox.deliver_over_http("http://127.0.0.1:9/")
            with pytest.raises(Exception, match=r".*"):
                await sandbox.member(ada).command("/a", "@ada")
            assert heard == [f"<@{ada}|ada>" if escapes else "@ada"]
