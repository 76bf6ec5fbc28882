"""One stream of log lines for Chimera and everything below it, plain for people or JSON for machines."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor

from app.settings import Settings

# Every line of these is either said by us already or of no use to a host.
TALKATIVE = ('httpx', 'httpcore', 'aiosqlite', 'asyncio', 'LiteLLM', 'watchfiles', 'markdown_it', 'alembic')


def start_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Routes structlog and the standard library's logging to `stream` (stderr by default). May be called again."""
    lines = logging.StreamHandler(stream or sys.stderr)
    lines.setFormatter(_formatter(settings, colours=lines.stream.isatty()))
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(settings.log_level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    for name in ('uvicorn', 'uvicorn.error', 'uvicorn.access', 'nicegui'):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_stamps(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _formatter(settings: Settings, colours: bool) -> logging.Formatter:
    if settings.log_format == 'json':
        last: list[Processor] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    else:
        # Plain: pretty tracebacks print every local variable, and one of them may be somebody's key.
        plain = structlog.dev.plain_traceback
        last = [
            _to_the_second,
            structlog.dev.ConsoleRenderer(colors=colours, pad_event_to=0, exception_formatter=plain),
        ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_stamps(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )


def _stamps() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        _without_colour_twins,
        structlog.processors.TimeStamper(fmt='iso', utc=True),
    ]


def _without_colour_twins(_logger: object, _method: str, line: EventDict) -> EventDict:
    # uvicorn sends each message a second time, with escape codes in it.
    line.pop('color_message', None)
    return line


def _to_the_second(_logger: object, _method: str, line: EventDict) -> EventDict:
    line['timestamp'] = line['timestamp'][:19].replace('T', ' ')
    return line
