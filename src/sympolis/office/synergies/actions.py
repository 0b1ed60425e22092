"""What officers do with briefs: make them, decide about their lines, approve them for handing round."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone, translation

from sympolis.office.core.enums import SiteRole
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import Reader
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.brief.assembly import assemble
from sympolis.office.synergies.brief.document import Document, document_of
from sympolis.office.synergies.brief.sheet import Decision, Reading, Sheet, sheet_of
from sympolis.office.synergies.enums import Audience, Format, PartnerVerdict, Verdict
from sympolis.office.synergies.errors import NotApproved, NotFound, ReasonMissing, SameTwice
from sympolis.office.synergies.facts import Question, pair_of
from sympolis.office.synergies.formats import rendered
from sympolis.office.synergies.models import Brief, LineDecision, PartnerDecision
from sympolis.office.synergies.partners import partner_as_suggested
from sympolis.office.synergies.queries import decisions_of, find_organisation
from sympolis.office.synergies.scope import Side, chosen, scopes_of
from sympolis.office.synergies.teaching import (
    ANSWERS,
    Suggestion,
    keep_answer,
    suggested_line,
    suggested_partner,
    take_answers_back,
)

OUT = frozenset({Verdict.DROPPED, Verdict.LATER})
"""Decisions that take a line out of a brief."""

DECISIONS = frozenset({"", Verdict.PINNED, *OUT})


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer asks a brief for. A scope of None takes in what counts at once; an empty one nothing."""

    left: Organisation
    right: Organisation
    network: Organisation | None = None
    language: str = "en"
    on: date | None = None
    left_scope: Collection[str] | None = None
    right_scope: Collection[str] | None = None
    include_unconfirmed: bool = False


def make_brief(user: User, wish: Wish) -> Brief:
    """Make a brief and keep it as made. Raises SameTwice; only officers make briefs."""
    officers_only(user)
    question = question_of(user, wish)
    document = _document(question, wish.language)
    return Brief.objects.create(
        left=wish.left,
        right=wish.right,
        network=wish.network,
        left_scope=[each.public_id for each in question.left.related],
        right_scope=[each.public_id for each in question.right.related],
        on=question.on,
        language=wish.language,
        include_unconfirmed=wish.include_unconfirmed,
        document=document,
        made_by=user,
        title=document["title"][:300],
    )


def question_of(user: Reader, wish: Wish) -> Question:
    """The wish with its sides drawn: whose links count on each."""
    if wish.left.pk == wish.right.pk:
        raise SameTwice(wish.left)
    on = wish.on or timezone.localdate()
    left, right = scopes_of(user, [wish.left, wish.right], on)
    apart = _apart(
        Side("left", wish.left, chosen(left, wish.left_scope)),
        Side("right", wish.right, chosen(right, wish.right_scope)),
    )
    return Question(user, *apart, on=on, network=wish.network, include_unconfirmed=wish.include_unconfirmed)


def _apart(left: Side, right: Side) -> tuple[Side, Side]:
    """A body stands on one side only: never the other partner itself, nor one taken in by both."""
    rights = {right.organisation.pk}
    lefts = tuple(each for each in left.related if each.pk not in rights)
    taken = {left.organisation.pk, *(each.pk for each in lefts)}
    return (
        Side(left.name, left.organisation, lefts),
        Side(right.name, right.organisation, tuple(each for each in right.related if each.pk not in taken)),
    )


def _document(question: Question, language: str) -> Document:
    with translation.override(language):
        return document_of(assemble(question), language)


def make_again(user: User, brief: Brief, language: str) -> Brief:
    """The same question as of the same day, in another language: a new brief."""
    return make_brief(
        user,
        Wish(
            left=brief.left,
            right=brief.right,
            network=brief.network,
            language=language,
            on=brief.on,
            left_scope=brief.left_scope,
            right_scope=brief.right_scope,
            include_unconfirmed=brief.include_unconfirmed,
        ),
    )


@transaction.atomic
def decide(user: User, brief: Brief, line: str, verdict: str, reason: str = "") -> LineDecision:
    """Pin or drop a line for this pair of partners, in every language and every later brief; empty takes it back.

    Set aside, a line is out of this brief, and in again in the next that is made as of a later day. What is decided
    about a suggestion is kept as the officer's answer to it. Raises ReasonMissing where a line is to be dropped and
    nobody says why: colleagues read it in the next brief.
    """
    officers_only(user)
    if verdict not in DECISIONS:
        raise ValueError(f"No such verdict: {verdict!r}")
    if verdict == Verdict.DROPPED and not reason.strip():
        raise ReasonMissing
    pair = pair_of(brief.left, brief.right)
    if verdict not in OUT:
        _take_approval_back(pair, line)
    until = brief.on if verdict == Verdict.LATER else None
    made, _ = LineDecision.objects.update_or_create(
        pair=pair,
        line=line[:200],
        defaults={"verdict": verdict, "reason": reason.strip()[:500], "until": until, "by": user},
    )
    if (suggestion := suggested_line(brief.document, pair, line)) is not None:
        _answer(user, suggestion, ANSWERS.get(Verdict(verdict)) if verdict else None, reason)
    return made


