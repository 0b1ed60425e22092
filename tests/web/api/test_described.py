"""The API answers as its own description says, whatever is sent: schemathesis thinks of what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
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
# Under a minute in all: most of it is thinking of what to send.
QUIET = settings(
    max_examples=1,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
AS_DESCRIBED, NOT_AS_DESCRIBED = GenerationMode.POSITIVE, GenerationMode.NEGATIVE

# The ten kinds of entries of a project that runs are one piece of code: one of them is tried.
ENTRIES = re.compile(r".*/projects/\{public_id\}/(?!budget-lines|fields)")


def modes_of(method: str, who: str) -> list[GenerationMode]:
    """What is tried: an officer everything, and wrongly too where something is written; another reads, and may write
    nothing, which the tests of rights look at."""
    if who == "officer":
        return [AS_DESCRIBED, NOT_AS_DESCRIBED] if method in {"post", "patch"} else [AS_DESCRIBED]
    return [AS_DESCRIBED] if method == "get" else []


def try_all(headers: dict[str, str], ids: dict[str, str], who: str) -> tuple[int, list[str]]:
    """Every operation with what was made up, at ids that are there and at ids that are not; how many calls, and what
    was not as described."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    calls: list[int] = []
    failures: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        if ENTRIES.match(operation.path):
            continue
        for mode in modes_of(operation.method.lower(), who):

            @QUIET
            @given(case=operation.as_strategy(generation_mode=mode))
            def once(case: Any) -> None:
                kind = case.path.split("/")[3]
                if "public_id" in case.path_parameters and len(calls) % 2:
                    case.path_parameters["public_id"] = ids.get(kind, ids["organisations"])
                more = {"If-Match": "*"} if len(calls) % 3 else {}
                calls.append(1)
                case.call_and_validate(checks=CHECKS, headers={**headers, **more})

            try:
                once()
            except Unsatisfiable:
                pass  # nothing can be wrong in a call that takes nothing
            except (ExceptionGroup, AssertionError) as failed:  # all of them are told, not the first alone
                failures.append(f"{operation.method} {operation.path}: {failed}")
    return len(calls), failures


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A real server closes its connection after each call; here all of them are in the test's own transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def ids(cast: Cast, one_connection: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """One record of every kind to be read, changed and removed."""
    monkeypatch.setattr(access, "PER_MINUTE", 1_000_000)
    return {kind: row.public_id for kind, row in one_of_each(cast, "A record").items()}


@pytest.mark.parametrize("who", ["officer", "outsider"])
def test_every_answer_is_as_described(cast: Cast, ids: dict[str, str], who: str) -> None:
    day = timezone.localdate() + timedelta(days=1)
    _token, written = make_token(getattr(cast, who), "Trial", "write", day)
    headers = {"Authorization": f"Bearer {written}", "Accept-Encoding": "identity"}
    calls, failures = try_all(headers, ids, who)
    assert failures == []
    assert calls >= {"officer": 130, "outsider": 50}[who]
