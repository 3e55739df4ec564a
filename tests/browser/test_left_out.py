"""On a machine without a browser; this test needs none."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


TWICE = """
import os, pytest
for os.environ["BROWSER_TESTS"] in ("", "required"):
    code = pytest.main(["-p", "no:cacheprovider", "tests/browser/test_participants.py"])
    print(f"ended with {int(code)}")
"""


def test_missing_one_is_said_in_the_summary_and_fails_where_it_is_required(tmp_path: Path) -> None:
    nothing = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", TWICE],
        cwd=ROOT,
        env=os.environ | nothing,
        capture_output=True,
        check=True,
        text=True,
    )
    left_out, required = done.stdout.split("ended with 0\n")
    summary = left_out.partition("short test summary info")[2]
    assert summary.count("The tests of the demo page were LEFT OUT") == 1, "for both of them"
    assert "apt install chromium" in summary
    assert "must run here, and there is no Chromium" in required
    assert "LEFT OUT" not in required
    assert required.endswith("ended with 1\n")
