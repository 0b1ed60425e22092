"""The demo's example of taking part in a plan: its phases, a session for everybody, a few voices; invented, marked so.

What it makes hangs on the example plan of ``demo_session``: who removes the examples removes all of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from sympolis.cli.demo_session import NOTE, THE_PLAN, THE_SESSION
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.planning.actions import keep_action
from sympolis.office.planning.enums import ActionStatus, Phase, SessionAudience
from sympolis.office.planning.models import (
    Action,
    Contribution,
    GeographicalPriority,
    Plan,
    Process,
    ProcessPhase,
    Session,
)
from sympolis.office.planning.priorities.actions import begin_version, keep_priority
from sympolis.office.planning.sessions.actions import keep_session, set_phase
from sympolis.office.planning.tracing.places import Tagged, tag_contributions
from sympolis.office.planning.voices.actions import say, support
from sympolis.office.planning.voices.enums import Level
from sympolis.office.planning.voices.process import keep_phase, keep_process

THE_OPEN_SESSION = "ses-ex-open"
BEGAN, OPEN_FOR, THEN_FOR, MOVED_WITH_LESS_THAN = 14, 120, 30, 30  # days

REASONS = Text.of(
    en="An example: in this demo everybody with an account may support and comment, and nothing is decided by it.",
    ca="Un exemple: en aquesta demostració tothom que té un compte pot donar suport i comentar, i no se'n decideix"
    " res.",
    es="Un ejemplo: en esta demostración cualquiera con una cuenta puede apoyar y comentar, y no se decide nada con"
    " ello.",
    fr="Un exemple : dans cette démonstration toute personne ayant un compte peut soutenir et commenter, et rien n'en"
    " dépend.",
    ar="مثال: في هذا العرض يستطيع كل من له حساب أن يؤيد ويعلق، ولا يُقرَّر بذلك شيء.",
)
PHASES = (
    Text.of(
        en="Contribute, support and comment", ca="Aportar, donar suport i comentar", es="Aportar, apoyar y comentar",
        fr="Contribuer, soutenir et commenter", ar="المساهمة والتأييد والتعليق",
    ),
    Text.of(en="Prioritise", ca="Prioritzar", es="Priorizar", fr="Hiérarchiser", ar="تحديد الأولويات"),
)  # fmt: skip
SESSION = Text.of(
    en="Open session: what should we do with the other shore?",
    ca="Sessió oberta: què hem de fer amb l'altra riba?",
    es="Sesión abierta: ¿qué debemos hacer con la otra orilla?",
    fr="Séance ouverte : que faire avec l'autre rive ?",
    ar="جلسة مفتوحة: ماذا نفعل مع الضفة الأخرى؟",
)
ACTIONS = (
    (
        "exchange",
        Text.of(
            en="A yearly exchange on reused water with cities of the Maghreb",
            ca="Un intercanvi anual sobre aigua regenerada amb ciutats del Magrib",
            es="Un intercambio anual sobre agua regenerada con ciudades del Magreb",
            fr="Un échange annuel sur l'eau réutilisée avec des villes du Maghreb",
            ar="تبادل سنوي حول المياه المعاد استخدامها مع مدن المغرب العربي",
        ),
        {"themes": ("water",), "sdgs": ("6", "17"), "countries": ("TN", "MA"), "status": ActionStatus.ONGOING,
         "stated_progress": 40, "progress_reason": NOTE, "budget": Decimal(60_000)},
    ),
    (
        "funds",
        Text.of(
            en="A desk that helps small towns write European applications",
            ca="Una oficina que ajuda els municipis petits a presentar projectes europeus",
            es="Una oficina que ayuda a los municipios pequeños a presentar proyectos europeos",
            fr="Un bureau qui aide les petites communes à monter des projets européens",
            ar="مكتب يساعد البلدات الصغيرة على إعداد المشاريع الأوروبية",
        ),
        {"themes": ("finance",), "sdgs": ("11", "17"), "regions": ("039", "155"), "status": ActionStatus.PLANNED,
         "stated_progress": 0, "progress_reason": NOTE, "budget": Decimal(90_000)},
    ),
)  # fmt: skip
PRIORITIES = (
    (Text.of(en="The other shore", ca="L'altra riba", es="La otra orilla", fr="L'autre rive", ar="الضفة الأخرى"),
     ("015", "145"), Decimal(3)),
    (Text.of(en="European capitals of decision", ca="Les capitals europees de la decisió",
             es="Las capitales europeas de decisión", fr="Les capitales européennes de la décision",
             ar="عواصم القرار الأوروبية"),
     ("155",), Decimal(1)),
)  # fmt: skip
COMMENTS = (
    ("participant@demo.example", "Que hi hagi també els municipis petits, no només les ciutats grans."),
    ("contact@demo.example", "À Sfax nous pouvons accueillir la première rencontre au printemps."),
)


@transaction.atomic
def keep_example_process(today: date) -> None:
    """Once: an office that removed or changed it keeps it so. Phases nobody touched move along with the calendar."""
    plan = Plan.objects.filter(source_id=THE_PLAN, illustrative=True).first()
    officer = User.objects.filter(email="officer@demo.example").first()
    if plan is None or officer is None:
        return
    if Process.history.filter(plan=plan).exists():
        _move_phases(plan, today)
        return
    process = keep_process(officer, Process(plan=plan, is_open=True, level=Level.INVOLVE, reasons=REASONS))
    for (title, what), (starts, ends) in zip(
        zip(PHASES, ({"contribute", "support", "comment"}, {"prioritise"}), strict=True), _days(today), strict=True
    ):
        opened = dict.fromkeys(what, True)
        keep_phase(officer, ProcessPhase(process=process, title=title, starts=starts, ends=ends, **opened))
    _open_session(officer, plan, today)
    actions = _actions(plan)
    _priorities(officer, plan)
    tag_contributions(
        officer, list(Contribution.objects.filter(session__source_id=THE_SESSION)), Tagged(named=True)
    )  # fmt: skip
    _voices(plan, actions)


def _days(today: date) -> tuple[tuple[date, date], tuple[date, date]]:
    first, last = today - timedelta(BEGAN), today + timedelta(OPEN_FOR)
    return (first, last), (last + timedelta(1), last + timedelta(THEN_FOR))


def _move_phases(plan: Plan, today: date) -> None:
    phases = list(ProcessPhase.objects.filter(process__plan=plan).order_by("starts"))
    untouched = len(phases) == len(PHASES) and all(one.history.count() == 1 for one in phases)
    if untouched and phases[0].ends < today + timedelta(MOVED_WITH_LESS_THAN):
        for one, (starts, ends) in zip(phases, _days(today), strict=True):
            ProcessPhase.objects.filter(pk=one.pk).update(starts=starts, ends=ends)


def _open_session(officer: User, plan: Plan, today: date) -> None:
    session = keep_session(
        Session(
            organisation=plan.organisation, plan=plan, source=plan.source, source_id=THE_OPEN_SESSION,
            illustrative=True, note=NOTE, title=SESSION, audience=SessionAudience.PUBLIC, capacity=60,
            starts_earliest=today, starts_latest=today,
        )
    )  # fmt: skip
    set_phase(officer, session, Phase.CONTRIBUTE)


def _actions(plan: Plan) -> list[Action]:
    lines = {one.source_id: one for one in Plan.objects.filter(parent=plan)}
    about = {"source": plan.source, "illustrative": True, "note": NOTE}
    return [
        keep_action(
            Action(
                plan=lines[f"{THE_PLAN}-{line}"], title=title, source_id=f"{THE_PLAN}-{line}-action", position=1,
                **about, **more,
            ),
            [plan.organisation],
        )
        for line, title, more in ACTIONS
    ]  # fmt: skip


def _priorities(officer: User, plan: Plan) -> None:
    version = begin_version(officer, plan, "2026", date(2026, 1, 1))
    for title, regions, weight in PRIORITIES:
        keep_priority(officer, GeographicalPriority(version=version, title=title, regions=regions, weight=weight))


def _voices(plan: Plan, actions: list[Action]) -> None:
    for number, (email, text) in enumerate(COMMENTS):
        person = User.objects.filter(email=email).first()
        if person is not None:
            support(person, plan)
            support(person, actions[0])
            say(person, actions[0], text, f"example-{number}")
