"""Lists of the office name no organisation their reader may not see, though what they list is there for everybody."""

from __future__ import annotations

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department
from sympolis.office.planning.models import Action, Plan
from tests.cast import Cast
from tests.factories import make_organisation


def test_a_public_department_of_a_hidden_house(cast: Cast) -> None:
    hidden = make_organisation("Zuhaitz", visibility="office")
    Department.objects.create(organisation=hidden, name=Text.of(en="Water works"))
    Department.objects.create(organisation=cast.sfax, name=Text.of(en="Harbour"))
    for address in ("/en/office/departments/", "/en/office/departments/?format=csv"):
        told = cast.client("contact").get(address)
        text = told.getvalue().decode() if told.streaming else told.text
        assert ("Water works" in text, "Sfax" in text, "Zuhaitz" in text) == (True, True, False), address
        told = cast.client("officer").get(address)
        assert "Zuhaitz" in (told.getvalue().decode() if told.streaming else told.text)


def listed(cast: Cast, who: str, address: str) -> list[str]:
    """The departments in a list as one of the cast is told it, in its order."""
    told = cast.client(who).get(f"/en/office/{address}{'&' if '?' in address else '?'}format=csv")
    text = told.getvalue().decode() if told.streaming else told.text
    return [word for line in text.splitlines() for word in ("Alpha", "Beta", "Gamma") if word in line]


def test_a_hidden_house_is_not_found_by_asking_for_its_name(cast: Cast) -> None:
    hidden = make_organisation("Zuhaitz", visibility="office")
    Department.objects.create(organisation=hidden, name=Text.of(en="Alpha"))
    Department.objects.create(organisation=cast.sfax, name=Text.of(en="Beta"))
    for who in ("administrator", "officer"):
        assert listed(cast, who, "departments/?q=zuhai") == ["Alpha"]
    for who in ("contact", "participant", "outsider"):
        assert listed(cast, who, "departments/?q=zuhai") == []
        assert listed(cast, who, "departments/?q=sfax") == ["Beta"]
        assert listed(cast, who, "departments/?q=alpha") == ["Alpha"]


def test_nor_by_where_it_stands_in_a_list(cast: Cast) -> None:
    """Moved in the alphabet, a hidden house moves nothing of what others are told."""
    hidden = make_organisation("Aaa", visibility="office")
    Department.objects.create(organisation=hidden, name=Text.of(en="Alpha"))
    Department.objects.create(organisation=cast.sfax, name=Text.of(en="Beta"))
    Department.objects.create(organisation=cast.amb, name=Text.of(en="Gamma"))
    for sort, before, after in (
        ("organisation", ["Alpha", "Gamma", "Beta"], ["Gamma", "Beta", "Alpha"]),
        ("-organisation", ["Beta", "Gamma", "Alpha"], ["Alpha", "Beta", "Gamma"]),
    ):
        hidden.name = "Aaa"
        hidden.save()
        assert listed(cast, "officer", f"departments/?sort={sort}") == before
        told = {who: listed(cast, who, f"departments/?sort={sort}") for who in ("contact", "participant", "outsider")}
        hidden.name = "Zzz"
        hidden.save()
        assert listed(cast, "officer", f"departments/?sort={sort}") == after
        for who, said in told.items():
            assert sorted(said) == ["Alpha", "Beta", "Gamma"]
            assert listed(cast, who, f"departments/?sort={sort}") == said


def test_an_action_does_not_name_a_hidden_plan(cast: Cast) -> None:
    plan = Plan.objects.create(organisation=cast.amb, title=Text.of(en="Zuhaitz"), visibility="office")
    Action.objects.create(plan=plan, title=Text.of(en="Plant trees"))
    for who, named in (("officer", True), ("contact", False), ("participant", False), ("outsider", False)):
        told = cast.client(who).get("/en/office/actions/")
        assert ("Plant trees" in told.text, "Zuhaitz" in told.text) == (True, named), who
