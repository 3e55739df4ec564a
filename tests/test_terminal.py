import io

import pytest
from rich.console import Console

from bot import terminal


def console(*, is_terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=is_terminal, width=80)


def written(place: Console) -> str:
    assert isinstance(place.file, io.StringIO)
    return place.file.getvalue()


class TestProgress:
    def test_is_a_bar_at_a_terminal(self) -> None:
        place = console(is_terminal=True)
        with terminal.progress(place) as show:
            show("Reading", 5, 10)
            show("Reading", 10, 10)
            show("Writing", 1, 2)
        assert "Reading" in written(place)
        assert "10/10" in written(place)

    def test_is_silent_elsewhere_as_long_as_it_is_quick(self) -> None:
        place = console(is_terminal=False)
        with terminal.progress(place) as show:
            show("Reading", 5, 10)
        assert written(place) == ""

    def test_is_a_line_elsewhere_once_it_takes_a_while(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(terminal, "PATIENCE_SECONDS", 0.0)
        place = console(is_terminal=False)
        with terminal.progress(place) as show:
            show("Reading", 50_000, 100_000)
        assert written(place) == "Reading: 50,000 of 100,000\n"
