"""The minutes of a session: drafted out of what happened, corrected, approved, published."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sympolis.engine.model import LANGUAGES
from sympolis.office.core.enums import Visibility
from sympolis.office.core.locales import comma_in
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.templatetags.show import reader_language, when
from sympolis.office.core.texts import Text
from sympolis.office.planning.enums import ContributionKind, ParticipantKind
from sympolis.office.planning.models import Session
from sympolis.office.planning.sessions.actions import keep_session
from sympolis.office.planning.sessions.queries import Counts, Result, counts_of, results_of, without_home


class NoMinutes(Exception):
    """There is nothing yet that could be approved or published."""


def draft_minutes(session: Session) -> Text:
    """What the session's counts and groups say, in every language of the office; words of people stay as they are."""
    results = results_of(session)
    counts = counts_of(session, results)
    loose = without_home(session).count()
    text = Text()
    for language in LANGUAGES:
        with override(language):
            text.write(language, "\n\n".join(_paragraphs(session, counts, results, loose)))
    return text


def _paragraphs(session: Session, counts: Counts, results: list[Result], loose: int) -> list[str]:
    said = [_opening(session), _people(counts), _what(counts)]
    if results:
        said.append("\n".join([_("What was said, in groups, with the dots they got:"), *map(_line, results)]))
        said.append(_paper(counts))
    if loose:
        said.append(
            ngettext("%(n)d contribution is in no group.", "%(n)d contributions are in no group.", loose) % {"n": loose}
        )
    return [paragraph for paragraph in said if paragraph]


def _opening(session: Session) -> str:
    values = {"title": session.title.best(reader_language()).text, "place": session.place, "day": when(session.starts)}
    if not session.starts:
        return values["title"]
    if session.place:
        return _("%(title)s, %(day)s, %(place)s.") % values
    return _("%(title)s, %(day)s.") % values


def _people(counts: Counts) -> str:
    if not counts.everybody:
        return ""
    kinds = comma_in(reader_language()).join(
        _counted(ParticipantKind(kind).label, count) for kind, count in counts.participants.items()
    )
    themselves = counts.everybody - counts.for_bodies
    said = ngettext(
        "%(n)d person took part (%(kinds)s); %(bodies)d for a named body, %(themselves)d for themselves.",
        "%(n)d people took part (%(kinds)s); %(bodies)d for a named body, %(themselves)d for themselves.",
        counts.everybody,
    )
    return said % {
        "n": counts.everybody, "kinds": kinds, "bodies": counts.for_bodies, "themselves": themselves,
    }  # fmt: skip


def _counted(label: object, count: int) -> str:
    return _("%(what)s: %(count)d") % {"what": label, "count": count}


def _what(counts: Counts) -> str:
    if not counts.everything:
        return ""
    kinds = comma_in(reader_language()).join(
        _counted(ContributionKind(kind).label, count) for kind, count in counts.contributions.items()
    )
    said = ngettext("%(n)d contribution (%(kinds)s).", "%(n)d contributions (%(kinds)s).", counts.everything)
    return said % {"n": counts.everything, "kinds": kinds}


def _paper(counts: Counts) -> str:
    """Of which kind how many people placed dots on paper: they are not among who took part by their own page."""
    if not counts.on_paper:
        return ""
    kinds = comma_in(reader_language()).join(
        f"{ParticipantKind(kind).label}: {count}" for kind, count in counts.people_on_paper.items()
    )
    said = _(
        "Dots in all: %(dots)d, of which on paper: %(paper)d. People who placed them on paper: %(people)d (%(kinds)s)."
    )
    about = {"dots": counts.dots, "paper": counts.on_paper, "people": sum(counts.people_on_paper.values())}
    return said % {**about, "kinds": kinds}


def _line(result: Result) -> str:
    name = result.group.name.best(reader_language()).text
    return _("– %(name)s: contributions %(contributions)d, dots %(dots)d") % {
        "name": name, "contributions": result.contributions, "dots": result.dots,
    }  # fmt: skip


def keep_minutes(user: User, session: Session, minutes: Text | None = None) -> Session:
    """As drafted, or as they stand corrected: whoever approved an earlier text did not approve this one."""
    officers_only(user)
    if minutes is not None:
        session.minutes = minutes
    session.approved_by = None
    return keep_session(session)


def approve_minutes(user: User, session: Session) -> Session:
    """A named officer stands for them. Raises NoMinutes."""
    officers_only(user)
    if not session.minutes:
        raise NoMinutes
    session.approved_by = user
    return keep_session(session)


@transaction.atomic
def publish_minutes(user: User, session: Session) -> Session:
    """Everybody reads the minutes and what was said, without names. Raises NoMinutes where nobody approved them."""
    officers_only(user)
    if not session.minutes or session.approved_by_id is None:
        raise NoMinutes
    session.visibility, session.published_at = Visibility.PUBLIC, timezone.now()
    return keep_session(session)
