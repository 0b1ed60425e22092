"""Writing through the API: the rights, the forms, the history and the protection of the pages, for programs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from sympolis.office.core import api_tokens
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.models import ApiToken, IndexChange, RetiredId, User
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement, Department, Organisation, Person, Post, Relation
from sympolis.office.planning.models import Plan, PrioritiesVersion, Session
from sympolis.office.projects.models import Need, Project
from sympolis.office.synergies.models import Brief
from sympolis.web.api import access
from sympolis.web.staff.records.documents import KINDS
from tests.cast import Cast, office_today
from tests.factories import make_need, make_organisation, make_project
from tests.web.staff.rooms import one_of_each

# What adding one of each takes at least, as JSON.
LEAST: dict[str, dict[str, Any]] = {
    "organisations": {"name": "Tunis"},
    "relations": {"from_organisation": "Sfax", "type": "member_of", "to_organisation": "AMB"},
    "agreements": {"title": {"en": "An agreement"}},
    "departments": {"name": {"en": "Water"}, "organisation": "Sfax"},
    "people": {"name": "Amal", "organisation": "Sfax"},
    "projects": {"title": {"en": "A project"}},
    "calls": {"title": {"en": "A call"}},
    "applications": {"title": {"en": "An application"}, "organisation": "AMB", "owner": "officer@example.org"},
    "needs": {"title": {"en": "A need"}, "organisation": "Sfax"},
    "practices": {"title": {"en": "A practice"}, "organisation": "Sfax"},
    "events": {"title": {"en": "An event"}},
    "meetings": {"title": {"en": "A meeting"}},
    "commitments": {"text": {"en": "A promise"}, "organisation": "Sfax"},
    "requests": {"title": {"en": "A request"}, "owner": "officer@example.org"},
    "plans": {"title": {"en": "A plan"}, "organisation": "AMB"},
    "actions": {"title": {"en": "An action"}},
    "sessions": {"title": {"en": "A session"}, "organisation": "Sfax", "dots": 5},
    "positions": {"title": {"en": "A position"}},
    "fees": {"network": "Sfax", "organisation": "AMB", "year": 2024, "amount": "100.00", "currency": "EUR"},
    "figures": {"organisation": "Sfax", "what": "Staff", "value": "120.00", "unit": "people", "year": 2024},
    "news": {"title": {"en": "Some news"}},
    "publications": {"title": {"en": "A study"}, "kind": "study"},
    "site-pages": {"title": {"en": "A page"}},
}
MAY_ADD = {"departments", "figures", "people", "projects", "needs", "practices"}  # what a contact adds too


class Program:
    """What calls the API with a token: no cookies, forged requests looked for."""

    def __init__(self, user: User, scope: str = "write") -> None:
        day = timezone.localdate() + timedelta(days=30)
        self.token, self.written = api_tokens.make_token(user, "A program", scope, day)
        self.client = Client(enforce_csrf_checks=True)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        known = {"Authorization": f"Bearer {self.written}", **headers}
        return self.client.generic(method, f"/api/v1{path}", headers=known, **sent)

    def change(self, path: str, body: Any, **headers: str) -> Any:
        """Read the version, then change."""
        version = self.call("GET", f"{path}/fields").json()["version"]
        return self.call("PATCH", path, body, **{"If-Match": f'"{version}"', **headers})


@pytest.fixture
def officer(cast: Cast) -> Program:
    return Program(cast.officer)


@pytest.fixture
def contact(cast: Cast) -> Program:
    return Program(cast.contact)


@pytest.mark.parametrize("kind", LEAST)
def test_an_officer_adds_reads_changes_and_removes(cast: Cast, officer: Program, kind: str) -> None:
    added = officer.call("POST", f"/{kind}", LEAST[kind])
    assert added.status_code == 201, added.json()
    told = added.json()
    assert added["Location"] == f"/api/v1/{kind}/{told['id']}"
    assert added["ETag"] == f'"{told["version"]}"'
    read = officer.call("GET", f"/{kind}/{told['id']}")
    assert (read.status_code, read["ETag"], read.json()["version"]) == (200, added["ETag"], told["version"])
    changed = officer.call("PATCH", f"/{kind}/{told['id']}", {"note": "Seen"}, **{"If-Match": added["ETag"]})
    assert changed.status_code == 200, changed.json()
    assert changed.json()["fields"] == {**told["fields"], "note": "Seen"}
    gone = officer.call("DELETE", f"/{kind}/{told['id']}", **{"If-Match": changed["ETag"]})
    assert (gone.status_code, gone.content) == (204, b"")
    assert officer.call("GET", f"/{kind}/{told['id']}").status_code == 410
    assert RetiredId.objects.filter(public_id=told["id"]).exists()


def test_dots_by_kind_stay_when_something_else_is_changed(cast: Cast, officer: Program) -> None:
    own = {"expert": 1, "team": 0}
    added = officer.call("POST", "/sessions", {**LEAST["sessions"], "dots_by_kind": own})
    path = f"/sessions/{added.json()['id']}"
    changed = officer.change(path, {"note": "Seen"})
    assert [one.json()["fields"]["dots_by_kind"] for one in (added, changed)] == [own, own]
    assert officer.change(path, {"dots_by_kind": {"council": 2}}).json()["fields"]["dots_by_kind"] == {"council": 2}
    refused = [officer.change(path, {"dots_by_kind": wrong}) for wrong in ({"mayor": 1}, {"council": 21})]
    assert [one.status_code for one in refused] == [422, 422]
    assert Session.objects.get().dots_by_kind == ("council:2",)


def test_every_kind_of_the_pages_can_be_written(cast: Cast) -> None:
    """A new kind of record is written by programs too, or this says so."""
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    methods = {kind.name: set(paths[f"/api/v1/{kind.name}/{{public_id}}"]) for kind in KINDS}
    assert methods == {kind.name: {"get", "patch", "delete"} for kind in KINDS}
    added = {kind.name for kind in KINDS if "post" in paths[f"/api/v1/{kind.name}"]}
    assert added == set(LEAST) == {kind.name for kind in KINDS if kind.permission}
    assert "post" in paths["/api/v1/people/{public_id}/posts"]


@pytest.mark.parametrize("kind", LEAST)
def test_who_may_add(cast: Cast, kind: str) -> None:
    said = {}
    for who in ("contact", "participant", "outsider"):
        said[who] = Program(getattr(cast, who)).call("POST", f"/{kind}", LEAST[kind]).status_code
    # What others rely on waits for the office; an agreement and a position name one's own house.
    waits = {"organisations": 202, "relations": 202, "agreements": 422, "events": 202, "positions": 422,
             "publications": 202}  # fmt: skip
    own = 201 if kind in MAY_ADD else waits.get(kind, 403)
    # Rabat's contact may add too, only not for Sfax
    elsewhere = {"projects": 201}.get(kind, 422) if kind in MAY_ADD else {**waits, "relations": 422}.get(kind, 403)
    assert said == {"contact": own, "participant": 403, "outsider": elsewhere}


def test_without_a_token_nothing_is_written(cast: Cast) -> None:
    for call in (Client(), Client(headers={"Authorization": "Bearer sympolis_no"}),
                 Client(headers={"Authorization": "Basic b2ZmaWNlcjpw"})):  # fmt: skip
        answer = call.post("/api/v1/organisations", {"name": "Tunis"}, content_type="application/json")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == 'Bearer realm="Sympolis"'
    assert not Organisation.objects.filter(name="Tunis").exists()


def test_a_bad_token_does_not_read_either(cast: Cast) -> None:
    answer = Client(headers={"Authorization": "Bearer sympolis_no"}).get("/api/v1/organisations")
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")


def test_a_token_that_reads_does_not_write(cast: Cast) -> None:
    reader = Program(cast.officer, "read")
    answer = reader.call("POST", "/organisations", {"name": "Tunis"})
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("This token may only read.")
    assert reader.call("GET", "/people").json()["count"] == 0


def test_a_token_that_ran_out_or_was_withdrawn_opens_nothing(cast: Cast, officer: Program) -> None:
    today = office_today()
    ApiToken.objects.update(expires_on=today)
    assert officer.call("GET", "/organisations").status_code == 200
    ApiToken.objects.update(expires_on=today - timedelta(days=2))
    assert officer.call("GET", "/organisations").status_code == 401
    ApiToken.objects.update(expires_on=today)
    api_tokens.withdraw_token(officer.token)
    assert officer.call("GET", "/organisations").status_code == 401


def test_a_token_dies_with_its_users_account(cast: Cast, officer: Program) -> None:
    User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    assert officer.call("GET", "/organisations").status_code == 401


def test_only_a_hash_is_kept_and_the_last_use(cast: Cast, officer: Program) -> None:
    officer.call("GET", "/organisations")
    token = ApiToken.objects.get()
    assert token.token != officer.written
    assert len(token.token) == 64
    assert officer.written not in str(ApiToken.objects.values().get())
    assert token.last_used_at is not None
    before = token.last_used_at
    officer.call("GET", "/organisations")
    assert ApiToken.objects.get().last_used_at == before


def test_somebody_signed_in_writes_only_with_the_sign_against_forged_requests(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.officer, backend="sympolis.office.directory.sign_in.SignIn")
    body = {"data": json.dumps({"name": "Tunis"}), "content_type": "application/json"}
    refused = client.post("/api/v1/organisations", **body)
    assert (refused.status_code, Organisation.objects.filter(name="Tunis").count()) == (403, 0)
    client.get("/en/account/email/")
    sign = client.cookies["csrftoken"].value
    assert client.post("/api/v1/organisations", **body, headers={"X-CSRFToken": sign}).status_code == 201


def test_what_is_wrong_is_said_field_by_field_in_the_readers_language(cast: Cast, officer: Program) -> None:
    body = {"title": {"en": "A project"}, "start": "soon", "stage": "over", "parts": [{"organisation": "Sfaxx"}]}
    answer = officer.call("POST", "/projects", body, **{"Accept-Language": "ca"})
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    wrong = {one["pointer"]: one for one in answer.json()["errors"]}
    assert set(wrong) == {"/start", "/stage", "/parts"}
    assert "«soon»" in wrong["/start"]["message"] or "“soon”" in wrong["/start"]["message"]
    assert "2019" in wrong["/start"]["mend"]
    assert "Sfax" in wrong["/parts"]["message"]
    assert "ongoing" in wrong["/stage"]["mend"]
    english = officer.call("POST", "/projects", body, **{"Accept-Language": "en"}).json()["errors"]
    assert {one["pointer"]: one["message"] for one in english}["/start"] != wrong["/start"]["message"]
    assert Project.objects.count() == 0


def test_the_language_is_the_users_where_the_program_says_none(cast: Cast, officer: Program) -> None:
    User.objects.filter(pk=cast.officer.pk).update(language="fr")
    answer = officer.call("POST", "/organisations", {})
    assert answer["Content-Language"] == "fr"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"nam": "Tunis"}, "/nam"), ({"name": 7}, "/name"), ({"name": "T", "names": {"de": "x"}}, "/names/de"),
        ({"name": "T", "themes": "water"}, "/themes"), ({"name": "T", "population": "many"}, "/population"),
        ([], ""),
    ],
)  # fmt: skip
def test_what_is_not_as_described_is_refused(cast: Cast, officer: Program, body: Any, pointer: str) -> None:
    answer = officer.call("POST", "/organisations", body)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_what_is_no_json_or_too_much_is_refused(cast: Cast, officer: Program) -> None:
    known = {"Authorization": f"Bearer {officer.written}"}
    for sent, status in (
        (b"{", 400),
        (b"[" * 5000, 400),
        (b'{"name": "\\ud800"}', 400),
        (b" " * (access.MOST_BYTES + 1), 413),
    ):
        answer = officer.client.generic(
            "POST", "/api/v1/organisations", sent, content_type="application/json", headers=known
        )
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_change_says_only_what_changes(cast: Cast, officer: Program) -> None:
    project = make_project("Sea", cast.amb, cast.sfax, programme="Interreg")
    project.title.write("ca", "Mar")
    project.save()
    path = f"/projects/{project.public_id}"
    answer = officer.change(path, {"title": {"en": "The sea"}, "budget": "1200.50", "countries": ["TN", "es"]})
    assert answer.status_code == 200, answer.json()
    project.refresh_from_db()
    assert project.title.plain() == {"en": "The sea", "ca": "Mar"}
    assert (str(project.budget), project.programme, project.countries) == ("1200.50", "Interreg", ("TN", "ES"))
    parts = {(part.organisation.slug, part.role) for part in project.participations.all()}
    assert parts == {("amb", "lead"), ("sfax", "partner")}
    officer.change(path, {"title": {"ca": None}, "parts": [{"organisation": cast.sfax.public_id, "role": "lead"}]})
    project.refresh_from_db()
    assert project.title.plain() == {"en": "The sea"}
    assert [(part.organisation.slug, part.role) for part in project.participations.all()] == [("sfax", "lead")]


def test_a_change_is_in_the_history_under_its_users_name_and_goes_to_the_index(cast: Cast, officer: Program) -> None:
    need = make_need(cast.sfax, "Water")
    IndexChange.objects.all().delete()
    officer.change(f"/needs/{need.public_id}", {"stage": "offer"})
    assert [(row.history_user, row.stage) for row in need.history.all()][:1] == [(cast.officer, "offer")]
    assert [change.record for change in IndexChange.objects.all()] == [need.public_id]


def test_who_read_an_older_version_is_told_what_changed(cast: Cast, officer: Program, contact: Program) -> None:
    need = make_need(cast.sfax, "Water")
    path = f"/needs/{need.public_id}"
    first = officer.call("GET", path)["ETag"]
    assert (
        officer.call("PATCH", path, {"stage": "offer", "note": "Call them"}, **{"If-Match": first}).status_code == 200
    )
    late = contact.call("PATCH", path, {"title": {"en": "Drinking water"}}, **{"If-Match": f"W/{first}"})
    assert late.status_code == 412
    told = late.json()
    assert told["changes"] == [{"field": "stage", "before": "need", "after": "offer"}]  # the note is the office's
    assert "Call them" not in late.content.decode()
    again = contact.call("PATCH", path, {"title": {"en": "Drinking water"}}, **{"If-Match": f'"{told["version"]}"'})
    assert again.status_code == 200
    need.refresh_from_db()
    assert (need.title.plain(), need.stage, need.note) == ({"en": "Drinking water"}, "offer", "Call them")


def test_who_says_no_version_writes_nothing(cast: Cast, officer: Program) -> None:
    need = make_need(cast.sfax, "Water")
    for method in ("PATCH", "DELETE"):
        answer = officer.call(method, f"/needs/{need.public_id}", {})
        assert answer.status_code == 428
    assert Need.objects.count() == 1


def test_the_same_call_with_the_same_key_adds_once(cast: Cast, officer: Program) -> None:
    key = {"Idempotency-Key": "import 7"}
    first, second = (officer.call("POST", "/organisations", {"name": "Tunis"}, **key) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json(), first["Location"]) == (second.json(), second["Location"])
    assert Organisation.objects.filter(name="Tunis").count() == 1
    other = officer.call("POST", "/organisations", {"name": "Tripoli"}, **key)
    assert other.status_code == 422
    assert Program(cast.administrator).call("POST", "/organisations", {"name": "Tripoli"}, **key).status_code == 201


def test_a_key_whose_call_was_refused_can_be_used_again(cast: Cast, officer: Program) -> None:
    key = {"Idempotency-Key": "import 8"}
    assert officer.call("POST", "/organisations", {}, **key).status_code == 422
    assert officer.call("POST", "/organisations", {"name": "Tunis"}, **key).status_code == 201


def test_a_contact_writes_what_is_its_own(cast: Cast, contact: Program) -> None:
    sfax, amb = f"/organisations/{cast.sfax.public_id}", f"/organisations/{cast.amb.public_id}"
    assert contact.change(sfax, {"website": "www.sfax.tn"}).status_code == 200
    cast.sfax.refresh_from_db()
    assert cast.sfax.website == "https://www.sfax.tn"
    waits = contact.change(sfax, {"kind": "region"})
    assert (waits.status_code, waits.json()["waits"], waits.json()["fields"]["kind"]) == (202, ["kind"], "city")
    proposal = contact.call("GET", waits.json()["proposal"].removeprefix("/api/v1")).json()
    assert proposal["changes"] == [{"field": "kind", "state": "waiting", "reason": ""}]
    for field in ("note", "confirmed"):
        refused = contact.change(sfax, {field: True if field == "confirmed" else "office"})
        assert (refused.status_code, field in refused.json()["detail"]) == (403, True)
    assert contact.call("PATCH", amb, {"website": "x.org"}, **{"If-Match": "*"}).status_code == 403
    cast.amb.visibility = "office"
    cast.amb.save()
    assert contact.call("PATCH", amb, {"website": "x.org"}, **{"If-Match": "*"}).status_code == 404
    assert set(contact.call("GET", f"{sfax}/fields").json()["fields"]).isdisjoint({"note", "confirmed"})


def test_what_hangs_on_a_record_is_said_before_it_goes_along(cast: Cast, officer: Program) -> None:
    make_need(cast.sfax, "Water")
    path, any_version = f"/organisations/{cast.sfax.public_id}", {"If-Match": "*"}
    said = officer.call("DELETE", path, **any_version)
    assert (said.status_code, "1 need or offer" in said.json()["detail"]) == (409, True)
    need, pact = Need.objects.get(), Agreement.objects.create(title=Text.of(en="Pact"))
    pact.parties.add(cast.sfax)
    told = officer.call("DELETE", path, **any_version).json()
    named = {one["what"]: [(each["title"], each["url"]) for each in one["first"]] for one in told["hanging"]}
    assert named == {
        "1 need or offer": [("Water", f"/en/office/records/{need.public_id}/")], "1 user's right to act for it": [],
    }  # fmt: skip
    assert told["staying"] == [
        {"what": "Agreements: 1", "count": 1,
         "first": [{"title": "Pact", "url": f"/en/office/records/{pact.public_id}/"}]},
    ]  # fmt: skip
    assert officer.call("DELETE", f"{path}?along=true", **any_version).status_code == 204
    assert not Organisation.objects.filter(pk=cast.sfax.pk).exists()


def test_a_record_briefs_rest_on_stays(cast: Cast, officer: Program) -> None:
    Brief.objects.create(left=cast.amb, right=cast.sfax, language="en", document={}, on=office_today())
    path = f"/organisations/{cast.sfax.public_id}?along=true"
    assert officer.call("DELETE", path, **{"If-Match": "*"}).status_code == 409
    assert Organisation.objects.filter(pk=cast.sfax.pk).exists()


def test_people_and_posts_as_of_a_time(cast: Cast, officer: Program, contact: Program) -> None:
    """Whoever held a post then, here or elsewhere: what stands with a person may be another one than was held."""
    tunis = make_organisation("Tunis", kind="city", country="TN", visibility="office")
    amal = Person(name="Amal", organisation=cast.sfax)
    bilal = Person(name="Bilal", organisation=cast.sfax)  # nobody knows since when
    chadia = Person(name="Chadia", organisation=cast.sfax)
    amal.since, chadia.since = PartialDate.parse("2018"), PartialDate.parse("2010")
    for person in (amal, bilal, chadia):
        person.save()
    before = Post(person=amal, organisation=tunis)
    before.since, before.until = PartialDate.parse("2012"), PartialDate.parse("2017")
    before.save()

    def held(who: Program, path: str) -> dict[str, str]:
        found = who.call("GET", path).json()
        assert found["count"] == len(found["items"])
        return {one.get("name") or one["id"]: one["held"] for one in found["items"]}

    in_2015 = {"Amal": "no", "Bilal": "perhaps", "Chadia": "yes"}
    asked = {path: held(officer, path) for path in (
        "/people", "/people?as_of=2015", "/people?as_of=2008", f"/people?as_of=2015&organisation={tunis.public_id}",
        f"/people?as_of=2015&organisation={cast.sfax.public_id}", "/posts?as_of=2015", "/posts?as_of=2019-03", "/posts",
    )}  # fmt: skip
    assert list(asked.values()) == [
        dict.fromkeys(in_2015, ""), in_2015, {"Bilal": "perhaps"}, {"Amal": "no"},
        {"Bilal": "perhaps", "Chadia": "yes"}, {before.public_id: "yes"}, {}, {before.public_id: ""},
    ]  # fmt: skip
    # Who does not see where somebody was before is not told of it by who is in a list.
    assert held(contact, f"/people?as_of=2015&organisation={tunis.public_id}") == {}
    assert officer.call("GET", "/people?as_of=soon").status_code == 422
    table = officer.call("GET", "/people?as_of=2015&format=csv")
    lines = b"".join(table).decode().splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["held", "no", "perhaps", "yes"]


def test_people_are_read_and_written_by_who_may_see_them(cast: Cast, officer: Program, contact: Program) -> None:
    unit = Department.objects.create(organisation=cast.sfax, name=Text.of(en="Water"))
    body = {
        "name": "Amal", "organisation": "Sfax", "department": unit.public_id, "email": "amal@example.org",
        "basis": "public-task", "since": "2021-03",
    }  # fmt: skip
    public_id = contact.call("POST", "/people", body).json()["id"]
    person = Person.objects.get(public_id=public_id)
    assert (person.department, str(person.since), person.visibility) == (unit, "2021-03", "office")
    seen = {
        who: Program(getattr(cast, who)).call("GET", f"/people/{public_id}")
        for who in ("officer", "contact", "participant", "outsider")
    }
    codes = {who: answer.status_code for who, answer in seen.items()}
    assert codes == {"officer": 200, "contact": 200, "participant": 404, "outsider": 404}
    assert (seen["officer"].json()["email"], seen["contact"].json()["email"]) == ("amal@example.org", "")
    assert Client().get("/api/v1/people").json()["items"] == []
    post = {"post": {"en": "Engineer"}, "organisation": "Sfax", "until": "2020"}
    assert Program(cast.outsider).call("POST", f"/people/{public_id}/posts", post).status_code == 404
    added = contact.call("POST", f"/people/{public_id}/posts", post)
    assert added.status_code == 201, added.json()
    assert [(one.person, str(one.until)) for one in Post.objects.all()] == [(person, "2020")]


def test_an_id_of_a_record_that_is_no_choice_is_refused(cast: Cast, officer: Program) -> None:
    """Keys of rows are no ids: nobody guesses what lies in the database."""
    rows = one_of_each(cast)
    for written in (str(rows["plans"].pk), "pla_aaaaaaaaaaaa", rows["news"].public_id):
        answer = officer.call("POST", "/actions", {"title": {"en": "x"}, "plan": written})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/plan")
    answer = officer.call("POST", "/actions", {"title": {"en": "x"}, "plan": rows["plans"].public_id})
    assert answer.json()["fields"]["plan"] == rows["plans"].public_id


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_what_is_said_can_be_sent_back_and_changes_nothing(cast: Cast, officer: Program, kind: str) -> None:
    record = one_of_each(cast)[kind]
    Organisation.objects.update(name_language="en")  # where it is not known, the form takes the writer's
    path = f"/{kind}/{record.public_id}"
    read = officer.call("GET", f"{path}/fields")
    assert read.status_code == 200
    sent = officer.call("PATCH", path, read.json()["fields"], **{"If-Match": read["ETag"]})
    assert sent.status_code == 200, sent.json()
    assert sent.json()["fields"] == read.json()["fields"]


def test_so_many_calls_a_minute_and_no_more(cast: Cast, officer: Program, monkeypatch: Any) -> None:
    cache.clear()
    monkeypatch.setattr(access, "PER_MINUTE", 3)
    monkeypatch.setattr(access.time, "time", lambda: 6_000_000.0)
    said = [officer.call("GET", "/figures") for _time in range(4)]
    assert [answer.status_code for answer in said] == [200, 200, 200, 429]
    assert (said[3]["Retry-After"], said[3]["Content-Type"]) == ("60", "application/problem+json")
    assert Program(cast.administrator).call("GET", "/figures").status_code == 200
    assert Client().get("/api/v1/figures").status_code == 200


def test_old_answers_are_forgotten(cast: Cast) -> None:
    api_tokens.keep_answer(cast.officer, "a", "x", {})
    later = timezone.now() + timedelta(days=2)
    assert api_tokens.kept_answer(cast.officer, "a") is not None
    api_tokens.KeptAnswer.objects.update(at=later - timedelta(days=4))
    assert (api_tokens.kept_answer(cast.officer, "a"), api_tokens.forget_answers()) == (None, 1)


def test_relations_of_a_hidden_end_cannot_be_written_by_its_name(cast: Cast, contact: Program) -> None:
    make_organisation("Hidden house", visibility="office")
    body = {"title": {"en": "A need"}, "organisation": "Hidden house"}
    assert contact.call("POST", "/needs", body).status_code == 422
    assert (Need.objects.count(), Relation.objects.count()) == (0, 0)


def test_the_office_day_of_a_token_counts(cast: Cast) -> None:
    token, _written = api_tokens.make_token(cast.officer, "x", "read", office_today())
    assert api_tokens.is_good(token, office_today())
    assert not api_tokens.is_good(token, office_today() + timedelta(days=1))


def test_priorities_are_written_a_version_at_a_time(cast: Cast, officer: Program) -> None:
    plan = Plan.objects.create(organisation=cast.amb, title=Text.of(en="A plan"))
    at = f"/plans/{plan.public_id}/priorities"
    shore = {"title": {"en": "The other shore"}, "countries": ["TN", "MA"], "weight": "3.50"}
    first = {"label": "2026", "since": "2026-01-01", "priorities": [shore]}
    made = officer.call("POST", at, first)
    assert made.status_code == 201
    match = {"If-Match": f'"{made.json()["version"]}"'}
    assert officer.call("POST", at, first).status_code == 409  # sent again: that day is taken
    africa = {"title": {"ca": "Àfrica"}, "regions": ["015"], "reason": {"ca": "Perquè sí"}}
    second = {"label": "New", "priorities": [shore, africa]}
    assert officer.call("PUT", f"{at}/2026-01-01", second).status_code == 428
    changed = officer.call("PUT", f"{at}/2026-01-01", second, **match)
    assert officer.call("PUT", f"{at}/2026-01-01", second, **match).status_code == 412  # it stands otherwise now
    match = {"If-Match": f'"{changed.json()["version"]}"'}
    assert (changed.status_code, changed.json()["label"]) == (200, "New")
    told = officer.call("GET", f"/plans/{plan.public_id}").json()["geographical_priorities"]
    assert told == [changed.json()]
    assert [(one["title"], one["countries"], one["regions"], one["weight"]) for one in told[0]["priorities"]] == [
        ({"en": "The other shore"}, ["TN", "MA"], [], "3.50"), ({"ca": "Àfrica"}, [], ["015"], "1.00"),
    ]  # fmt: skip
    bad = {"title": {"en": " "}, "countries": ["XX"], "regions": ["999"]}
    several = [shore, bad, {"title": {"en": "Nowhere"}}]
    wrong = officer.call("PUT", f"{at}/2026-01-01", {"label": "Bad", "priorities": several}, **match)
    assert (wrong.status_code, [one["pointer"] for one in wrong.json()["errors"]]) == (422, [
        "/priorities/1/title", "/priorities/1/countries", "/priorities/1/regions", "/priorities/2/countries",
    ])  # fmt: skip
    assert plan.priority_versions.get().priorities.count() == 2  # what was refused took nothing away
    nothing = {"label": "None", "priorities": []}
    assert officer.call("PUT", f"{at}/2027-01-01", nothing, **match).status_code == 404
    assert officer.call("DELETE", f"{at}/2026-01-01").status_code == 428
    assert officer.call("DELETE", f"{at}/2026-01-01", **match).status_code == 204
    assert not plan.priority_versions.exists()


@pytest.mark.parametrize("who", ["contact", "participant", "outsider"])
def test_priorities_are_written_by_officers_alone(cast: Cast, who: str) -> None:
    plan = Plan.objects.create(organisation=cast.amb, title=Text.of(en="A plan"))
    hidden = Plan.objects.create(organisation=cast.amb, title=Text.of(en="Hidden"), visibility="office")
    body = {"label": "2026", "since": "2026-01-01", "priorities": [{"title": {"en": "A"}, "countries": ["TN"]}]}
    program = Program(getattr(cast, who))
    statuses = [program.call("POST", f"/plans/{one.public_id}/priorities", body).status_code for one in (plan, hidden)]
    assert statuses == [403, 404]
    assert Program(cast.officer, "read").call("POST", f"/plans/{plan.public_id}/priorities", body).status_code == 403
    assert not PrioritiesVersion.objects.exists()
