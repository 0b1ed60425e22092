"""The demo's example of a session, from its contributions to the lines of an example plan: invented, and marked so."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, time
from itertools import cycle, islice

from django.db import transaction

from sympolis.demo import FOLDER
from sympolis.engine.model import LANGUAGES
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.planning.actions import keep_plan
from sympolis.office.planning.enums import Phase, PlanKind
from sympolis.office.planning.models import Contribution, Participant, Plan, Session
from sympolis.office.planning.sessions.actions import (
    Said,
    contribute,
    join,
    keep_session,
    open_link,
    place_dot,
    set_phase,
    take_groups,
)
from sympolis.office.planning.sessions.minutes import (
    approve_minutes,
    draft_minutes,
    keep_minutes,
    publish_minutes,
)
from sympolis.office.planning.tracing.actions import decide, link_contributions, publish_decisions

THE_SESSION, THE_PLAN = "ses-ex-priorities", "pla-ex-next"
DAY = date(2026, 10, 6)
NOTE = "invented: nobody said this"

PLAN = Text.of(
    en="The next Internationalisation Plan (draft)",
    ca="El proper Pla d'internacionalització (esborrany)",
    es="El próximo Plan de internacionalización (borrador)",
    fr="Le prochain plan d'internationalisation (ébauche)",
    ar="خطة التدويل القادمة (مسودة)",
)
LINES = {
    "funds": Text.of(
        en="Money for all municipalities", ca="Recursos per a tots els municipis",
        es="Recursos para todos los municipios", fr="Des moyens pour toutes les communes", ar="موارد لجميع البلديات",
    ),
    "exchange": Text.of(
        en="Learning from cities of the Mediterranean", ca="Aprendre de les ciutats de la Mediterrània",
        es="Aprender de las ciudades del Mediterráneo", fr="Apprendre des villes de la Méditerranée",
        ar="التعلم من مدن المتوسط",
    ),
    "voice": Text.of(
        en="A metropolitan voice in Europe", ca="Una veu metropolitana a Europa", es="Una voz metropolitana en Europa",
        fr="Une voix métropolitaine en Europe", ar="صوت حضري في أوروبا",
    ),
    "research": Text.of(
        en="Research with universities", ca="Recerca amb les universitats", es="Investigación con las universidades",
        fr="De la recherche avec les universités", ar="البحث مع الجامعات",
    ),
}  # fmt: skip
GROUPS = {
    "money": Text.of(
        en="European money for small towns", ca="Fons europeus per a municipis petits",
        es="Fondos europeos para municipios pequeños", fr="Fonds européens pour les petites communes",
        ar="أموال أوروبية للبلدات الصغيرة",
    ),
    "water": Text.of(
        en="Reusing water", ca="Reutilitzar l'aigua", es="Reutilizar el agua", fr="Réutiliser l'eau",
        ar="إعادة استخدام المياه",
    ),
    "shade": Text.of(
        en="Heat and shade", ca="Calor i ombra", es="Calor y sombra", fr="Chaleur et ombre", ar="الحر والظل"
    ),
    "transport": Text.of(
        en="Getting around", ca="Mobilitat", es="Movilidad", fr="Se déplacer", ar="التنقل"
    ),
    "voice": Text.of(
        en="Being heard in Europe", ca="Fer-se escoltar a Europa", es="Hacerse oír en Europa",
        fr="Se faire entendre en Europe", ar="إسماع صوتنا في أوروبا",
    ),
    "business": Text.of(
        en="Companies abroad", ca="Empreses a fora", es="Empresas fuera", fr="Entreprises à l'étranger",
        ar="الشركات في الخارج",
    ),
}  # fmt: skip
REASONS = {
    "taken": Text.of(
        en="It is in the line as it was said.", ca="És a la línia tal com es va dir.",
        es="Está en la línea tal como se dijo.", fr="C'est dans la ligne, comme cela a été dit.",
        ar="ورد في المحور كما قيل.",
    ),
    "part": Text.of(
        en="As far as the money of the first two years goes.", ca="Fins on arriben els diners dels dos primers anys.",
        es="Hasta donde llega el dinero de los dos primeros años.",
        fr="Dans la limite des moyens des deux premières années.", ar="بقدر ما تسمح به أموال السنتين الأوليين.",
    ),
    "not": Text.of(
        en="Another department decides on it; we passed it on.",
        ca="Ho decideix una altra àrea; li ho hem fet arribar.", es="Lo decide otra área; se lo hemos trasladado.",
        fr="Un autre service en décide ; nous le lui avons transmis.",
        ar="تقرره إدارة أخرى، وقد أحلناه إليها.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One row of the table, with the contribution it became."""

    row: dict[str, str]
    made: Contribution


