"""Made-up rows of a federation's directory: names in several languages, dates, sources, what is not for everybody.

The same rows every time; who is linked to whom follows Zipf, so that one network has most of all members.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

ORGANISATIONS, RELATIONS, PEOPLE = 20_000, 200_000, 100_000
NETWORKS, BODIES = 400, 600
AT_ONCE = 2_000
COUNTRIES = ("ES", "FR", "IT", "TN", "MA", "DZ", "EG", "JO", "LB", "TR", "GR", "HR", "AL", "PT", "DE", "SN")
KINDS = ("city", "city", "city", "region", "metropolitan-authority", "ngo", "research", "company")
THEMES = ("water", "waste", "energy", "climate", "mobility", "ports", "housing", "culture", "migration", "digital")
TYPES = ("partner_of", "funds", "local_partner_of", "observer_of", "twinned_with", "participates_in")
SAID = "Works with cities of the Mediterranean on water, mobility and the cooperation of local governments. " * 4
LANGUAGES = ("ca", "fr", "ar")


def fill(share: float) -> None:
    """Everything, at once; nothing where it is there already."""
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Office, Organisation

    if Organisation.objects.exists():
        return
    chance = random.Random(5)
    networks = max(2, int(share * NETWORKS))
    kept(Organisation, _organisations(chance, int(share * ORGANISATIONS), networks))
    keys = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    kept(Organisation, _bodies(chance, keys[:networks], max(4, int(share * BODIES))))
    Office.objects.create(organisation_id=keys[networks], name=Text.of(en="Office"), languages=("ca", "fr", "ar"))
    bodies = list(Organisation.objects.filter(kind="body").values_list("pk", flat=True))
    _fill_relations(chance, int(share * RELATIONS), keys, networks, bodies)
    _fill_houses(chance, int(share * PEOPLE), keys)
    _fill_papers(chance, int(share * ORGANISATIONS), keys)
    _fill_work(chance, int(share * ORGANISATIONS), keys)
    _fill_calls(random.Random(6), int(share * ORGANISATIONS), keys)


def kept(model: Any, records: Iterator[Any]) -> None:
    """So many at a time, with what is derived of each."""
    some: list[Any] = []
    for record in records:
        record.prepare()
        some.append(record)
        if len(some) == AT_ONCE:
            model.objects.bulk_create(some, batch_size=500)
            some.clear()
    model.objects.bulk_create(some, batch_size=500)


def tied(rows: list[Any]) -> None:
    """Rows between two tables."""
    type(rows[0]).objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def visibility(chance: random.Random) -> str:
    return chance.choices(("public", "network", "office"), (92, 4, 4))[0]


def told(chance: random.Random) -> dict[str, Any]:
    """What every record says of itself."""
    return {
        "source_url": f"https://example.org/{chance.randrange(10**6)}",
        "visibility": visibility(chance),
        "confirmed": chance.random() < 0.9,
    }


def years(chance: random.Random) -> dict[str, Any]:
    """Since a year, and for a tenth until another."""
    since = chance.randrange(1985, 2026)
    said = {"since_earliest": date(since, 1, 1), "since_latest": date(since, 12, 31)}
    if chance.random() < 0.1:
        until = min(2026, since + chance.randrange(12))
        said |= {"until_earliest": date(until, 1, 1), "until_latest": date(until, 12, 31)}
    return said


def themes(chance: random.Random) -> tuple[str, ...]:
    return tuple(chance.sample(THEMES, 3))


def _organisations(chance: random.Random, many: int, networks: int) -> Iterator[Any]:
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Organisation

    for at in range(many):
        is_network = at < networks
        name = f"Xarxa de ciutats {at}" if is_network else f"Vila {at}"
        yield Organisation(
            name=name,
            name_language="ca",
            names=Text.of(fr=f"Ville {at}", ar=f"مدينة {at}", es=f"Villa {at}"),
            aliases=[f"Town no. {at}"],
            kind="city-network" if is_network else chance.choice(KINDS),
            country=chance.choice(COUNTRIES),
            latitude=round(chance.uniform(30, 48), 4),
            longitude=round(chance.uniform(-9, 36), 4),
            website=f"https://vila{at}.example.org",
            identifiers=[f"pic:{900_000_000 + at}"],
            founded_year=chance.randrange(1900, 2020),
            themes=themes(chance),
            line=Text.of(ca="Una ciutat de la Mediterrània", en="A city of the Mediterranean"),
            description=Text.of(en=SAID, fr=SAID),
            **told(chance) | ({"visibility": "public"} if at < networks + 2 else {}),
        )


def _bodies(chance: random.Random, networks: list[int], many: int) -> Iterator[Any]:
    from sympolis.office.directory.models import Organisation

    for at in range(many):
        parent = networks[min(int(chance.paretovariate(1)) - 1, len(networks) - 1)]
        yield Organisation(name=f"Commission {at}", name_language="en", kind="body", parent_id=parent, **told(chance))


def _fill_relations(chance: random.Random, many: int, keys: list[int], networks: int, bodies: list[int]) -> None:
    from sympolis.office.directory.models import Relation

    weights = [1 / (place + 1) for place in range(networks)]
    ends = chance.choices(keys[:networks], weights, k=many)

    def relations() -> Iterator[Any]:
        for end in ends:
            start = keys[chance.randrange(networks, len(keys))]
            if chance.random() < 0.55:
                type_, other = "member_of", end
            elif chance.random() < 0.2:
                type_, other = "sits_on", chance.choice(bodies)
            else:
                type_ = chance.choice(TYPES)
                start, other = (end, chance.choice(keys)) if chance.random() < 0.3 else (start, chance.choice(keys))
            if start != other:
                yield Relation(
                    from_organisation_id=start, to_organisation_id=other, type=type_, **told(chance), **years(chance)
                )

    kept(Relation, relations())


def _fill_houses(chance: random.Random, people: int, keys: list[int]) -> None:
    """Departments, people on them, figures, fees."""
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Department, Figure, MembershipFee, Person

    kept(Department, (
        Department(organisation_id=chance.choice(keys), name=Text.of(ca=f"Àrea {at}", en=f"Department {at}"),
                   themes=themes(chance), mailbox=f"area{at}@example.org", **told(chance))
        for at in range(people // 5)
    ))  # fmt: skip
    departments = list(Department.objects.values_list("pk", "organisation_id"))

    def persons() -> Iterator[Any]:
        for at in range(people):
            department, organisation = chance.choice(departments)
            yield Person(
                organisation_id=organisation, department_id=department, name=f"Person {at}",
                post=Text.of(ca="Tècnica de relacions", fr="Chargée de mission"), email=f"person{at}@example.org",
                languages=("ca", "fr"), themes=themes(chance), **years(chance),
            )  # fmt: skip

    kept(Person, persons())
    kept(Figure, (
        Figure(organisation_id=chance.choice(keys), what="members", value=chance.randrange(10_000), unit="cities",
               year=chance.randrange(2005, 2026), **told(chance))
        for _ in range(people // 5)
    ))  # fmt: skip
    kept(MembershipFee, (
        MembershipFee(organisation_id=chance.choice(keys), network_id=keys[chance.randrange(50)],
                      year=chance.randrange(2015, 2027), amount=chance.randrange(500, 20_000))
        for _ in range(people // 20)
    ))  # fmt: skip


def _fill_papers(chance: random.Random, many: int, keys: list[int]) -> None:
    """Agreements and positions with who signed them."""
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Agreement, Position

    def signed(at: int) -> dict[str, Any]:
        year = 1990 + at % 36
        return {"signed_earliest": date(year, 3, 1), "signed_latest": date(year, 3, 1)}

    kept(Agreement, (
        Agreement(title=Text.of(fr=f"Accord de coopération {at}"), kind="cooperation-agreement", themes=themes(chance),
                  ends_earliest=date(2020 + at % 12, 6, 1), ends_latest=date(2020 + at % 12, 6, 30),
                  **signed(at), **told(chance))
        for at in range(many // 4)
    ))  # fmt: skip
    kept(Position, (
        Position(title=Text.of(en=f"Statement {at}"), text=Text.of(en=SAID), themes=themes(chance), **told(chance))
        for at in range(many // 40)
    ))  # fmt: skip
    for model, owner, size in ((Agreement.parties, "agreement_id", 2), (Position.signatories, "position_id", 20)):
        between: Any = model.through
        owners = model.field.model.objects.values_list("pk", flat=True)
        tied([
            between(**{owner: pk, "organisation_id": chance.choice(keys)}) for pk in owners for _ in range(size)
        ])  # fmt: skip


def _fill_work(chance: random.Random, many: int, keys: list[int]) -> None:
    """Projects with their partners, needs, meetings with promises, events with who was there."""
    from sympolis.office.core.texts import Text
    from sympolis.office.events.models import Event
    from sympolis.office.projects.models import Need, Participation, Project
    from sympolis.office.synergies.models import Commitment, Meeting

    def dated(name: str, first: int, last: int) -> dict[str, Any]:
        on = date(chance.randrange(first, last), chance.randrange(1, 13), 1)
        return {f"{name}_earliest": on, f"{name}_latest": on}

    def few() -> list[int]:
        """Who takes part: networks as often as all others."""
        return [chance.choice(keys[:400]) if chance.random() < 0.5 else chance.choice(keys) for _ in range(4)]

    kept(Project, (
        Project(title=Text.of(en=f"Water in cities {at}"), themes=themes(chance), **dated("start", 2010, 2027),
                **dated("end", 2027, 2030), **told(chance))
        for at in range(many // 4)
    ))  # fmt: skip
    Participation.objects.bulk_create(
        [Participation(project_id=pk, organisation_id=key, role="partner")
         for pk in Project.objects.values_list("pk", flat=True) for key in dict.fromkeys(few())],
        batch_size=500,
    )  # fmt: skip
    kept(Need, (
        Need(organisation_id=chance.choice(keys), title=Text.of(ca=f"Reutilitzar aigua {at}"), stage="need",
             themes=themes(chance), **told(chance))
        for at in range(many // 4)
    ))  # fmt: skip
    kept(Meeting, (
        Meeting(title=Text.of(en=f"Meeting {at}"), kind="bilateral", place="Tunis", **dated("starts", 2015, 2029),
                **told(chance) | {"visibility": "office"})
        for at in range(many // 10)
    ))  # fmt: skip
    kept(Event, (
        Event(title=Text.of(en=f"Conference {at}"), place="Marseille", **dated("start", 2015, 2029), **told(chance))
        for at in range(many // 20)
    ))  # fmt: skip
    meetings = list(Meeting.objects.values_list("pk", flat=True))
    for model, owner in ((Meeting.organisations, "meeting_id"), (Event.cities, "event_id")):
        between: Any = model.through
        owners = model.field.model.objects.values_list("pk", flat=True)
        tied([between(**{owner: pk, "organisation_id": key}) for pk in owners for key in few()])
    kept(Commitment, (
        Commitment(meeting_id=chance.choice(meetings), organisation_id=chance.choice(keys),
                   text=Text.of(fr=f"Envoyer le rapport {at}"), **dated("due", 2024, 2028),
                   **told(chance) | {"visibility": "office"})
        for at in range(many // 10)
    ))  # fmt: skip


def _fill_calls(chance: random.Random, many: int, keys: list[int]) -> None:
    """Calls, a fifth of them open for long, and applications to them with their partners."""
    from sympolis.office.core.texts import Text
    from sympolis.office.projects.models import Application, ApplicationPartner, Call

    kept(Call, (
        Call(title=Text.of(en=f"Cities for water {at}"), programme=f"Programme {at % 20}",
             closes_latest=date(2020 + 5 * (at % 5), 6, 30), **told(chance))
        for at in range(many // 60)
    ))  # fmt: skip
    calls = list(Call.objects.values_list("pk", flat=True))
    kept(Application, (
        Application(title=Text.of(en=f"Application {at}"), organisation_id=chance.choice(keys),
                    call_id=chance.choice(calls), stage=chance.choice(("idea", "drafting", "refused")))
        for at in range(many // 40)
    ))  # fmt: skip
    ApplicationPartner.objects.bulk_create(
        [ApplicationPartner(application_id=pk, organisation_id=key)
         for pk in Application.objects.values_list("pk", flat=True) for key in set(chance.choices(keys, k=4))],
        batch_size=500,
    )  # fmt: skip
