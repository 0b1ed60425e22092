"""Columns, filters and names that the lists of several kinds have alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Concat
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.form_fields import language_now, theme_choices
from sympolis.office.core.found_by_words import few_keys
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.queries import OneOf, Reader, among, reads_office
from sympolis.office.directory.enums import Renewal
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.queries import NoIndex, bodies_of_called, called, visible_organisations, visible_posts
from sympolis.web.staff.records.kinds import Column, Filter


def term(vocabulary_name: str, code: str) -> str:
    return vocabulary.label(vocabulary_name, code, language_now()) if code else ""


def theme_names(codes: tuple[str, ...]) -> list[str]:
    return [term("themes", code) for code in codes]


def names(path: str) -> Callable[[Any], list[str]]:
    """What the organisations on a list of a row's are called, in their order; see ``with_names``."""

    def said(row: Any) -> list[str]:
        pairs = sorted(one.split(_AND_NAME) for one in (getattr(row, f"named_{path}") or "").split(_NEXT) if one)
        return [name for _key, name in pairs]

    return said


_AND_NAME, _NEXT = "\x1e", "\x1f"  # no name has these signs


ENDS = ("from_organisation", "to_organisation")


def by_organisation(word: str, reader: Reader) -> Q:
    """Words of a row, or of the organisation it belongs to where the reader may see that: nobody guesses its name by
    asking."""
    return Q(folded__contains=word) | seen_by_name("organisation", word, reader)


def by_either_end(word: str, reader: Reader) -> Q:
    """Words of either end, or of whose body it is: who sees the row sees both ends."""
    either = _by_name("from_organisation", word) | _by_name("to_organisation", word)
    return either | _of_bodies(bodies_of_called(word, reader))


def _of_bodies(keys: QuerySet[Any, Any]) -> Q:
    return Q(*((f"{path}__in", keys) for path in ENDS), _connector=Q.OR)


def by_either_end_of_all(words: Sequence[str], reader: Reader) -> tuple[list[Q], list[Q]]:
    """The same of several words at once: as who looks up rows asks for them, and as who walks from end to end in the
    list's order does, for whom the database does not gather them all by an index to sort them.

    Where few are called by the first, these are looked up once, and of what is theirs alone the ends are read. Of many
    the database looks all up: what is theirs would be most of what there is.
    """
    keys = _few_called(words[0], reader)
    if keys is None:
        asked = [(called(word), bodies_of_called(word, reader)) for word in words]
        walked = [
            Q(*(In(NoIndex(path), found) for path in ENDS for found in either), _connector=Q.OR) for either in asked
        ]
        return [by_either_end(word, reader) for word in words], walked
    rest = [
        Q(*((f"{path}__folded__contains", word) for path in ENDS), _connector=Q.OR)
        | _of_bodies(bodies_of_called(word, reader))
        for word in words[1:]
    ]
    theirs = Q(*(OneOf(path, keys) for path in ENDS), _connector=Q.OR)
    walked_by = Q(*(OneOf(NoIndex(path), keys) for path in ENDS), _connector=Q.OR)
    return [theirs, *rest], [walked_by, *rest]


def _few_called(word: str, reader: Reader) -> list[int] | None:
    """Who is called so, with their bodies; None where these are many."""
    there = Organisation.objects.all()
    own = few_keys(there, [Q(folded__contains=word)])
    bodies = None if own is None else few_keys(there, [Q(pk__in=bodies_of_called(word, reader))])
    return None if own is None or bodies is None else [*own, *bodies]


def _by_name(path: str, word: str) -> Q:
    """All there are of that name first, then what is theirs: to join them row by row takes many times as long."""
    return Q(**{f"{path}__in": called(word)})


def seen_by_name(path: str, word: str, reader: Reader) -> Q:
    if reads_office(reader):
        return _by_name(path, word)
    named = visible_organisations(reader).filter(folded__contains=word, pk=OuterRef(path))
    return Q(Exists(named.order_by()))


def who_held(rows: QuerySet[Any], houses: Sequence[str], moment: Moment | None, reader: Reader) -> QuerySet[Any]:
    """The people who may have held a post then, at a house called so: the one that stands with them, or another.

    Of one post both are asked: who was there before, and elsewhere then, did not sit there.
    """
    asked = post_asked(houses, moment, reader)
    return rows.filter(asked | Q(pk__in=visible_posts(reader).filter(asked).order_by().values("person")))


