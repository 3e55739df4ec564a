import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import OperatorError
from sandbox.demo.stage import DemoClock, prepare, set_up
from tests.listeners import listeners


class TestPrepare:
    def test_makes_the_place(self, tmp_path: Path) -> None:
        prepare(tmp_path / "new" / "place")
        assert list((tmp_path / "new" / "place").iterdir()) == []

    def test_refuses_a_database_that_no_demo_has_made(self, tmp_path: Path) -> None:
        database, key = tmp_path / "turnabout.db", tmp_path / "turnabout.key"
        for file in (database, key):
            file.write_text("precious")
        with pytest.raises(OperatorError, match="--out"):
            prepare(tmp_path)
        assert (database.read_text(), key.read_text()) == ("precious", "precious")

    def test_clears_what_an_earlier_demo_left_and_nothing_else(self, tmp_path: Path) -> None:
        for name in ("turnabout.db", "turnabout.db-wal", "turnabout.key"):
            (tmp_path / name).write_text("old")
        (tmp_path / "transcript.jsonl").write_text("{}")
        (tmp_path / "notes.txt").write_text("mine")
        prepare(tmp_path)
        assert {path.name for path in tmp_path.iterdir()} == {"notes.txt"}


class TestSetUp:
    async def test_secrets_are_new_every_time_and_not_in_the_transcript(
        self, tmp_path: Path
    ) -> None:
        secrets: list[str] = []
        written = io.StringIO()
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            async with set_up(tmp_path / name, written, 1, DemoClock()) as stage:
                sandbox = stage.sandbox
                secrets += [sandbox.signing_secret, sandbox.bot_token, sandbox.app_token]
        assert len(set(secrets)) == len(secrets)
        assert min(map(len, secrets)) >= 32
        assert "auth.test" in written.getvalue()
        assert [one for one in secrets if one in written.getvalue()] == []

    async def test_the_workspace_and_the_app_listen_on_loopback_alone(self, tmp_path: Path) -> None:
        async with set_up(tmp_path, io.StringIO(), 1, DemoClock()):
            found = listeners()
        assert len(found) == 2
        assert all(address.is_loopback for address, _ in found)

    async def test_whatever_is_called_is_written_down(self, tmp_path: Path) -> None:
        written = (tmp_path / "transcript.jsonl").open("w", encoding="utf-8")
        with written:
            async with set_up(tmp_path, written, 1, DemoClock()) as stage:
                call = replace(stage.sandbox.calls[0], args={"text": "\ud800"})
                for watch in stage.watchers:
                    watch(call)
        last = (tmp_path / "transcript.jsonl").read_text(encoding="utf-8").splitlines()[-1]
        assert json.loads(last)["args"] == {"text": "\ud800"}
