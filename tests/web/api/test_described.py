"""The API answers as its own description says, whatever is sent: schemathesis thinks of what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sympolis.office.core.api_tokens import make_token
from sympolis.web.api import access
from tests.cast import Cast
from tests.web.staff.rooms import one_of_each

CHECKS: Any = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 2  # of what is as described, and as many of what is not, for each operation: under a minute in all
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# The visitor and the outsider are told little and write nothing: where they are tried, one of each is enough.
ONCE = settings(QUIET, max_examples=1)


def try_all(headers: dict[str, str], ids: dict[str, str], how: settings) -> int:
    """Every operation with what was made up, at ids that are there and at ids that are not; how many calls."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    calls: list[int] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in GenerationMode:

            @how
            @given(case=operation.as_strategy(generation_mode=mode))
            def once(case: Any) -> None:
                kind = case.path.split("/")[3]
                if "public_id" in case.path_parameters and len(calls) % 2:
                    case.path_parameters["public_id"] = ids.get(kind, ids["organisations"])
                more = {"If-Match": "*"} if len(calls) % 3 else {}
                calls.append(1)
                case.call_and_validate(checks=CHECKS, headers={**headers, **more})

            once()
    return len(calls)


@pytest.fixture
def ids(cast: Cast, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """One record of every kind to be read, changed and removed."""
    monkeypatch.setattr(access, "PER_MINUTE", 1_000_000)
    return {kind: row.public_id for kind, row in one_of_each(cast, "A record").items()}


@pytest.mark.parametrize(("who", "how"), [("visitor", ONCE), ("outsider", ONCE), ("officer", QUIET)])
def test_every_answer_is_as_described(cast: Cast, ids: dict[str, str], who: str, how: settings) -> None:
    headers = {}
    if who != "visitor":
        day = timezone.localdate() + timedelta(days=1)
        _token, written = make_token(getattr(cast, who), "Trial", "write", day)
        headers["Authorization"] = f"Bearer {written}"
    assert try_all(headers, ids, how) >= 100
