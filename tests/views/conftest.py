import pytest

from prompts.library import Library, load_library


@pytest.fixture(scope="session")
def english() -> Library:
    return load_library()
