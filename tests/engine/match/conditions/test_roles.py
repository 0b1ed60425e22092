"""Who must be in a consortium and who is wanted there, in the words of calls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.match.conditions.roles import NotUnderstood, RoleSaid, role_codes, role_kinds, roles_said
from sympolis.engine.match.consortium import asked_of
from sympolis.engine.model import Call, Provenance
from sympolis.engine.texts import vocabulary


def call(text: str, language: str = "en", conditions: str = "") -> Call:
    return Call(
        id="c",
        title={},
        provenance=Provenance("office", "c"),
        summary={language: text},
        conditions={language: conditions} if conditions else {},
    )


def wanted(text: str, language: str = "en") -> set[str]:
    return {one.role for one in roles_said(call(text, language)) if isinstance(one, RoleSaid) and not one.must}


def due(text: str, language: str = "en") -> dict[str, tuple[int, int]]:
    said = roles_said(call("", language, text))
    return {one.role: (one.least, one.countries) for one in said if isinstance(one, RoleSaid) and one.must}


@pytest.mark.parametrize(
    ("language", "text", "roles"),
    [
        (
            "en",
            "Projects should involve universities, SMEs, civil society organisations and public authorities.",
            {"research", "company", "civil-society", "public-authority"},
        ),
        (
            "es",
            "Los proyectos deberán involucrar a universidades, pymes, la sociedad civil y ayuntamientos.",
            {"research", "company", "civil-society", "local-authority"},
        ),
        (
            "ca",
            "Els projectes han d'implicar universitats, pimes, ONG i administracions públiques.",
            {"research", "company", "civil-society", "public-authority"},
        ),
        (
            "fr",
            "Le partenariat associe des universités, des PME, la société civile et des collectivités territoriales.",
            {"research", "company", "civil-society", "local-authority"},
        ),
        (
            "ar",
            "يتطلب المشروع مشاركة الجامعات والبلديات ومنظمات المجتمع المدني.",
            {"research", "local-authority", "civil-society"},
        ),
        ("en", "In cooperation with networks of cities and regional authorities.", {"city-network", "region"}),
        ("en", "Together with ministries, development banks and international organisations.",
         {"national-authority", "bank", "international-organisation"}),
    ],
)  # fmt: skip
def test_roles_are_read_in_the_languages_calls_come_in(language: str, text: str, roles: set[str]) -> None:
    assert wanted(text, language) == roles
    for one in roles_said(call(text, language)):
        assert one.passage == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "The guide is for municipalities and universities.",
        "Collaboration with the Cities Mission Platform is essential.",
        "The Joint Research Centre may participate.",
        "",
    ],
)
def test_who_is_only_spoken_of_is_not_wanted(text: str) -> None:
    assert wanted(text) == set()


@pytest.mark.parametrize(
    ("language", "text", "roles"),
    [
        (
            "en",
            "At least two cities, each from a different Member State, must participate as beneficiaries.",
            {"local-authority": (2, 2)},
        ),
        (
            "en",
            "This topic requires the active involvement of (i) at least one NGO; (ii) at least three universities.",
            {"civil-society": (1, 0), "research": (3, 0)},
        ),
        ("en", "Universities must participate.", {"research": (1, 0)}),
        ("es", "Los consorcios deben incluir al menos dos ayuntamientos.", {"local-authority": (2, 0)}),
        ("ca", "Els consorcis han d'incloure almenys una universitat.", {"research": (1, 0)}),
        ("fr", "Le consortium doit inclure au moins deux communes de pays différents.", {"local-authority": (2, 2)}),
        ("en", "Consortia should include at least one NGO.", {}),
        ("en", "Third parties must participate together with at least one NGO.", {}),
        ("en", "Proposals must present at least two plans for work with cities.", {}),
    ],
)
def test_duties_are_read_with_how_many(language: str, text: str, roles: dict[str, tuple[int, int]]) -> None:
    assert due(text, language) == roles


def test_a_demand_that_is_not_understood_is_told_as_such() -> None:
    text = "At least one of the two cities must be one of the 112 cities of the Mission."
    assert [type(one) for one in roles_said(call("", conditions=text))] == [NotUnderstood]
    assert [(rule.code, rule.passage) for rule in asked_of(call("", conditions=text)).rules] == [
        ("size-not-told", ""),
        ("more-asked", text),
    ]


def test_a_duty_is_not_told_as_a_wish_too() -> None:
    said = roles_said(call("Projects involve NGOs.", conditions="Consortia must include at least one NGO."))
    assert [(one.role, one.must) for one in said if isinstance(one, RoleSaid)] == [("civil-society", True)]


def test_every_role_has_kinds_of_ours_and_a_name_in_every_language() -> None:
    kinds = {term.code for term in vocabulary.terms("kinds")}
    assert [term.code for term in vocabulary.terms("partner_roles")] == list(role_codes())
    for role in role_codes():
        assert role_kinds(role)
        assert role_kinds(role) <= kinds


@pytest.mark.parametrize(
    "piece", ["at least ", "universities ", "must involve ", "cities, ", "(", "consortia must ", "[["]
)
def test_a_hostile_text_of_100_kb_is_read(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    for one in roles_said(call(text, conditions=text)):
        assert one.passage in text


@given(
    st.lists(
        st.sampled_from(["at least ", "two ", "cities ", "must participate", ". ", "NGOs ", "\n", "involve ", "😀"])
    )
)
def test_what_is_told_stands_in_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    for one in roles_said(call(text)):
        assert one.passage
        assert one.passage in text
