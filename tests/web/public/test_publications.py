"""Studies and publications: their page, list and filters, where else they stand, a spreadsheet, the API, the index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.models import Proposal
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.publishing.models import Publication
from sympolis.office.publishing.publications.numbers import NotANumber, read_doi, read_isbn
from sympolis.office.publishing.search_documents import publication_documents, written_by
from tests.cast import Cast
from tests.factories import make_organisation, make_project
from tests.office.imports.bringing import bring, read_as
from tests.web.public.site import make_document
from tests.web.public.test_as_of import page
from tests.web.public.test_page_data import held_to_schema_org

LIST = "/en/publications/"
ADD = "/en/office/publications/add/"
EVERYBODY = ("visitor", "outsider", "participant", "contact", "officer", "administrator")


def study(title: str, *bodies: Organisation, published: str = "", **fields: Any) -> Publication:
    made = Publication(title=Text.of(en=title), **fields)
    made.published = PartialDate.parse(published)
    made.save()
    made.bodies.set(bodies)
    return made


def test_an_officer_adds_one_and_its_history_has_whose_it_is(cast: Cast) -> None:
    project = make_project("Old harbour", cast.amb, acronym="HARB")
    sent = {
        "title_ca": "Ports vells", "kind": "study", "bodies": ["AMB", "Sfax"], "authors": "Roca, M.; Ben Ali, S.",
        "project": "harb", "published": "2024-03", "languages": "català, fr", "themes": ["coast"],
        "isbn": "ISBN 978-84-376-0494-7", "doi": "https://doi.org/10.1000/ABC.182", "link": "www.amb.cat/ports",
    }  # fmt: skip
    assert cast.client("officer").post(ADD, sent).status_code == 302
    one = Publication.objects.get()
    assert (one.project, str(one.published)) == (project, "2024-03")
    assert (one.languages, one.themes) == (("ca", "fr"), ("coast",))
    assert (one.isbn, one.doi, one.link) == ("9788437604947", "10.1000/abc.182", "https://www.amb.cat/ports")
    assert one.history.count() == 1
    assert sorted(one.history.get().lists["bodies"]) == sorted([cast.amb.public_id, cast.sfax.public_id])
    Publication.objects.all().delete()
    added = []
    for who in EVERYBODY:
        cast.client(who).post(ADD, sent)
        added.append((Publication.objects.count(), Proposal.objects.count()))
    assert added == [(0, 0), (0, 0), (0, 0), (0, 1), (1, 1), (2, 1)]


def test_a_contact_adds_one_of_its_own_body_and_the_office_reads_it_first(cast: Cast) -> None:
    contact, officer = cast.client("contact"), cast.client("officer")
    form = contact.get(ADD).context["form"]
    assert (form.initial["bodies"], "visibility" in form.fields) == ([cast.sfax], False)
    sent = {"title_en": "Old harbours", "kind": "report", "isbn": "978-84-376-0494-7"}
    wrong = contact.post(ADD, {**sent, "bodies": ["AMB"]}).context["form"].errors
    assert wrong == {"bodies": ["Your own organisation must be among these bodies."]}
    assert contact.post(ADD, {**sent, "bodies": ["AMB", "Sfax"]}).status_code == 302
    assert Publication.objects.count() == 0
    (waiting,) = officer.get(reverse("staff:proposals")).context["waiting"]
    decided = {"what": "approve", "field": ["title", "kind", "bodies", "isbn"], "seen": waiting.seen}
    officer.post(reverse("staff:proposal_decide", kwargs={"pk": waiting.proposal.pk}), decided)
    one = Publication.objects.get()
    assert (str(one.title), one.kind, one.isbn, one.visibility) == ("Old harbours", "report", "9788437604947", "public")
    assert set(one.bodies.all()) == {cast.amb, cast.sfax}
    assert sorted(one.history.latest().lists["bodies"]) == sorted([cast.amb.public_id, cast.sfax.public_id])
    page = contact.get(reverse("staff:dashboard"))
    assert [row.pk for row in page.context["publications"].rows] == [one.pk]

    # What is theirs is theirs to correct; what is only others' is not, and a body they may not see stays on it.
    change = reverse("staff:change", kwargs={"public_id": one.public_id})
    foreign = study("Foreign", cast.amb)
    codes = {who: cast.client(who).get(change).status_code for who in EVERYBODY}
    assert codes == {
        "visitor": 302, "outsider": 404, "participant": 404, "contact": 200, "officer": 200, "administrator": 200,
    }  # fmt: skip
    assert contact.get(reverse("staff:change", kwargs={"public_id": foreign.public_id})).status_code == 404
    cast.amb.visibility = "office"
    cast.amb.save()
    page = contact.get(change)
    assert ("bodies" in page.context["form"].fields, "Àrea Metropolitana" in page.text) == (False, False)
    contact.post(change, {"title_en": "Older harbours", "kind": "report", "seen": page.context["form"].initial["seen"]})
    one.refresh_from_db()
    assert (str(one.title), Proposal.objects.count()) == ("Old harbours", 2)


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("isbn", "978-84-376-0494-8", "“978-84-376-0494-8” is no ISBN: it has ten or thirteen digits"),
        ("isbn", "84376049", "is no ISBN"),
        ("doi", "11.1000/182", "“11.1000/182” is no DOI: it begins with 10., such as 10.1000/182."),
        ("doi", "10.1000/<script>", "is no DOI"),
        ("link", "javascript:alert(1)", ""),
        ("bodies", "No such body", "We know no organisation called “No such body”"),
        ("kind", "poem", ""),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(cast: Cast, field: str, written: str, said: str) -> None:
    answer = cast.client("officer").post(ADD, {"title_en": "A", "kind": "study", field: written})
    assert said in str(answer.context["form"].errors[field])
    assert list(answer.context["form"].errors) == [field]
    assert not Publication.objects.exists()


def test_numbers_as_people_write_them() -> None:
    assert read_isbn("ISBN-13: 978 0 306 40615 7") == "9780306406157"
    assert read_isbn("0-8044-2957-x") == "080442957X"
    assert read_doi("doi: 10.5281/Zenodo.1234") == "10.5281/zenodo.1234"
    for wrong in ("", "0-8044-2957-1", "٩٧٨٠٣٠٦٤٠٦١٥٧"):
        with pytest.raises(NotANumber):
            read_isbn(wrong)


def test_a_page_tells_all_and_names_nobody_that_is_hidden(cast: Cast) -> None:
    hidden, secret = make_organisation("Zuhaitz", visibility="office"), make_project("Secret port", visibility="office")
    one = study("Old ports", cast.amb, hidden, project=secret, authors="<b>Roca</b>", published="2024",
                link="javascript:alert(1)", doi="10.1000/182")  # fmt: skip
    make_document(one, "In Catalan")
    make_document(one, "A draft", visibility="office")
    visitor = cast.client("visitor").get(page("publication", one))
    assert [str(each) for each in visitor.context["bodies"]] == [cast.amb.name]
    assert [each.title for each in visitor.context["documents"]] == ["In Catalan"]
    for word in ("&lt;b&gt;Roca&lt;/b&gt;", 'href="https://doi.org/10.1000/182"', "2024"):
        assert word in visitor.text
    for word in ("Zuhaitz", "Secret port", "javascript:", "A draft"):
        assert word not in visitor.text
    officer = cast.client("officer").get(page("publication", one)).text
    for word in ("Zuhaitz", "Secret port", "A draft"):
        assert word in officer
    Publication.objects.update(visibility="office")
    seen = {who: cast.client(who).get(page("publication", one)).status_code for who in EVERYBODY}
    assert [who for who, status in seen.items() if status == 200] == ["officer", "administrator"]


def test_the_list_has_the_latest_first_and_filters(cast: Cast) -> None:
    hidden = make_organisation("Zuhaitz", visibility="office")
    study("Wells", cast.amb, cast.sfax, kind="report", published="2024-05", themes=("water",), languages=("ca", "fr"))
    study("Buses", cast.sfax, hidden, published="2021", languages=("ar",))
    study("Undated", published="")
    study("The office's own", make_organisation("Oran"), visibility="office", published="2020")

    def titles(query: str = "", who: str = "visitor") -> list[str]:
        return [str(one) for one in cast.client(who).get(LIST + query).context["listing"].page]

    assert titles() == ["Wells", "Buses", "Undated"]
    assert titles(who="officer") == ["Wells", "Buses", "The office's own", "Undated"]
    for query in ("q=WELL", "kind=report", "theme=water", f"body={cast.amb.public_id}", "language=fr", "year=2024"):
        assert titles(f"?{query}") == ["Wells"], query
    assert titles(f"?body={cast.sfax.public_id}") == ["Wells", "Buses"]
    assert titles("?year=2021") == titles("?language=ar") == ["Buses"]
    assert titles(f"?body={hidden.public_id}") == titles("?kind=poem") == []
    assert titles("?year=0000") == titles("?year=x") == []
    assert titles(f"?body={hidden.public_id}", "officer") == ["Buses"]
    shown = cast.client("visitor").get(LIST).context
    assert [one.label for one in shown["bodies"]] == [cast.amb.name, "Sfax"]
    assert [one.code for one in shown["years"]] == ["2024", "2021"]
    assert [one.label for one in shown["languages"]] == ["Arabic", "Catalan", "French"]


def test_it_stands_on_the_pages_of_whose_it_is_its_project_and_its_theme(cast: Cast) -> None:
    project = make_project("Old harbour", cast.amb)
    one = study("Old ports", cast.amb, project=project, themes=("coast",))
    study("Secret", cast.amb, project=project, themes=("coast",), visibility="office")
    visitor = cast.client("visitor")
    facts = visitor.get(page("organisation", cast.amb)).context["facts"]
    assert [fact.public_id for fact in facts["publications"]] == [one.public_id]
    assert list(visitor.get(page("project", project)).context["publications"]) == [one]
    assert list(visitor.get("/en/themes/coast/").context["publications"]) == [one]
    assert "publications" not in visitor.get(page("organisation", cast.sfax)).context["facts"]


def test_few_queries_whatever_the_data(cast: Cast, django_assert_max_num_queries: Callable[..., Any]) -> None:
    for size in (1, 10):
        project = make_project(f"Project {size}", cast.amb)
        for number in range(size):
            bodies = [make_organisation(f"{size} {number} {at}") for at in range(2)]
            one = study(f"Study {number}", cast.amb, *bodies, project=project, themes=("coast",), published="2020")
            make_document(one, "A file")
        own = (page("publication", one), page("project", project), page("organisation", cast.amb), "/en/themes/coast/")
        for who, addresses in (("visitor", (LIST, *own)), ("officer", (LIST, *own, "/en/office/publications/"))):
            client = cast.client(who)
            for address in addresses:
                with django_assert_max_num_queries(12, info=f"{who} {address}"):
                    assert client.get(address).status_code == 200


def test_a_spreadsheet_of_publications(cast: Cast) -> None:
    project = make_project("Old harbour", cast.amb)
    table = f"""títol,title_fr,tipus,entitats,autors,projecte,any,llengües,temes,enllaç,isbn,doi,language
