from pathlib import Path

import pytest

from bot.errors import OperatorError
from sandbox.demo.stage import prepare


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
