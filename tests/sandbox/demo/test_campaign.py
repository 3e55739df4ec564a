from pathlib import Path

import pytest
from rich.console import Console

from sandbox.demo import company, play


@pytest.mark.campaign
def test_two_hundred_people_for_twelve_weeks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends, the app has logged no error (else `show` raises), every pair has come through."""
    monkeypatch.setattr(play, "MADE_UP_PEOPLE", 200)
    assert len(company.made_up(200, 1)) == 200
    play.show(Console(quiet=True), None, weeks=12, seed=1, out=tmp_path, faults=False)
    report = (tmp_path / "report.md").read_text()
    assert "finished after 12 weeks" in report
    assert "0 active, 0 paused" in report
