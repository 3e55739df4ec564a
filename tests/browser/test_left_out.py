"""On a machine without a browser; these tests need none."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def without_a_browser(place: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    nothing = {"PATH": str(place), "PLAYWRIGHT_BROWSERS_PATH": str(place), "BROWSER_TESTS": ""}
    words = ["-m", "pytest", "-p", "no:cacheprovider", "tests/browser/test_participants.py"]
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=os.environ | nothing | environment,
        capture_output=True,
        check=False,
        text=True,
    )


class TestBrowser:
    def test_missing_one_is_said_in_the_summary(self, tmp_path: Path) -> None:
        done = without_a_browser(tmp_path)
        summary = done.stdout.partition("short test summary info")[2]
        assert summary.count("The tests of the demo page were LEFT OUT") == 1, "for both of them"
        assert "apt install chromium" in summary
        assert done.returncode == 0

    def test_missing_one_fails_where_it_is_required(self, tmp_path: Path) -> None:
        done = without_a_browser(tmp_path, BROWSER_TESTS="required")
        assert "must run here, and there is no Chromium" in done.stdout
        assert "LEFT OUT" not in done.stdout
        assert done.returncode == 1
