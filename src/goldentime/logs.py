"""How the log of every process of ours looks: structured lines, never a traceback's local values."""

import logging
import sys

import structlog
from structlog.types import Processor


def set_up_logs(level: str) -> None:
    """Structured lines on standard error, of other libraries from warnings on too.

    JSON, or for people when it is a terminal.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    last: Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*common, last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    foreign = logging.StreamHandler(sys.stderr)
    drop_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    foreign.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *common], processors=[drop_meta, last]
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[foreign])
