"""Questions about organisations and what links them, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.lookups import In

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import RetiredId, User
from sympolis.office.core.prepared import AmongPrepared, Prepared
from sympolis.office.core.queries import (
    WRITERS,
    Reader,
    administered_by,
    belongs_to,
    changeable_records,
    kept_by,
    leads_to,
    open_visibilities,
    proposable_records,
    reads_office,
    the_one,
    visible_records,
    written_by,
)
from sympolis.office.directory.details import Signature
from sympolis.office.directory.enums import BODY, RelationType, Renewal
from sympolis.office.directory.models import (
    Agreement,
    Department,
    Figure,
    MembershipAnswer,
    MembershipFee,
    Office,
    Organisation,
    Person,
    Position,
    Post,
    Relation,
)
from sympolis.office.directory.moments import Moment


def current_office() -> Office | None:
    """The office. Every page asks; its organisation is left to the few that need it."""
    return the_one(Office.objects.all())


def office_with_house() -> Office | None:
    """The same with its organisation: one question."""
    return the_one(Office.objects.select_related("organisation"))


def visible_organisations(user: Reader) -> QuerySet[Organisation]:
    return visible_records(user, Organisation.objects.all(), belongs_to(user, "pk"))


def of_seen_houses(user: Reader) -> Q:
    """Rows of an organisation that the reader may see: of none of the few that are closed to them, which takes less
    than to look at the organisation of each row."""
    there = Q(organisation__isnull=False)
    closed = sorted(frozenset(Visibility) - open_visibilities(user))
    if not closed:
        return there
    hidden = Organisation.objects.filter(visibility__in=closed).exclude(belongs_to(user, "pk"))
    return there & ~Q(organisation__in=hidden.order_by().values("pk"))


def called(word: str) -> QuerySet[Any, Any]:
    """The keys of all whose names hold a word, whoever may see them: to ask for rows by, which the reader sees."""
    return Organisation.objects.filter(folded__contains=word).order_by().values("pk")


def bodies_of_called(word: str, reader: Reader) -> QuerySet[Any, Any]:
    """The keys of boards and other bodies of all whose names hold a word: of those the reader may see, for by asking
    nobody learns whose a body is."""
    houses = visible_organisations(reader).filter(folded__contains=word).order_by().values("pk")
    return Organisation.objects.filter(kind=BODY, parent__in=houses).order_by().values("pk")


def of_kinds(kinds: Iterable[str]) -> QuerySet[Any, Any]:
    """The keys of all of some kinds, whoever may see them: a few hundred networks are found and then sorted sooner than
    among all organisations in their order."""
    return Organisation.objects.filter(kind__in=list(kinds)).order_by().values("pk")


def of_id(public_id: str) -> QuerySet[Any, Any]:
    """The key of the one with an id, whoever may see it: to ask for rows by, which the reader sees."""
    return Organisation.objects.filter(public_id=public_id).order_by().values("pk")


def may_see(user: Reader, pk: int, visibility: str) -> bool:
    """The same of one organisation that is at hand."""
    return visibility in open_visibilities(user) or (isinstance(user, User) and pk in user.roles)


def countries_told(organisations: Iterable[Organisation]) -> tuple[str, ...]:
    """Where those are that everybody may see: what search may say of a record that also names others."""
    public = (one.country for one in organisations if one.visibility == Visibility.PUBLIC)
    return tuple(dict.fromkeys(country for country in public if country))


def visible_relations(user: Reader) -> QuerySet[Relation]:
    """Relations whose two ends the reader may see as well.

    What is open to the reader, ends included, is known by one column; only of their own house's relations is it asked
    end by end.
    """
    relations = Relation.objects.all()
    if reads_office(user):
        return relations
    seen: Any = _open(user)
    if isinstance(user, User) and user.roles:
        seen = Q(seen) | Q(AmongPrepared("pk", _OF_OWN_HOUSES, user))
    return relations.filter(seen)


def relations_seen_around(user: Reader) -> QuerySet[Relation]:
    """The same, for a question that goes by one of their ends: whether one is their own house's is asked of it alone.
    All that are, which ``visible_relations`` lists first, would be listed again by each part of such a question."""
    relations = Relation.objects.all()
    if reads_office(user):
        return relations
    seen: Any = _open(user)
    if isinstance(user, User) and user.roles:
        one_of_theirs = Exists(_of_own_houses(user).filter(pk=OuterRef("pk")).order_by())
        seen = Q(seen) | (_at_own_houses(user) & Q(one_of_theirs))
    return relations.filter(seen)


def count_of_relations(user: Reader, *, with_examples: bool = True) -> int:
    """How many ``visible_relations`` there are. Nine of ten are open: all of them, less those that are left out, which
    are found out of an index."""
    closed = Q(narrowest__in=sorted(frozenset(Visibility) - open_visibilities(user)))
    own = Q(AmongPrepared("pk", _OF_OWN_HOUSES, user)) if isinstance(user, User) and user.roles else Q(pk__in=[])
    unseen = closed & ~own
    count = Relation.objects.count() - Relation.objects.filter(unseen).count()
    if with_examples:
        return count
    examples = Relation.objects.filter(narrowest__in=list(Visibility), illustrative=True)  # all: by the same index
    return count - examples.exclude(unseen).count()


def _open(user: Reader) -> Any:
    return In(NoIndex("narrowest"), sorted(open_visibilities(user)))


def _at_own_houses(user: Reader) -> Q:
    return belongs_to(user, "from_organisation") | belongs_to(user, "to_organisation")


def _of_own_houses(user: Reader) -> QuerySet[Relation]:
    """Those whose two ends they see, be they open or theirs."""
    own = Relation.objects.filter(_at_own_houses(user))
    for end in ("from_organisation", "to_organisation"):
        is_open = Q(**{f"{end}__visibility__in": sorted(open_visibilities(user))})
        own = own.filter(is_open | belongs_to(user, end))
    return own


# Most questions of contacts ask it.
_OF_OWN_HOUSES = Prepared(lambda user: _of_own_houses(user).order_by().values("pk"))


class NoIndex(Func):
    """A column as it is, of which SQLite knows not to go by its index where another way is shorter.

    Nine of ten relations are open to everybody: to sort what it finds of these takes a hundred times as long as to
    walk a list in its order.
    """

    template = "%(expressions)s"

    def __init__(self, column: str) -> None:
        super().__init__(F(column))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **more)


def organisations_at(user: Reader, moment: Moment) -> QuerySet[Organisation]:
    """Those a reader may see that were there then, as far as known: neither founded later nor followed by another."""
    seen = visible_organisations(user)
    if moment.is_today:
        return seen
    followed = visible_relations(user).filter(type=RelationType.SUCCEEDED_BY, since_latest__lt=moment.first)
    return seen.exclude(founded_year__gt=moment.last.year).exclude(pk__in=followed.values("from_organisation"))


def visible_agreements(user: Reader) -> QuerySet[Agreement]:
    return visible_records(user, Agreement.objects.all())


def visible_positions(user: Reader) -> QuerySet[Position]:
    return visible_records(user, Position.objects.all())


def visible_departments(user: Reader) -> QuerySet[Department]:
    return visible_records(user, Department.objects.all(), belongs_to(user, "organisation"))


def visible_people(user: Reader) -> QuerySet[Person]:
    """People are never public: the office sees them, and those who act for the same organisation."""
    return _private(user, Person.objects.all(), "organisation")


def visible_posts(user: Reader) -> QuerySet[Post]:
    """The posts of people the reader may see."""
    return _private(user, Post.objects.all(), "person__organisation")


def _private[R: (Person, Post)](user: Reader, records: QuerySet[R], path: str) -> QuerySet[R]:
    return records if reads_office(user) else records.filter(belongs_to(user, path))


def visible_figures(user: Reader) -> QuerySet[Figure]:
    return visible_records(user, Figure.objects.all(), belongs_to(user, "organisation"))


def visible_fees(user: Reader) -> QuerySet[MembershipFee]:
    """What memberships cost is the office's own business."""
    return MembershipFee.objects.all() if reads_office(user) else MembershipFee.objects.none()


