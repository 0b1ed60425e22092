"""A list as JSON, row by row: texts in all their languages, numbers as numbers, days as 2019-03-14."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.texts import Text


def json_file(name: str, keys: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    language = get_language()

    def parts() -> Iterator[str]:
        yield "["
        with override(language):
            for number, row in enumerate(rows):
                told = {key: _told(value) for key, value in zip(keys, row, strict=True)}
                yield ("\n" if number == 0 else ",\n") + json.dumps(told, ensure_ascii=False)
        yield "\n]\n"

    response = StreamingHttpResponse(parts(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def _told(value: Any) -> Any:
    if isinstance(value, Text):
        return value.plain()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")  # a float would lose cents
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, PartialDate):
        return str(value) or None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_told(one) for one in value]
    return str(value)