Ports vells,Vieux ports,Estudi,AMB; Sfax,"Roca, M.",{project.public_id},2024,ca; fr,coast,amb.cat/ports,,10.1000/ABC,ca
"""
    first, again = bring("publications", table), bring("publications", table)
    assert [(run.created, run.unchanged) for run in (first, again)] == [(1, 0), (0, 1)]
    (problem,) = read_as("publications", "title,isbn\nWells,978-84-376-0494-8\n").problems
    assert (problem.row, problem.remedy) == (2, "Correct it, or leave it out.")
    assert problem.what.startswith("“978-84-376-0494-8” is no ISBN")
    one = Publication.objects.get()
    assert (one.kind, one.authors, one.project, str(one.published)) == ("study", "Roca, M.", project, "2024")
    assert (one.languages, one.themes, one.doi) == (("ca", "fr"), ("coast",), "10.1000/abc")
    assert one.title.plain() == {"ca": "Ports vells", "fr": "Vieux ports"}
    assert set(one.bodies.all()) == {cast.amb, cast.sfax}


def test_programs_read_it_filtered(cast: Cast) -> None:
    hidden, project = make_organisation("Zuhaitz", visibility="office"), make_project("Old harbour", cast.amb)
    one = study("Wells", cast.amb, hidden, project=project, languages=("ca",), published="2024-05", isbn="080442957X")
    study("Buses", cast.sfax, kind="report")
    study("Secret", cast.amb, visibility="office")

    def found(query: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = cast.client("visitor").get(f"/api/v1/publications?{query}").json()["items"]
        return items

    assert [each["title"]["en"] for each in found("")] == ["Wells", "Buses"]
    for query in (f"organisation={cast.amb.public_id}", f"project={project.public_id}", "language=CA", "kind=study"):
        assert [each["id"] for each in found(query)] == [one.public_id], query
    told = found("q=wells")[0]
    assert (told["bodies"], told["project"]) == ([cast.amb.public_id], project.public_id)
    assert (told["published"], told["isbn"]) == ("2024-05", "080442957X")
    assert found(f"organisation={hidden.public_id}") == []


@pytest.mark.parametrize(
    ("kind", "type_", "number"),
    [
        ("study", "Report", {"identifier": [{"@type": "PropertyValue", "propertyID": "ISBN", "value": "080442957X"}]}),
        ("article", "ScholarlyArticle", {"identifier": [{"@type": "PropertyValue", "propertyID": "ISBN",
                                                         "value": "080442957X"}]}),
        ("book", "Book", {"isbn": "080442957X"}),
    ],
)  # fmt: skip
def test_machines_read_what_a_visitor_sees(cast: Cast, kind: str, type_: str, number: dict[str, Any]) -> None:
    project = make_project("Old harbour", cast.amb)
    hidden = make_organisation("Zuhaitz", visibility="office")
    one = study("Wells", cast.amb, hidden, kind=kind, project=project, authors="Roca, M.", isbn="080442957X",
                published="2024-05", languages=("ca",), source_url="https://amb.example/list")  # fmt: skip
    make_document(one, "In Catalan")
    make_document(one, "A draft", visibility="office")
    told = cast.client("officer").get(f"/publication/{one.public_id}.jsonld").json()
    held_to_schema_org(told)
    assert told["@type"] == type_
    assert {name: told.get(name) for name in number} == number
    assert ("isbn" in told, "identifier" in told) == (kind == "book", kind != "book")
    assert [each["name"] for each in told["author"]] == [cast.amb.name]
    assert (told["creditText"], told["datePublished"], told["inLanguage"]) == ("Roca, M.", "2024-05", ["ca"])
    assert told["sourceOrganization"]["@id"] == f"http://testserver/project/{project.public_id}"
    assert [each["contentUrl"].partition("/document/")[0] for each in told["encoding"]] == ["http://testserver/en"]
    assert told["isBasedOn"] == ["https://amb.example/list"]


def test_the_index_has_its_words_and_hidden_bodies_for_the_office_alone(cast: Cast) -> None:
    hidden = make_organisation("Zuhaitz", visibility="office")
    one = study("Wells", cast.amb, hidden, summary=Text.of(en="Dig deep"), authors="Roca, M.", note="Hush",
                doi="10.1000/182")  # fmt: skip
    public, office = publication_documents(one)
    assert (public.kind, public.aliases) == ("publication", ("Roca, M.", "10.1000/182"))
    assert public.text == {"en": "Dig deep", "": f"Roca, M.\n{cast.amb.name}"}
    assert (office.text, office.audiences) == ({"": "Hush\nZuhaitz"}, ("office",))
    assert list(written_by([hidden.public_id, cast.amb.public_id])) == [one.public_id]