def visible_membership_answers(user: Reader) -> QuerySet[MembershipAnswer]:
    """So is what officers said of them."""
    return MembershipAnswer.objects.all() if reads_office(user) else MembershipAnswer.objects.none()


def changeable_fees(user: Reader) -> QuerySet[MembershipFee]:
    return changeable_records(user, MembershipFee.objects.all())


def changeable_organisations(user: Reader) -> QuerySet[Organisation]:
    return changeable_records(user, Organisation.objects.all(), kept_by(user, "pk"))


def changeable_relations(user: Reader) -> QuerySet[Relation]:
    return changeable_records(user, Relation.objects.all())


def changeable_agreements(user: Reader) -> QuerySet[Agreement]:
    return changeable_records(user, Agreement.objects.all())


def changeable_positions(user: Reader) -> QuerySet[Position]:
    return changeable_records(user, Position.objects.all())


def changeable_people(user: Reader) -> QuerySet[Person]:
    return changeable_records(user, Person.objects.all(), kept_by(user, "organisation"))


def changeable_departments(user: Reader) -> QuerySet[Department]:
    return changeable_records(user, Department.objects.all(), kept_by(user, "organisation"))


def changeable_figures(user: Reader) -> QuerySet[Figure]:
    return changeable_records(user, Figure.objects.all(), kept_by(user, "organisation"))


