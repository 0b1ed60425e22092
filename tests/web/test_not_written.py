"""Where the disk is full the page says so: no other trying helps."""

from __future__ import annotations

import errno
import sqlite3
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from sympolis.web.not_written import can_not_write
from tests.cast import PASSWORD, Cast


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("database or disk is full", 503, "Nothing can be written here now"),
        ("attempt to write a readonly database", 503, "Nothing can be written here now"),
        ("database is locked", 500, "Something went wrong here"),
    ],
)
def test_signing_in_on_a_full_disk_says_what_is_wrong(cast: Cast, words: str, status: int, said: str) -> None:
    def refuse(execute: Any, sql: str, *about: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            raise OperationalError(words)
        return execute(sql, *about)

    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(refuse):
        page = client.post(reverse("account_login"), {"login": cast.officer.email, "password": PASSWORD})
    assert (page.status_code, f"<h1>{said}</h1>" in page.content.decode()) == (status, True)
    assert cast.officer.email not in page.content.decode()
    assert page.get("Retry-After") == ("600" if status == 503 else None)


def test_what_says_that_nothing_can_be_written() -> None:
    wrapped = RuntimeError("while keeping")
    wrapped.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    told = (OSError(errno.EROFS, "x"), wrapped, sqlite3.OperationalError("database or disk is full"))
    assert [can_not_write(one) for one in told] == [True, True, True]
    others = (OSError(errno.EACCES, "x"), ValueError("the disk is full"), OperationalError("no such table"))
    assert [can_not_write(one) for one in others] == [False, False, False]
