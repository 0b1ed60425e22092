"""What officers say to suggestions is kept, so that the rankings learn from it; and switching that off and on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied

from sympolis.engine.match.learning import scores_by_name
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.asked_need import AskedNeed
from sympolis.office.synergies.brief.document import Document
from sympolis.office.synergies.brief.lines import Section
from sympolis.office.synergies.consortium.building import Built, call_and_lead
from sympolis.office.synergies.enums import PartnerVerdict, Subject, Verdict
from sympolis.office.synergies.models import LearningSwitch, SuggestionAnswer
from sympolis.office.synergies.need_answers import NeedAnswer
from sympolis.office.synergies.partners import Partner
from sympolis.office.synergies.peers.likeness import PlacePeer

SUBJECTS = {Section.SYNERGIES: Subject.SYNERGIES, Section.CALLS: Subject.CALLS, Section.MEMBERS: Subject.MEMBERS}
"""Parts of a brief whose lines are suggestions."""

ANSWERS = {
    Verdict.PINNED: PartnerVerdict.YES,
    Verdict.DROPPED: PartnerVerdict.NO,
    Verdict.LATER: PartnerVerdict.LATER,
}
"""What a decision about such a line says to the suggestion."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What was suggested for whom, and how it was scored then: see ``SuggestionAnswer``."""

    subject: Subject
    about: str
    name: str
    features: Mapping[str, float] = field(default_factory=dict)
    score: float | None = None
    example: bool = False
    words: str = ""  # what it was suggested for, where that is no record but what somebody typed


def keep_answer(user: User, suggestion: Suggestion, answer: PartnerVerdict, reason: str = "") -> SuggestionAnswer:
    """Keep what an officer says; what the same officer said to it before stays in the history."""
    made, _ = SuggestionAnswer.objects.update_or_create(
        subject=suggestion.subject,
        about=suggestion.about,
        suggestion=suggestion.name[:200],
        by=user,
        defaults={
            "answer": answer,
            "reason": reason.replace("\x00", "").strip()[:500],
            "features": dict(suggestion.features),
            "score": suggestion.score,
            "example": suggestion.example,
            "words": suggestion.words,
        },
    )
    return made


def take_answers_back(user: User, suggestion: Suggestion) -> None:
    """Nothing is said to a suggestion any more, whoever said it: it teaches nothing. The history has it all."""
    said = SuggestionAnswer.objects.filter(
        subject=suggestion.subject, about=suggestion.about, suggestion=suggestion.name[:200]
    )
    for each in said:
        each._history_user = user  # type: ignore[attr-defined]  # simple-history reads it
        each.delete()


def suggested_line(document: Document, pair: str, key: str) -> Suggestion | None:
    """A line of a brief as a suggestion, scored as when the brief was made; None for what states a fact."""
    for section, subject in SUBJECTS.items():
        for item in document[section]:
            if item["key"] == key and not item.get("unknown"):
                example = item.get("example", False)
                return Suggestion(subject, pair, key, item.get("features", {}), item.get("score"), example)
    return None


def suggested_partner(organisation: str, partner: str, found: Partner | None) -> Suggestion:
    """A partner suggested for an organisation, both by public id, with how it is scored where it still is."""
    if found is None:
        return Suggestion(Subject.PARTNERS, organisation, partner)
    return Suggestion(Subject.PARTNERS, organisation, partner, found.scores, example=found.illustrative)


def suggested_answer(asked: AskedNeed, answer: NeedAnswer) -> Suggestion:
    """What answers a need as a suggestion, scored as it is now."""
    return Suggestion(
        Subject.NEEDS, asked.about, answer.key, answer.scores, answer.score, answer.illustrative, asked.words
    )


def suggested_peer(place: str, peer: PlacePeer) -> Suggestion:
    """A place like another, by public id, as a suggestion."""
    one = peer.organisation
    scores = scores_by_name(peer.peer.features)
    return Suggestion(Subject.PEERS, place, one.public_id, scores, peer.peer.score, one.illustrative)


def suggested_member(built: Built, lead: Organisation, key: str) -> Suggestion | None:
    """Somebody in a set or beside it as a suggestion for its call; None for who is in neither."""
    found = built.consortium
    member = next((one for one in (*found.members, *found.others) if one.id == key and not one.is_lead), None)
    if member is None:
        return None
    ours = built.parties[key].ours
    about, scores = call_and_lead(built.call.id, lead), scores_by_name(member.features)
    return Suggestion(Subject.CONSORTIUM, about, key, scores, example=bool(ours and ours.illustrative))


def switch_learning(user: User, *, on: bool) -> LearningSwitch:
    """Off forgets what was learnt: rankings are as shipped, the answers stay. Only administrators."""
    if not user.has_perm("synergies.switch_learning"):
        raise PermissionDenied
    return LearningSwitch.objects.create(is_on=on, by=user)
