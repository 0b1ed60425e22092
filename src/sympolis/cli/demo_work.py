"""The demo's examples of applications and of what departments ask for: invented, and marked so."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Organisation
from sympolis.office.projects.applications.actions import keep_application
from sympolis.office.projects.applications.enums import PartnerRole, PartnerState
from sympolis.office.projects.models import Application, Call
from sympolis.office.synergies.helping.actions import keep_request
from sympolis.office.synergies.helping.enums import HelpKind, HelpState
from sympolis.office.synergies.helping.models import HelpRequest
from sympolis.office.synergies.models import Watch
from sympolis.office.synergies.watching.actions import keep_watch

NOTE = "invented: nobody applied for this"
OFFICER = "officer@demo.example"

# title, stage, call, days to the deadline (none: the day the call closes), amount, partners with their state
APPLICATIONS: tuple[tuple[Text, str, str, int | None, str, dict[str, PartnerState]], ...] = (
    (
        Text.of(
            en="Reusing water in small towns", ca="Reutilitzar l'aigua als municipis petits",
            es="Reutilizar el agua en municipios pequeños", fr="Réutiliser l'eau dans les petites communes",
            ar="إعادة استخدام المياه في البلديات الصغيرة",
        ),
        "drafting", "horizon-cl6-2027-02-climate-01-two-stage", None, "850000",
        {"sfax": PartnerState.YES, "montpellier": PartnerState.ASKED, "tunis": PartnerState.THOUGHT},
    ),
    (
        Text.of(
            en="Shade for school yards", ca="Ombra per als patis escolars", es="Sombra para los patios escolares",
            fr="De l'ombre pour les cours d'école", ar="ظل لساحات المدارس",
        ),
        "partners", "horizon-miss-2027-07-clima-cit-neb-01", None, "420000", {"marseille": PartnerState.THOUGHT},
    ),
    (
        Text.of(
            en="Learning from each other about waste", ca="Aprendre uns dels altres sobre residus",
            es="Aprender unos de otros sobre residuos", fr="Apprendre les uns des autres sur les déchets",
            ar="التعلم المتبادل في مجال النفايات",
        ),
        "granted", "next-med-green", -160, "300000", {"sfax": PartnerState.YES},
    ),
    (
        Text.of(
            en="A metropolitan bus line at night", ca="Una línia metropolitana de bus nocturn",
            es="Una línea metropolitana de bus nocturno", fr="Une ligne métropolitaine de bus de nuit",
            ar="خط حافلات حضري ليلي",
        ),
        "refused", "uia-2", -240, "1200000", {},
    ),
)  # fmt: skip
TASKS = (
    (Text.of(en="Write the budget", ca="Redactar el pressupost", es="Redactar el presupuesto", fr="Rédiger le budget",
             ar="إعداد الميزانية"), 6, False),
    (Text.of(en="Send the mandate letter to Sfax", ca="Enviar la carta de mandat a Sfax",
             es="Enviar la carta de mandato a Sfax", fr="Envoyer la lettre de mandat à Sfax",
             ar="إرسال خطاب التفويض إلى صفاقس"), -3, False),
    (Text.of(en="Read the rules of the programme", ca="Llegir les normes del programa",
             es="Leer las normas del programa", fr="Lire les règles du programme",
             ar="قراءة قواعد البرنامج"), -10, True),
)  # fmt: skip
REQUESTS = (
    (
        Text.of(
            en="A city that repaired leaking pipes", ca="Una ciutat que hagi reparat fuites de la xarxa",
            es="Una ciudad que haya reparado fugas de la red", fr="Une ville qui a réparé ses fuites d'eau",
            ar="مدينة أصلحت تسربات شبكتها",
        ),
        HelpKind.PARTNER, HelpState.NEW, 8,
    ),
    (
        Text.of(
            en="A delegation visits the treatment plant", ca="Una delegació visita la depuradora",
            es="Una delegación visita la depuradora", fr="Une délégation visite la station d'épuration",
            ar="وفد يزور محطة المعالجة",
        ),
        HelpKind.VISIT, HelpState.IN_HAND, 21,
    ),
)  # fmt: skip


def keep_example_work(source: str) -> None:
    """Once: what somebody took away or changed stays so."""
    ours = Organisation.objects.filter(source=source, source_id="amb").first()
    officer = User.objects.filter(email=OFFICER).first()
    if ours is None or officer is None or Application.history.filter(source=source).exists():
        return
    with transaction.atomic():
        _applications(source, ours, officer, timezone.localdate())
        _requests(source, ours, officer, timezone.localdate())
        keep_watch(officer, Watch(organisation=ours))
        keep_watch(officer, Watch(theme="water", country="ES"))


def _applications(source: str, ours: Organisation, officer: User, today: date) -> None:
    for at, (title, stage, call, days, amount, partners) in enumerate(APPLICATIONS):
        asked = Call.objects.filter(source=source, source_id=call).first()
        closes = asked.closes_latest if asked and days is None else today + timedelta(days=days or 0)
        made = Application(
            title=title, organisation=ours, stage=stage, owner=officer, amount=amount, source=source,
            call=asked, source_id=f"app-ex-{at}", deadline_on=closes, deadline_hour=time(17),
            deadline_zone="Europe/Brussels",
            illustrative=True, note=NOTE,
        )  # fmt: skip
        keep_application(made)
        houses = Organisation.objects.filter(source=source, source_id__in=partners)
        for house in houses.order_by("pk"):
            made.partners.create(organisation=house, role=PartnerRole.PARTNER, state=partners[house.source_id])
        for text, due, is_done in TASKS if at == 0 else ():
            made.tasks.create(
                text=text.best(officer.language).text, owner=officer, due=today + timedelta(days=due),
                done_at=timezone.now() if is_done else None, done_by=officer if is_done else None,
            )  # fmt: skip
        keep_application(made)  # with its partners in the history


def _requests(source: str, ours: Organisation, officer: User, today: date) -> None:
    department = Department.objects.filter(organisation=ours).order_by("pk").first()
    for at, (title, kind, state, days) in enumerate(REQUESTS):
        keep_request(
            HelpRequest(
                title=title, kind=kind, state=state, department=department, due=today + timedelta(days=days),
                owner=officer if state != HelpState.NEW else None, source=source, source_id=f"req-ex-{at}",
                illustrative=True, note=NOTE,
            )
        )  # fmt: skip
