"""The demo's council of its own, and who takes part in the meeting to prepare: invented, and marked so."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from sympolis.office.core.models import Record
from sympolis.office.core.texts import Text
from sympolis.office.directory.actions import keep_organisation, keep_position, keep_relation
from sympolis.office.directory.enums import BODY, MemberKind, RelationType
from sympolis.office.directory.models import Organisation, Position, Relation
from sympolis.office.synergies.enums import InvitationAnswer
from sympolis.office.synergies.meetings import keep_meeting
from sympolis.office.synergies.models import Attendee, Meeting

NOTE = "invented: there is no such council"
KEY = "cou-ex"
NAMES = Text.of(
    ca="Consell estratègic de relacions internacionals (exemple)",
    es="Consejo estratégico de relaciones internacionales (ejemplo)",
    fr="Conseil stratégique des relations internationales (exemple)",
    ar="المجلس الاستراتيجي للعلاقات الدولية (مثال)",
)
# Who sits on it, what for, and the years of the mandate (until none: it goes on).
MEMBERS: tuple[tuple[str, MemberKind, int, int | None], ...] = (
    ("barcelona", MemberKind.PUBLIC, 2022, None),
    ("badalona", MemberKind.PUBLIC, 2022, None),
    ("l-hospitalet", MemberKind.PUBLIC, 2022, 2025),
    ("ascame", MemberKind.PRIVATE, 2022, None),
    ("fccd", MemberKind.CIVIL_SOCIETY, 2023, None),
    ("cidob", MemberKind.EXPERT, 2022, None),
    ("ibei", MemberKind.EXPERT, 2024, None),
)
OPINION = Text.of(
    en="On going abroad with the small towns", ca="Sortir a l'exterior amb els municipis petits",
    es="Salir al exterior con los municipios pequeños", fr="Aller à l'international avec les petites communes",
    ar="الانفتاح على الخارج مع البلديات الصغيرة",
)  # fmt: skip
OPINION_TEXT = Text.of(
    en="Every second trip should take a small town along.",
    ca="Un de cada dos viatges hauria d'incloure un municipi petit.",
    es="Uno de cada dos viajes debería incluir un municipio pequeño.",
    fr="Un voyage sur deux devrait associer une petite commune.",
    ar="ينبغي أن تشارك بلدية صغيرة في نصف الرحلات.",
)
SITTING = Text.of(
    en="Sitting of the strategic council (example)", ca="Sessió del consell estratègic (exemple)",
    es="Sesión del consejo estratégico (ejemplo)", fr="Séance du conseil stratégique (exemple)",
    ar="جلسة المجلس الاستراتيجي (مثال)",
)  # fmt: skip
# Whom the meeting to prepare has invited: posts, no names.
ATTENDEES: tuple[tuple[str, str, str, InvitationAnswer | None], ...] = (
    ("amb", "ca", "Cap de relacions internacionals (exemple)", InvitationAnswer.YES),
    ("amb", "ca", "Tècnica de cicle de l'aigua (exemple)", None),
    ("montpellier-3m", "fr", "Chargée de coopération décentralisée (exemple)", InvitationAnswer.YES),
    ("montpellier", "fr", "Responsable des villes jumelles (exemple)", InvitationAnswer.NO),
    ("medcities", "en", "Project officer (example)", None),
)


def keep_example_council(source: str, the_meeting: str, today: date) -> None:
    """Once: what somebody took away or changed stays so."""
    ours = Organisation.objects.filter(source=source, source_id="amb").first()
    if ours is None or Organisation.history.filter(source=source, source_id=KEY).exists():
        return
    with transaction.atomic():
        council = _example(
            Organisation(
                name="Strategic council for international relations (example)", name_language="en", names=NAMES,
                kind=BODY, parent=ours, country=ours.country, themes=("governance", "cooperation"),
            ), source, KEY,
        )  # fmt: skip
        keep_organisation(council)
        _seat(source, council)
        _say(source, council)
        meeting = Meeting.objects.filter(source=source, source_id=the_meeting).first()
        if meeting is not None:
            _invite(source, meeting)
        sitting = _example(Meeting(title=SITTING, kind="other", visibility="office"), source, f"{KEY}-sitting")
        sitting.starts_earliest = sitting.starts_latest = today - timedelta(days=90)
        keep_meeting(sitting, [council, ours])


def _example[R: Record](record: R, source: str, key: str) -> R:
    record.source, record.source_id, record.illustrative, record.note = source, key, True, NOTE
    return record


def _seat(source: str, council: Organisation) -> None:
    houses = {one.source_id: one for one in Organisation.objects.filter(source=source)}
    for key, stands_for, since, until in MEMBERS:
        if key not in houses:
            continue
        seat = Relation(
            from_organisation=houses[key], type=RelationType.SITS_ON, to_organisation=council, member_kind=stands_for,
            since_earliest=date(since, 1, 1), since_latest=date(since, 12, 31),
        )  # fmt: skip
        if until:
            seat.until_earliest, seat.until_latest = date(until, 1, 1), date(until, 12, 31)
        keep_relation(_example(seat, source, f"{KEY}-{key}"))


def _say(source: str, council: Organisation) -> None:
    opinion = Position(title=OPINION, text=OPINION_TEXT, themes=("cooperation",))
    opinion.adopted_earliest, opinion.adopted_latest = date(2025, 3, 1), date(2025, 3, 31)
    keep_position(_example(opinion, source, f"pos-{KEY}"), [council])


def _invite(source: str, meeting: Meeting) -> None:
    """Their addresses lead nowhere; nobody is written to before somebody asks for it."""
    houses = {one.source_id: one for one in Organisation.objects.filter(source=source)}
    for at, (key, language, post, answer) in enumerate(ATTENDEES):
        if key in houses:
            Attendee.objects.create(
                meeting=meeting, organisation=houses[key], post=post, language=language, answer=answer or "",
                email=f"attendee{at}@demo.example",
            )  # fmt: skip
