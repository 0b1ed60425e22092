"""The data for machines: the same records the pages show, to the same readers, and never what is private."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sympolis.office.core.models import Record
from tests.cast import Cast
from tests.factories import make_organisation
from tests.web.public.site import KNOWN, SECRET, Site

LISTS = (
    "organisations", "relations", "agreements", "positions", "departments", "figures", "projects", "calls", "needs",
    "events", "plans", "actions", "sessions", "news", "site-pages", "documents",
)  # fmt: skip
PRIVATE_LISTS = ("people", "posts", "meetings", "commitments", "fees")


def ask(client: Client, name: str, **filters: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v1/{name}", filters)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def table(client: Client, name: str) -> list[list[str]]:
    answer = client.get(f"/api/v1/{name}?format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    written = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(written)))


@pytest.mark.parametrize("who", ["visitor", "outsider", "participant", "contact"])
@pytest.mark.parametrize("name", LISTS)
def test_others_get_nothing_of_the_office_only(cast: Cast, site: Site, who: str, name: str) -> None:
    client = cast.client(who)
    rows = ask(client, name)
    assert SECRET not in json.dumps(rows)
    assert rows["items"]
    hidden = {record.public_id for record in site.secret.values()}
    assert not any(public_id in json.dumps(rows) for public_id in hidden)
    assert SECRET not in str(table(client, name))
    assert rows["count"] < ask(cast.client("officer"), name)["count"]


def test_private_fields_are_never_said(cast: Cast, site: Site) -> None:
    for record in site.public.values():
        record.note = "note for the office alone"
        record.save()
    client = cast.client("officer")
    said = json.dumps([ask(client, name) for name in LISTS])
    for private in ("note for the office alone", "harbourlight@example.org", "555-7711", "imported", "folded"):
        assert private not in said


def test_a_row_says_where_it_came_from_and_what_it_is_worth(cast: Cast, site: Site) -> None:
    project: Any = site.public["project"]
    type(project).objects.filter(pk=project.pk).update(confirmed=False, source_url="https://example.org/p")
    [row] = ask(Client(), "projects")["items"]
    assert row["id"] == project.public_id
    assert row["url"] == project.get_absolute_url()
    assert (row["confirmed"], row["illustrative"], row["source"]) == (False, False, "office")
    assert row["source_url"] == "https://example.org/p"
    assert (row["start"], row["end"], row["stage"]) == ("2020", "2098", "ongoing")
    assert (row["lead"], row["partners"]) == ([cast.amb.public_id], [site.public["organisation"].public_id])
    assert row["title"] == {"en": f"{KNOWN} project"}
    assert Client().get(f"/api/v1/projects/{project.public_id}").json() == row


def test_examples_are_listed_and_not_counted(cast: Cast, site: Site) -> None:
    call: Any = site.public["call"]
    type(call).objects.filter(pk=call.pk).update(illustrative=True)
    found = ask(Client(), "calls")
    assert (found["count"], [row["illustrative"] for row in found["items"]]) == (0, [True])


@pytest.mark.parametrize(
    ("name", "filters", "count"),
    [
        ("organisations", {"kind": "city"}, 3), ("organisations", {"country": "tn"}, 2),
        ("organisations", {"q": "SFÀX"}, 1), ("organisations", {"theme": "water"}, 2),
        ("relations", {"type": "member_of"}, 2), ("projects", {"stage": "ongoing"}, 1),
        ("projects", {"stage": "finished"}, 0), ("projects", {"theme": "water", "q": "nothing"}, 0),
        ("calls", {"open": "true"}, 1), ("needs", {"stage": "offer"}, 0), ("needs", {"stage": "need"}, 1),
    ],
)  # fmt: skip
def test_filters(cast: Cast, site: Site, name: str, filters: dict[str, str], count: int) -> None:
    assert ask(Client(), name, **filters)["count"] == count


def test_filters_by_organisation(cast: Cast, site: Site) -> None:
    mine = {"organisation": site.public["organisation"].public_id}
    assert ask(Client(), "relations", **mine)["count"] == 4
    assert ask(Client(), "projects", **mine)["count"] == 1
    hidden = {"organisation": site.secret["organisation"].public_id}
    assert ask(Client(), "relations", **hidden)["count"] == 0
    assert ask(Client(), "projects", **hidden)["count"] == 0


def test_pages_of_a_list(cast: Cast) -> None:
    for number in range(12):
        make_organisation(f"Town {number:02}")
    found = ask(Client(), "organisations", q="town", limit=5, offset=10)
    assert (found["count"], [row["name"] for row in found["items"]]) == (12, ["Town 10", "Town 11"])


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "offset=-1", "format=xml", "theme=%27or", "stage=x", f"q={'x' * 301}"]
)
def test_what_makes_no_sense_is_refused_with_a_reason(cast: Cast, query: str) -> None:
    answer = Client().get(f"/api/v1/projects?{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    [wrong] = answer.json()["errors"]
    assert (wrong["field"], wrong["pointer"]) == (query.partition("=")[0], f"?{query.partition('=')[0]}")


def test_a_table_is_safe_to_open(cast: Cast) -> None:
    make_organisation('=HYPERLINK("http://x")', slug="x", latitude=-12.5, longitude=1.0)
    rows = table(Client(), "organisations")
    found = dict(zip(rows[0], next(row for row in rows if row[8].startswith("'=")), strict=True))
    assert found["name"] == '\'=HYPERLINK("http://x")'
    assert found["latitude"] == "-12.5"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_little(
    cast: Cast, site: Site, name: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = cast.client("officer")
    with django_assert_max_num_queries(9):
        ask(client, name)


def test_an_unknown_id_is_not_found(cast: Cast, site: Site) -> None:
    hidden: Record = site.secret["organisation"]
    assert Client().get(f"/api/v1/organisations/{hidden.public_id}").status_code == 404
    assert cast.client("officer").get(f"/api/v1/organisations/{hidden.public_id}").status_code == 200


def test_head_is_answered_as_get_without_its_body(cast: Cast, site: Site) -> None:
    one = site.public["project"].public_id
    secret = site.secret["project"].public_id
    paths = (
        "projects", f"projects/{one}", f"projects/{secret}", "projects/prj_000000000000", "projects?page=-1",
        "people", "openapi.json", "map.geojson",
    )  # fmt: skip
    for path in paths:
        read, head = (getattr(Client(), how)(f"/api/v1/{path}") for how in ("get", "head"))
        body = read.getvalue()
        assert (head.status_code, head.getvalue(), head["Content-Type"]) == (
            read.status_code,
            b"",
            read["Content-Type"],
        )
        if not read.streaming:
            assert head["Content-Length"] == str(len(body)), path
    refused = Client().put(f"/api/v1/projects/{one}")
    assert (refused.status_code, refused["Allow"]) == (405, "DELETE, GET, HEAD, PATCH")


def test_head_of_a_table_reads_none_of_its_rows(cast: Cast, site: Site) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = Client().head("/api/v1/organisations?format=csv")
    assert (answer.status_code, answer.getvalue(), answer["Content-Type"]) == (200, b"", "text/csv; charset=utf-8")
    assert [one["sql"] for one in queries if 'FROM "directory_organisation"' in one["sql"]] == []


def test_search_by_name_while_there_is_no_index(cast: Cast, site: Site) -> None:
    found = ask(Client(), "search", q="harbourlight")
    assert found["unavailable"] is True
    assert {hit["kind"] for hit in found["hits"]} == {"organisation", "project", "call", "event"}
    assert ask(Client(), "search", q=SECRET)["hits"] == []


def test_the_description_and_its_page(cast: Cast) -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    assert {f"/api/v1/{name}" for name in (*LISTS, "search")} <= set(paths)
    page = Client().get("/api/docs").content.decode()
    assert 'data-description="/api/v1/openapi.json"' in page
    assert page.count("<script") == page.count("<script src=")
    assert "https://" not in page
