"""Structured logs: one event a line, and never a person's name, words or a secret.

Our own events carry ids and counts only. What a library says may quote a request, so of its lines
only the logger, the level and the kind of exception are kept. An exception's text may quote too,
so of ours only its type and where it was raised are kept.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

HOUSE = Path(__file__).parent.parent
OWN_CODE = (HOUSE / "bot", HOUSE / "handlers", HOUSE / "prompts")
OWN_FRAMES = 6


def configure(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, _only_where_it_came_from],
            processors=[
                _only_where_it_failed,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(sort_keys=True),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("turnabout").setLevel(level)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns at every healthy start
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


@contextmanager
def quiet(is_preview: bool) -> Iterator[None]:
    """What a preview does is undone, so that nothing may stand in the log as if it had happened."""
    logger = logging.getLogger("turnabout")
    before, logger.disabled = logger.disabled, is_preview
    try:
        yield
    finally:
        logger.disabled = before


def get_logger() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("turnabout")
    return logger


def _only_where_it_came_from(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    return {
        "event": "library_message",
        "logger": record.name,
        "level": event["level"],
        "exc_info": record.exc_info,
        "_record": record,
        "_from_structlog": False,
    }


def _only_where_it_failed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    raised = given if isinstance(given, BaseException) else (given[1] if _is_info(given) else None)
    if given is True:
        raised = sys.exc_info()[1]
    if raised is not None:
        event["exception"] = type(raised).__name__
        event["raised_at"] = _places(raised)
    return event


def _places(raised: BaseException) -> list[str]:
    """Where it passed through our own code, and where it was raised, the innermost last."""
    frames = traceback.extract_tb(raised.__traceback__)
    ours = [
        frame
        for frame in frames
        if any(Path(frame.filename).is_relative_to(room) for room in OWN_CODE)
    ]
    shown = ours[-OWN_FRAMES:] + [frame for frame in frames[-1:] if frame not in ours]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in shown]


def _is_info(given: object) -> bool:
    return isinstance(given, tuple) and len(given) == 3 and given[1] is not None
