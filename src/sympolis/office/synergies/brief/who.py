"""Who they are, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.texts import Text
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Figure, Organisation, Relation
from sympolis.office.synergies.brief.lines import Line, Private, proof_of
from sympolis.office.synergies.brief.naming import holds_post, name_of, relation_proof, via
from sympolis.office.synergies.brief.wording import Country, Label, Many, Noted, Said, Value
from sympolis.office.synergies.facts import Facts
from sympolis.office.synergies.scope import Side

FIGURES, POSTS = 3, 3


def who_lines(facts: Facts) -> list[Line]:
    return [line for side in facts.question.sides for line in _side(facts, side)]


def _side(facts: Facts, side: Side) -> Iterator[Line]:
    yield _what(side)
    yield from _own_words(side)
    yield from _people(facts, side)
    yield from _posts(facts, side)
    yield from _networks(facts, side)
    yield from _figures(facts, side)
    yield from _counted_too(facts, side)
    yield from _notes(side)


def _line(
    side: Side,
    what: str,
    said: Said,
    *records: Organisation,
    passage: Said | Text | None = None,
    **more: Any,
) -> Line:
    return Line(
        key=f"{what}:{records[0].public_id if records else side.organisation.public_id}",
        said=said,
        proofs=tuple(proof_of(record, passage) for record in records),
        side=side.name,
        **more,
    )


def _what(side: Side) -> Line:
    organisation = side.organisation
    kind = Label("kinds", organisation.kind)
    if organisation.place and organisation.country:
        said = Said(
            _("%(kind)s, %(place)s, %(country)s"),
            {"kind": kind, "place": organisation.place, "country": Country(organisation.country)},
        )
    elif organisation.country:
        said = Said(_("%(kind)s, %(country)s"), {"kind": kind, "country": Country(organisation.country)})
    else:
        said = Said("%(kind)s", {"kind": kind})
    if organisation.founded_year:
        said = Said(_("%(what)s. Since %(year)s."), {"what": said, "year": str(organisation.founded_year)})
    return _line(side, "what", said, organisation)


def _own_words(side: Side) -> Iterator[Line]:
    organisation = side.organisation
    words = organisation.description or organisation.line
    if words:
        yield _line(side, "words", Said("%(words)s", {"words": Noted(words)}), organisation, passage=words)
    else:
        said = Said(_("No description of %(organisation)s is kept here yet."), {"organisation": name_of(organisation)})
        yield _line(side, "words", said, unknown=True, short=False)


def _people(facts: Facts, side: Side) -> Iterator[Line]:
    """Its own number first, as a field or as a figure; else that of a body counted too, which says so."""
    figure = _own_population(facts, side)
    counted = [each for each in (side.organisation, *side.related) if each.population]
    if figure is not None and not side.organisation.population:
        yield _figure_line(side, figure, short=True)
    elif counted:
        here = counted[0]
        said = Said(
            _("People living in %(organisation)s: %(number)s"),
            {"organisation": name_of(here), "number": here.population or 0},
        )
        yield _line(side, "people", said, here, via=via(side, here.pk))
    else:
        said = Said(_("How many people live there is not known here: a figure to ask for."))
        yield _line(side, "people", said, unknown=True)


def _own_figures(facts: Facts, side: Side) -> list[Figure]:
    """The latest first."""
    own = [figure for figure in facts.figures if figure.organisation_id == side.organisation.pk]
    return sorted(own, key=lambda figure: -(figure.year or 0))


def _own_population(facts: Facts, side: Side) -> Figure | None:
    """How many live there, where the figure tells it in people and of all of them."""
    own = _own_figures(facts, side)
    told = (one for one in own if vocabulary.figure_code(one.what) == "population" and one.unit == "people")
    return next(told, None)


_POSTS = {
    RelationType.PRESIDENT_OF: (_("Presides %(body)s."), _("Presides %(body)s, until %(until)s.")),
    RelationType.VICE_PRESIDENT_OF: (_("Vice-presides %(body)s."), _("Vice-presides %(body)s, until %(until)s.")),
    RelationType.HOSTS_SECRETARIAT_OF: (
        _("Hosts the secretariat of %(body)s."),
        _("Hosts the secretariat of %(body)s, until %(until)s."),
    ),
}


def _posts(facts: Facts, side: Side) -> Iterator[Line]:
    """What it presides and whose secretariat it keeps; its own posts first, the others in the long version."""
    held = [relation for relation in facts.relations_of(side, *_POSTS) if holds_post(relation)]
    held.sort(key=lambda each: (side.is_through(each.from_organisation_id), each.pk))
    for at, relation in enumerate(held):
        yield Line(
            key=f"post:{relation.public_id}",
            said=_said_of_post(relation),
            proofs=(relation_proof(relation),),
            side=side.name,
            via=via(side, relation.from_organisation_id),
            short=at < POSTS,
        )


def _said_of_post(relation: Relation) -> Said:
    without, with_end = _POSTS[RelationType(relation.type)]
    values: dict[str, Value] = {"body": name_of(relation.to_organisation), "until": relation.until}
    role = vocabulary.role_code(relation.role)
    if role and role not in {"president", "vice-president", "secretariat", "host"}:
        return Said(_("%(role)s: %(body)s"), {**values, "role": Label("seat_roles", role)})
    return Said(with_end if relation.until else without, values)


def _networks(facts: Facts, side: Side) -> Iterator[Line]:
    memberships = facts.relations_of(side, RelationType.MEMBER_OF)
    first = {relation.to_organisation_id: relation for relation in memberships}
    if not first:
        said = Said(_("No network it belongs to is known here: a question to ask."))
        yield _line(side, "networks", said, unknown=True)
        return
    relations = list(first.values())
    names = Many(tuple(name_of(relation.to_organisation) for relation in relations))
    yield Line(
        key=f"networks:{side.organisation.public_id}",
        said=Said(_("Member of %(networks)s."), {"networks": names}),
        proofs=tuple(relation_proof(relation) for relation in relations),
        side=side.name,
        short=False,
    )


def _figures(facts: Facts, side: Side) -> Iterator[Line]:
    said_already = None if side.organisation.population else _own_population(facts, side)
    others = [figure for figure in _own_figures(facts, side) if figure != said_already]
    for figure in others[:FIGURES]:
        yield _figure_line(side, figure, short=False)


def _figure_line(side: Side, figure: Figure, short: bool) -> Line:
    said = _said_of_figure(figure)
    return Line(
        key=f"figure:{figure.public_id}",
        said=said,
        proofs=(proof_of(figure, said),),
        side=side.name,
        short=short,
    )


def _said_of_figure(figure: Figure) -> Said:
    """What we have a word for is said in the reader's language; the publisher's own words keep theirs."""
    known = vocabulary.counted(figure.what)
    said_already = {figure.what, "people"} if known == ("figures", "population") else {figure.what}
    values: dict[str, Value] = {
        "what": Label(*known) if known else figure.title_text(),
        "value": figure.value,
        "unit": "" if figure.unit in said_already else Text.of(en=figure.unit),
        "year": str(figure.year or ""),
    }
    if values["unit"]:
        message = _("%(what)s: %(value)s %(unit)s (%(year)s)") if figure.year else _("%(what)s: %(value)s %(unit)s")
    else:
        message = _("%(what)s: %(value)s (%(year)s)") if figure.year else _("%(what)s: %(value)s")
    return Said(message, values)


def _counted_too(facts: Facts, side: Side) -> Iterator[Line]:
    """Says whose links are counted as well, so that nothing is merged silently; who has none need not be named."""
    counted = [each for each in side.related if facts.is_linked(each.pk)]
    if counted:
        names = Many(tuple(name_of(each) for each in counted))
        said = Said(_("Links of %(bodies)s are counted too and marked as such."), {"bodies": names})
        yield _line(side, "counted", said, *counted[:3])


def _notes(side: Side) -> Iterator[Line]:
    for organisation in side.ends.values():
        if organisation.note:
            said = Said(
                _("Note on %(organisation)s: %(note)s"),
                {"organisation": name_of(organisation), "note": organisation.note},
            )
            yield _line(side, "note", said, organisation, private=Private.NOTE, short=False)
