"""Departments and people to invite, theme by theme, on each side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Department, Person
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.posts import Held, posts_at
from sympolis.office.synergies.answers import Answers
from sympolis.office.synergies.brief.lines import Line, Private, proof_of
from sympolis.office.synergies.brief.naming import name_of, relation_proof, short_name_of, via
from sympolis.office.synergies.brief.wording import Label, Said, Value
from sympolis.office.synergies.facts import Facts
from sympolis.office.synergies.scope import Side

SHORT_THEMES = 4


def people_lines(facts: Facts, answers: Answers) -> list[Line]:
    """For each shared theme whom to invite on each side; once named, a department is not named again."""
    themes = [group.theme for group in answers.themes] or _themes_of_departments(facts)
    lines: list[Line] = []
    for at, theme in enumerate(themes):
        for side in facts.question.sides:
            lines += [replace(line, short=line.short and at < SHORT_THEMES) for line in _side(facts, side, theme)]
    if lines:
        return lines
    said = Said(_("No department or post of either side is known here: ask both who should come."))
    return [Line(key="people:none", said=said, unknown=True)]


def _themes_of_departments(facts: Facts) -> list[str]:
    return list(dict.fromkeys(theme for department in facts.departments for theme in department.themes[:1]))


def _side(facts: Facts, side: Side, theme: str) -> Iterator[Line]:
    departments = [each for each in facts.departments if each.organisation_id in side.ends and theme in each.themes]
    departments.sort(key=lambda each: (each.illustrative, side.is_through(each.organisation_id), each.pk))
    for at, department in enumerate(departments):
        yield _department(facts, side, department, theme, short=at == 0)
    others = list(_others(facts, side, theme, {department.pk for department in departments}))
    yield from others
    yield from _circle(facts, side, theme)
    if not departments and not others:
        values: dict[str, Value] = {
            "organisation": short_name_of(side.organisation),
            "theme": Label("themes", theme),
        }
        said = Said(_("Who works on %(theme)s at %(organisation)s is not known here: ask."), values)
        yield Line(key=f"people:{theme}:{side.name}:ask", said=said, side=side.name, group=theme, unknown=True)


def _others(facts: Facts, side: Side, theme: str, departments: set[int]) -> Iterator[Line]:
    """People of a house who work on a theme by their own words, in none of its departments that do."""
    for person in facts.people:
        held = list(posts_at(person, Moment.now(facts.question.on)))
        here = [post for post in held if post.organisation_id in side.ends]
        if theme not in person.themes or not here or any(post.department_id in departments for post in held):
            continue
        first, *more = _person(person, here[0])
        yield replace(
            first,
            key=f"person:{theme}:{person.public_id}",
            side=side.name,
            group=theme,
            via=via(side, here[0].organisation_id),
            record=person.public_id,
            short=False,
            parts=tuple(more),
        )


def _circle(facts: Facts, side: Side, theme: str) -> Iterator[Line]:
    """The local partners of a house that work on a theme: whom its host may bring into the room."""
    for relation in facts.relations:
        partner = relation.from_organisation
        if relation.type != RelationType.LOCAL_PARTNER_OF or relation.to_organisation_id not in side.ends:
            continue
        if theme in partner.themes:
            values: dict[str, Value] = {"partner": name_of(partner), "kind": Label("kinds", partner.kind)}
            yield Line(
                key=f"circle:{theme}:{relation.public_id}",
                said=Said(_("Local partner: %(partner)s (%(kind)s)"), values),
                proofs=(relation_proof(relation),),
                side=side.name,
                group=theme,
                via=via(side, relation.to_organisation_id),
                record=partner.public_id,
                short=False,
            )


def _department(facts: Facts, side: Side, department: Department, theme: str, short: bool) -> Line:
    return Line(
        key=f"department:{theme}:{department.public_id}",
        said=Said("%(department)s", {"department": department.title_text()}),
        proofs=(proof_of(department),),
        side=side.name,
        group=theme,
        via=via(side, department.organisation_id),
        record=department.public_id,
        short=short,
        parts=tuple(
            part
            for person in facts.people
            for post in _posts_in(facts, person, department)
            for part in _person(person, post)
        ),
    )


def _posts_in(facts: Facts, person: Person, department: Department) -> list[Held]:
    """The post somebody holds in a department on the day of the brief: one is enough to be named."""
    held = posts_at(person, Moment.now(facts.question.on))
    return [post for post in held if post.department_id == department.pk][:1]


def _person(person: Person, held: Held) -> Iterator[Line]:
    """Name and post; how to reach them stays in the office."""
    post = held.post or person.title_text()
    values: dict[str, Value] = {"name": person.name, "post": post}
    said = Said(_("%(name)s, %(post)s"), values) if person.name and held.post else Said("%(post)s", {"post": post})
    yield Line(key=f"person:{person.public_id}", said=said, proofs=(proof_of(person),), kind="person")
    reach = " · ".join(part for part in (person.email, person.telephone) if part)
    if reach:
        yield Line(
            key=f"contact:{person.public_id}",
            said=Said("%(reach)s", {"reach": reach}),
            proofs=(proof_of(person),),
            kind="contact",
            private=Private.CONTACT,
        )
    if person.note:
        said = Said(_("Note: %(note)s"), {"note": person.note})
        yield Line(
            key=f"person-note:{person.public_id}",
            said=said,
            proofs=(proof_of(person),),
            kind="note",
            private=Private.NOTE,
            short=False,
        )