def changeable_posts(user: Reader) -> QuerySet[Post]:
    return changeable_records(user, Post.objects.all(), kept_by(user, "person__organisation"))


def proposable_organisations(user: Reader) -> QuerySet[Organisation]:
    """Those whose page the user may write at, be it that the office reads it first."""
    return proposable_records(user, Organisation.objects.all(), written_by(user, "pk"))


def proposable_relations(user: Reader) -> QuerySet[Relation]:
    """What an organisation is to others is for it to propose; the office decides, since others are named."""
    return proposable_records(user, visible_relations(user), written_by(user, "from_organisation"))


def proposable_people(user: Reader) -> QuerySet[Person]:
    return proposable_records(user, Person.objects.all(), written_by(user, "organisation"))


def proposable_departments(user: Reader) -> QuerySet[Department]:
    return proposable_records(user, Department.objects.all(), written_by(user, "organisation"))


def proposable_figures(user: Reader) -> QuerySet[Figure]:
    return proposable_records(user, Figure.objects.all(), written_by(user, "organisation"))


def proposable_agreements(user: Reader) -> QuerySet[Agreement]:
    """Several signed it, so it is no single house's to write at: who writes for the office proposes at any."""
    return proposable_records(user, Agreement.objects.all(), Q(pk__in=[]))


def proposable_positions(user: Reader) -> QuerySet[Position]:
    return proposable_records(user, Position.objects.all(), Q(pk__in=[]))


def proposable_posts(user: Reader) -> QuerySet[Post]:
    return proposable_records(user, Post.objects.all(), written_by(user, "person__organisation"))


def administered_organisations(user: Reader) -> QuerySet[Organisation]:
    """Those whose people a user invites: its administrator; of the whole site, who administers the system."""
    if isinstance(user, User) and user.is_administrator:
        return Organisation.objects.all()
    return Organisation.objects.filter(administered_by(user, "pk"))


def people_without_basis(user: Reader, today: date) -> QuerySet[Person]:
    """People whose consent, or whatever let the office keep them, has run out."""
    return visible_people(user).filter(basis_until_latest__lt=today)


def kept_organisations(user: Reader) -> QuerySet[Organisation]:
    """The organisations whose page a user keeps right."""
    return Organisation.objects.filter(kept_by(user, "pk"))