def post_asked(houses: Sequence[str], moment: Moment | None, reader: Reader) -> Q:
    """What is asked of a post, be it the one that stands with a person or another."""
    asked = moment.may_hold_of_rows if moment else Q()
    for word in houses:
        asked &= seen_by_name("organisation", word, reader)
    return asked


def with_names(path: str) -> Callable[[QuerySet[Any], Reader], QuerySet[Any]]:
    """Rows with the names of the organisations on a list of theirs, of those the reader may see: each row's as one
    text. A page of positions has a thousand of them, which as records take longer than all the rest of it."""

    def fetched(rows: QuerySet[Any], reader: Reader) -> QuerySet[Any]:
        field: Any = rows.model._meta.get_field(path)
        link, end = field.m2m_field_name(), field.m2m_reverse_field_name()
        listed = field.remote_field.through._base_manager.filter(
            among(visible_organisations(reader), end), **{link: OuterRef("pk")}
        )
        pair = Concat(f"{end}__sort_key", Value(_AND_NAME), f"{end}__name", output_field=TextField())
        said = listed.order_by().values(link).annotate(said=StringAgg(pair, Value(_NEXT))).values("said")
        named: QuerySet[Any] = rows.annotate(**{f"named_{path}": Subquery(said)})
        return named

    return fetched


def with_named(path: str) -> Callable[[QuerySet[Any], Reader], QuerySet[Any]]:
    """Rows with the one organisation they name there: of those the reader may see."""

    def fetched(rows: QuerySet[Any], reader: Reader) -> QuerySet[Any]:
        return rows.prefetch_related(Prefetch(path, visible_organisations(reader).only("name")))

    return fetched


def with_organisation(rows: QuerySet[Any], reader: Reader) -> QuerySet[Any]:
    """Rows with whose they are: of an organisation the reader may not see nothing comes along, not its name either."""
    if reads_office(reader):
        return rows.select_related("organisation").defer(*(f"organisation__{name}" for name in _NOT_NAMED))
    return rows.prefetch_related(Prefetch("organisation", visible_organisations(reader).defer(*_NOT_NAMED)))


_NOT_NAMED = tuple(one.name for one in Organisation._meta.concrete_fields if one.name not in {"id", "name"})


def whose(row: Any) -> Any:
    """The organisation of a row, where it came along."""
    return getattr(row, "organisation", None)


def country_of(organisation_path: str) -> Filter:
    prefix = f"{organisation_path}__" if organisation_path else ""
    return Filter(
        "country", _("Country"), lambda: COUNTRIES.choices(language_now()), lambda code: Q(**{f"{prefix}country": code})
    )


def holds(column: str) -> Any:
    return lambda code: Q(**{f"{column}__contains": f",{code},"})


THEME = Filter("theme", _("Theme"), theme_choices, holds("themes"))
CONFIRMED = Filter(
    "confirmed",
    _("Confirmed"),
    lambda: [("yes", str(_("confirmed"))), ("no", str(_("unconfirmed")))],
    lambda code: Q(confirmed=code == "yes"),
)


def last_day(column: str, over: Any, going_on: Any) -> Filter:
    """What is over, and what is going on or still to come."""

    def where(code: str) -> Q:
        past = Q(**{f"{column}__lt": timezone.localdate()})
        return past if code == "over" else ~past | Q(**{column: None})

    return Filter("time", _("When"), lambda: [("now", str(going_on)), ("over", str(over))], where)


def times_of_agreements() -> list[tuple[str, str]]:
    return [("now", str(_("in force"))), ("year", str(_("ending this year"))), ("over", str(_("ended")))]


def in_force(code: str) -> Q:
    """Agreements that hold or are still to hold, those whose last day is of this year, or those that are over; what
    goes on by itself is never over."""
    if code == "year":
        return Q(ends_latest__year=timezone.localdate().year) & ~Q(renewal=Renewal.AUTOMATIC)
    over = Q(ends_latest__lt=timezone.localdate()) & ~Q(renewal=Renewal.AUTOMATIC)
    return over if code == "over" else ~over | Q(ends_latest=None)


TITLE = Column("title", _("Title"), lambda row: row.title, ("sort_key",))
WHOSE = Column("organisation", _("Organisation"), whose, ("organisation__sort_key",))
