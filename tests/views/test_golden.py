"""Everything people read in Slack, word for word.

After a change that is meant, `GOLDEN_REWRITE=1 pytest tests/views` writes the files anew; read
their differences before they are kept.
"""

import json
import os
from pathlib import Path

import pytest

from prompts.library import load_library
from tests.views.cases import PLAIN, SIGNS, Payload, message_cases, view_cases
from tests.views.home_cases import home_cases

GOLDEN = Path(__file__).parent / "golden"
REWRITE = "GOLDEN_REWRITE"
SAMPLES = {"count": 2, "least": 4, "most": 52, "reference": "1a2b3c4d", "end": "12 April 2026"}


def every_case() -> dict[str, Payload]:
    """The cases in plain words, and again with signs wherever people's words appear."""
    library = load_library()
    plain, signs = (
        message_cases(library, style) | view_cases(library, style) | home_cases(library, style)
        for style in (PLAIN, SIGNS)
    )
    errors = {
        key: text.filled({name: SAMPLES.get(name, f"({name})") for name in text.names}, str)
        for key, text in library.texts.items()
        if key.startswith("errors.")
    }
    differing = {f"{name}.signs": signs[name] for name in plain if signs[name] != plain[name]}
    return plain | differing | {"errors": errors}


CASES = every_case()


def written(payload: Payload) -> str:
    return json.dumps(payload, ensure_ascii=False, indent=1) + "\n"


@pytest.fixture(scope="session", autouse=True)
def _rewritten() -> None:
    if os.environ.get(REWRITE):
        for path in GOLDEN.glob("*.json"):
            path.unlink()
        for name, payload in CASES.items():
            (GOLDEN / f"{name}.json").write_text(written(payload), encoding="utf-8")


class TestGolden:
    @pytest.mark.parametrize("name", CASES)
    def test_says_word_for_word_what_was_agreed(self, name: str) -> None:
        path = GOLDEN / f"{name}.json"
        assert path.exists(), f"no golden file yet: {REWRITE}=1 writes it"
        assert written(CASES[name]) == path.read_text(encoding="utf-8")

    def test_no_file_is_left_of_a_message_that_is_gone(self) -> None:
        assert {path.stem for path in GOLDEN.glob("*.json")} == CASES.keys()
