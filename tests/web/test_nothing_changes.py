"""What an officer can change, nobody else can: each form of the office's pages, sent as it stands by somebody else.

The pages are found as ``test_nothing_leaks`` finds them, out of the resolver, so that the buttons of a new page are
tried too. A refusal is no proof: what counts is that nothing was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from django.conf import settings
from django.db import connection
from django.urls import NoReverseMatch, resolve, reverse

from tests.cast import Cast, let_propose
from tests.web.test_nothing_leaks import Hidden, addresses, asking, hidden, none_there, said  # noqa: F401 - a fixture

OTHERS = ("visitor", "outsider", "contributor")  # who may do least, most of what is somebody else's, and see most
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
OF_THE_VISIT = ("django_session",)  # what any request may write
# What waits for the office: of a contributor, with the file that waits along.
WAITING = ("core_proposal", "core_proposedchange")
WITH_FILES = {"staff:document_add": ("core_document",)}
OWN = {"staff:watching", "staff:watch_rhythm", "staff:due_mails"}  # what whoever signed in does for themselves


@dataclass(frozen=True)
class Form:
    """A form as an officer finds it."""

    path: str
    view: str
    sent: dict[str, list[str]]


def forms_in(path: str, page: bytes) -> Iterator[Form]:
    """What a page would have changed: where each form is sent, with what stands in it and with each of its buttons."""
    for form in lxml.html.fromstring(page).forms:
        if form.method != "POST":
            continue
        where = urljoin(path, form.get("action") or path)
        fields: dict[str, list[str]] = {}
        for name, value in form.form_values():
            fields.setdefault(name, []).append(value)
        buttons = [(one.get("name"), one.get("value", "")) for one in form.iterfind(".//button[@name]")]
        for name, value in buttons or [("", "")]:
            pressed = {name: [value]} if name else {}
            yield Form(where, resolve(urlsplit(where).path).view_name, {**fields, **pressed})


def officers_pages(cast: Cast, planted: Hidden) -> Iterator[tuple[str, bytes]]:
    """What an officer sees at each address of the office: of one record of each kind, where these answer; else of the
    first record that does, as only one has what is asked for."""
    officer = asking(cast.client("officer"))

    def pages(fillings: Iterable[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
        for filling in fillings:
            try:
                path = reverse(address.name, kwargs=filling)
            except NoReverseMatch:  # a pattern that does not take ids of this kind
                continue
            answer = officer.get(path)
            if answer.status_code == 405:  # no page for any record: only sent to
                return
            if answer.streaming:
                said(answer)  # read to its end: a file left open is a warning
            elif answer.status_code == 200:
                yield path, answer.content

    for address in addresses():
        if address.name.startswith("staff:"):
            one_of_each: dict[tuple[str, ...], dict[str, Any]] = {}
            fillings = planted.fillings(address)
            for filling in fillings:
                one_of_each.setdefault(tuple(str(value)[:4] for value in filling.values()), filling)
            yield from list(pages(one_of_each.values())) or islice(pages(fillings), 1)


def officers_forms(cast: Cast, planted: Hidden) -> list[Form]:
    """Of each view and set of fields one."""
    found: dict[Any, Form] = {}
    for path, page in officers_pages(cast, planted):
        for form in forms_in(path, page) if b"<form" in page else ():
            kind = next((part[:4] for part in form.path.split("/") if part[3:4] == "_"), "")
            found.setdefault((form.view, kind, frozenset(form.sent)), form)
    return [form for form in found.values() if form.view.startswith("staff:")]


@pytest.mark.slow
def test_what_an_officer_can_change_nobody_else_can(cast: Cast, hidden: Hidden) -> None:  # noqa: F811
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module(settings.ROOT_URLCONF), "handler404", none_there, raising=False)
        forms = officers_forms(cast, hidden)
    let_propose(cast)
    assert len({form.view for form in forms}) > 80, sorted({form.view for form in forms})
    written: list[str] = []
    allowed: tuple[str, ...] = ()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(WRITES) and not any(f'"{table}"' in sql.partition("(")[0] for table in allowed):
            written.append(sql.partition("(")[0][:80])
        return execute(sql, params, many, context)

    changed = []
    for who in OTHERS:
        client = asking(cast.client(who))
        for form in forms:
            written.clear()
            waiting = (*WAITING, *WITH_FILES.get(form.view, ())) if who == "contributor" else ()
            allowed = (*OF_THE_VISIT, *waiting)
            with connection.execute_wrapper(note):
                answer = client.post(form.path, form.sent)
            if answer.status_code >= 500 or (written and form.view not in OWN):
                changed.append((who, form.view, answer.status_code, sorted(set(written))))
    assert changed == []
