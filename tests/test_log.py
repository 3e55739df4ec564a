import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from bot import log

MARK = "Zaphod marked-value xoxb-123"


@pytest.fixture
def stream() -> Iterator[StringIO]:
    """What was logged at all levels, ours and others'; the logging of the machine comes back."""
    root, ours = logging.getLogger(), logging.getLogger("turnabout")
    before = root.handlers, root.level, ours.level
    stream = StringIO()
    log.configure(stream, logging.DEBUG)
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers, level, our_level = before
    root.setLevel(level)
    ours.setLevel(our_level)
    structlog.reset_defaults()


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def fail() -> None:
    raise ValueError(MARK)


class TestOurEvents:
    def test_are_one_line_with_what_they_carry(self, stream: StringIO) -> None:
        log.get_logger().info("tick", job="cadence", done=3)
        [line] = lines(stream)
        assert line.pop("timestamp").endswith("Z")
        assert line == {"event": "tick", "job": "cadence", "done": 3, "level": "info"}

    def test_stay_one_line_whatever_is_in_them(self, stream: StringIO) -> None:
        log.get_logger().info("tick", job="a\nb\r\nc\u2028d")
        assert len(stream.getvalue().split("\n")) == 2

    def test_below_the_level_are_left_out(self) -> None:
        stream = StringIO()
        before = logging.getLogger().handlers
        log.configure(stream)
        log.get_logger().debug("detail")
        logging.getLogger().handlers = before
        structlog.reset_defaults()
        assert not stream.getvalue()

    @pytest.mark.parametrize("as_exception", [True, False])
    def test_of_an_exception_say_its_type_and_place_only(
        self, as_exception: bool, stream: StringIO
    ) -> None:
        try:
            fail()
        except ValueError as error:
            log.get_logger().error("tick_failed", exc_info=error if as_exception else True)
        [line] = lines(stream)
        assert line["exception"] == "ValueError"
        assert line["raised_at"][-1].endswith(" fail")
        assert MARK not in stream.getvalue()

    def test_say_nothing_of_the_exception_behind_an_exception(self, stream: StringIO) -> None:
        try:
            try:
                fail()
            except ValueError as error:
                raise RuntimeError(MARK) from error
        except RuntimeError:
            log.get_logger().exception("tick_failed")
        [line] = lines(stream)
        assert line["exception"] == "RuntimeError"
        assert MARK not in stream.getvalue()


class TestLibraries:
    def test_only_say_who_and_how_loud(self, stream: StringIO) -> None:
        logging.getLogger("slack_sdk").warning("posted %s", MARK, extra={"more": MARK})
        [line] = lines(stream)
        del line["timestamp"]
        assert line == {"event": "library_message", "logger": "slack_sdk", "level": "warning"}

    def test_keep_the_type_and_place_of_an_exception(self, stream: StringIO) -> None:
        try:
            fail()
        except ValueError:
            logging.getLogger("aiohttp").exception(MARK, stack_info=True)
        [line] = lines(stream)
        assert line["exception"] == "ValueError"
        assert MARK not in stream.getvalue()

    def test_are_quiet_below_warnings(self) -> None:
        stream = StringIO()
        before = logging.getLogger().handlers
        log.configure(stream)
        logging.getLogger("slack_sdk").info("hello")
        logging.getLogger().handlers = before
        structlog.reset_defaults()
        assert not stream.getvalue()
