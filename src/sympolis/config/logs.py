"""What the terminal shows."""

from __future__ import annotations

import logging
from copy import copy


class LineFormatter(logging.Formatter):
    """One line; a trace only below an error of ours. Who asks for what is not theirs (403) is a line."""

    def format(self, record: logging.LogRecord) -> str:
        if record.levelno < logging.ERROR:
            record = copy(record)  # other handlers may want it
            record.exc_info = record.exc_text = None
        return super().format(record)