def written_organisations(user: Reader) -> QuerySet[Organisation]:
    """The organisations a user writes for, be it that the office reads it first."""
    return Organisation.objects.filter(written_by(user, "pk"))


def own_organisations(user: Reader) -> QuerySet[Organisation]:
    """Those among them that a user acts for: who writes everywhere acts for some of them, or for none."""
    return Organisation.objects.filter(pk__in=user.acts_for(WRITERS) if isinstance(user, User) else [])


def agreements_ending(user: Reader, today: date, days: int = 180) -> QuerySet[Agreement]:
    """Agreements that nothing renews and about which something is to be decided within so many days (``decide_by``),
    the first first."""
    last = today + timedelta(days=days)
    ending = with_last_day_to_decide(visible_agreements(user)).filter(decide_by__range=(today, last), renewed_by=None)
    return ending.order_by("decide_by", "sort_key")


class MonthsBefore(Func):
    """The day so many months before another: the last of its month where that is shorter, in every database."""

    output_field = DateField()

    def __init__(self, day: str, months: str) -> None:
        super().__init__(F(day), F(months))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """SQLite goes on into the next month (31 May less 3 months is 3 March): the earlier of that day and the last
        of the month it stands for."""
        (day, of_day), (months, of_months) = map(compiler.compile, self.source_expressions)
        sql = (
            f"MIN(DATE({day}, '-' || {months} || ' months'), "
            f"DATE({day}, 'start of month', '-' || ({months} - 1) || ' months', '-1 day'))"
        )
        return sql, (*of_day, *of_months, *of_day, *of_months)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        (day, of_day), (months, of_months) = map(compiler.compile, self.source_expressions)
        return f"({day} - MAKE_INTERVAL(months => {months}))::date", (*of_day, *of_months)


def with_last_day_to_decide(agreements: QuerySet[Agreement]) -> QuerySet[Any]:
    """With ``decide_by``: the last day of each, or the last to give notice on where it goes on by itself."""
    notice = MonthsBefore("ends_latest", "notice_months")
    automatic = When(renewal=Renewal.AUTOMATIC, notice_months__gt=0, then=notice)
    return agreements.annotate(decide_by=Case(automatic, default=F("ends_latest"), output_field=DateField()))


def over(which: str) -> Case:
    """As a column: the ``earliest`` or ``latest`` day after which an agreement no longer holds; see Agreement.over."""
    return Case(When(renewal=Renewal.AUTOMATIC, then=Value(None)), default=F(f"ends_{which}"), output_field=DateField())


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody's signature as a reader may see it: the name is told to the office and to the own house alone."""

    party: Organisation
    post: str
    name: str
    on: PartialDate


def signatures_of(user: Reader, agreement: Agreement) -> list[Signed]:
    """Who signed it, in the order it was written down; of parties the reader may see. A few questions, or none."""
    said = [Signature.of(line) for line in agreement.signatures]
    if not said:
        return []
    ids = {one.party: one.party for one in said}
    merged = RetiredId.objects.filter(public_id__in=ids).exclude(leads_to="").values_list("public_id", flat=True)
    ids |= {public_id: leads_to(public_id) for public_id in merged}
    seen = {one.public_id: one for one in visible_organisations(user).filter(public_id__in=set(ids.values()))}
    own = set(seen) if reads_office(user) else _own_houses(user, seen)
    return [
        Signed(seen[ids[one.party]], one.post, one.name if ids[one.party] in own else "", one.on)
        for one in said
        if ids[one.party] in seen
    ]


def _own_houses(user: Reader, seen: Mapping[str, Organisation]) -> set[str]:
    roles = user.roles if isinstance(user, User) else {}
    return {public_id for public_id, one in seen.items() if one.pk in roles}


def is_empty_home() -> bool:
    """Nobody has opened an office here yet, and nobody could sign in."""
    return not Office.objects.exists() and not User.objects.exists()