@transaction.atomic
def keep_example_session(source: str) -> None:
    """Once: an office that removed or changed it keeps it so."""
    house = Organisation.objects.filter(source=source, source_id="amb").first()
    officer = User.objects.filter(email="officer@demo.example").first()
    if house is None or officer is None or Session.history.filter(source_id=THE_SESSION).exists():
        return
    lines = _plan(source, house)
    session = keep_session(
        Session(
            organisation=house, plan=lines["plan"], source=source, source_id=THE_SESSION, illustrative=True, note=NOTE,
            title=Text.of(
                en="First working session: needs and ideas", ca="Primera sessió de treball: necessitats i idees",
                es="Primera sesión de trabajo: necesidades e ideas",
                fr="Première séance de travail : besoins et idées", ar="جلسة العمل الأولى: الحاجات والأفكار",
            ),
            starts_earliest=DAY, starts_latest=DAY, from_hour=time(9, 30), until_hour=time(13), place="Barcelona",
        )
    )  # fmt: skip
    people, said = _said(officer, session)
    names = [(name, [one.made.public_id for one in said if one.row["group"] == key]) for key, name in GROUPS.items()]
    groups = take_groups(officer, session, names)
    set_phase(officer, session, Phase.PRIORITISE)
    for at, person in enumerate(people):
        for number, group in enumerate(islice(cycle(groups[at % 3 :] + groups[:2]), session.dots)):
            place_dot(person, group, f"example-{at}-{number}")
    set_phase(officer, session, Phase.CLOSED)
    session.refresh_from_db()
    keep_minutes(officer, session, draft_minutes(session))
    approve_minutes(officer, session)
    publish_minutes(officer, session)
    _decided(officer, said, lines)
    publish_decisions(officer, session)


def _plan(source: str, house: Organisation) -> dict[str, Plan]:
    """The example plan and its lines, by their short names."""
    about = {"organisation": house, "source": source, "illustrative": True, "note": NOTE}
    plan = keep_plan(Plan(title=PLAN, kind=PlanKind.PLAN, source_id=THE_PLAN, **about))
    lines = {
        key: keep_plan(Plan(title=title, kind=PlanKind.LINE, parent=plan, source_id=f"{THE_PLAN}-{key}", **about))
        for key, title in LINES.items()
    }
    return {"plan": plan, **lines}


def _said(officer: User, session: Session) -> tuple[list[Participant], list[Example]]:
    """Two people of each kind come in by its link, for themselves, and say what the table says."""
    set_phase(officer, session, Phase.CONTRIBUTE)
    people: dict[str, list[Participant]] = {}
    examples = []
    with (FOLDER / "example_session.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for at, row in enumerate(rows):
        if row["who"] not in people:
            link, _token = open_link(officer, session, row["who"])
            people[row["who"]] = [join(link, "", "")[0] for _each in range(2)]
        person = people[row["who"]][at % 2]
        made = contribute(person, Said(f"example-{at:04}", row["text"], row["kind"], row["table"]))
        made.themes, made.language = tuple(row["themes"].split(";")), row["language"]
        made.save(update_fields=["themes", "language"])
        examples.append(Example(row, made))
    for link in session.links.all():
        link.delete()
    return [one for several in people.values() for one in several], examples


def _decided(officer: User, said: list[Example], lines: dict[str, Plan]) -> None:
    for key, line in lines.items():
        link_contributions(officer, [one.made for one in said if one.row["line"] == key], line)
    for outcome, reason in REASONS.items():
        for one in said:
            if one.row["outcome"] == outcome:
                one.made.reason = reason  # in all languages at once; what has one needs no other
                decide(officer, [one.made], outcome, "", LANGUAGES[0])