@transaction.atomic
def answer_suggestion(user: User, suggestion: Suggestion, answer: str, reason: str = "") -> None:
    """Yes, no or later on what was suggested; empty takes back what anybody said. Only officers answer.

    The last word decides: see ``answers_about``.
    """
    officers_only(user)
    _answer(user, suggestion, PartnerVerdict(answer) if answer else None, reason)


def _answer(user: User, suggestion: Suggestion, answer: PartnerVerdict | None, reason: str) -> None:
    if answer is None:
        take_answers_back(user, suggestion)
    else:
        keep_answer(user, suggestion, answer, reason)


def _take_approval_back(pair: str, line: str) -> None:
    """A line that comes back in was in none of the briefs as they were approved: each is to be approved again."""
    decisions = LineDecision.objects.filter(pair=pair)
    if decisions.filter(line=line[:200], verdict__in=OUT).exists():
        decisions.filter(verdict=Verdict.APPROVED).delete()


def comment(user: User, brief: Brief, line: str, words: str) -> LineDecision:
    """Say something to colleagues about a line; the empty comment removes it."""
    officers_only(user)
    made, _ = LineDecision.objects.update_or_create(
        pair=pair_of(brief.left, brief.right),
        line=line[:200],
        defaults={"comment": words.strip()[:5000], "by": user},
    )
    return made


@transaction.atomic
def decide_partner(
    user: User, organisation: Organisation, partner: Organisation, verdict: str, reason: str = ""
) -> PartnerDecision | None:
    """Yes, no or later on a partner suggested for an organisation; empty takes it back. Only officers decide.

    Who decides later is right; the history says who had decided what, and who took it back. Raises SameTwice.
    """
    officers_only(user)
    if organisation.pk == partner.pk:
        raise SameTwice(organisation)
    ids = organisation.public_id, partner.public_id
    if not verdict:
        take_answers_back(user, suggested_partner(*ids, None))
        for earlier in PartnerDecision.objects.filter(organisation=organisation, partner=partner):
            earlier._history_user = user  # type: ignore[attr-defined]  # simple-history reads it
            earlier.delete()
        return None
    found = partner_as_suggested(user, organisation, partner, timezone.localdate())
    keep_answer(user, suggested_partner(*ids, found), PartnerVerdict(verdict), reason)
    about = {"verdict": PartnerVerdict(verdict), "reason": reason.strip()[:500], "by": user}
    made, _ = PartnerDecision.objects.update_or_create(organisation=organisation, partner=partner, defaults=about)
    return made


def approve_for_sharing(user: User, brief: Brief) -> None:
    """A named officer stands for this brief before any of it leaves the office."""
    officers_only(user)
    LineDecision.objects.update_or_create(
        pair=pair_of(brief.left, brief.right),
        line=_approval(brief),
        defaults={"verdict": Verdict.APPROVED, "by": user},
    )


def read_brief(brief: Brief, reading: Reading) -> Sheet:
    """The brief as this reader is to see it, with what officers decided up to now."""
    made = decisions_of(pair_of(brief.left, brief.right))
    approval = made.get(_approval(brief))
    by = str(approval.by) if approval and approval.by else ""
    return sheet_of(brief.document, _plain(made, brief.on), reading, approved_by=by)


def export_brief(brief: Brief, reading: Reading, format_: Format) -> bytes:
    """The brief as a file. What is to be handed round must have been approved by somebody."""
    sheet = read_brief(brief, reading)
    if reading.audience is Audience.SHARED and not sheet.approved_by:
        raise NotApproved
    return rendered(sheet, format_)


def brief_for_command_line(
    left: str, right: str, network: str = "", language: str = "en", format: str = "md", internal: bool = False
) -> bytes:
    """``sympolis brief A B``: names as typed in, a file out. Raises BriefRefused with a sentence to print.

    The command line acts as the office on its own machine; nothing is stored. Made to be handed round unless internal.
    """
    user = _office()
    wish = Wish(
        left=_named(user, left),
        right=_named(user, right),
        network=_named(user, network) if network else None,
        language=language,
    )
    question = question_of(user, wish)
    document = _document(question, language)
    reading = Reading(Audience.INTERNAL if internal else Audience.SHARED)
    sheet = sheet_of(document, _plain(decisions_of(question.pair), question.on), reading)
    return rendered(sheet, Format(format))


def _named(user: Reader, text: str) -> Organisation:
    found = find_organisation(user, text)
    if found.organisation is None:
        raise NotFound(text, found.nearest)
    return found.organisation


def _plain(decisions: Mapping[str, LineDecision], on: date) -> dict[str, Decision]:
    """What holds in a brief as of a day: what was set aside before is in again, with what was said to it."""
    return {line: _decision(made, on) for line, made in decisions.items()}


def _decision(made: LineDecision, on: date) -> Decision:
    is_over = made.until is not None and made.until < on
    verdict, reason = ("", "") if is_over else (made.verdict, made.reason)
    return Decision(verdict, reason, made.comment, str(made.by) if made.by else "")


def _approval(brief: Brief) -> str:
    return f"brief:{brief.public_id}"


def _office() -> User:
    """Who the command line acts as: an officer who is nobody in particular and is never saved."""
    return User(pk=0, email="", role=SiteRole.OFFICER, is_active=True)
