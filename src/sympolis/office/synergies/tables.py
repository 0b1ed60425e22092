"""The spreadsheets of meetings and of what was promised in them. Both stay in the office unless the row says else."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.enums import Visibility
from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    ID,
    LANGUAGE,
    LANGUAGE_HEADINGS,
    ORGANISATION,
    TITLE,
    WHO,
    common_columns,
    office_columns,
    text_columns,
)
from sympolis.office.core.imports.definition import (
    Column,
    Desk,
    Draft,
    Link,
    Table,
    Values,
    common_fields,
    copied,
    key_of,
    office_fields,
    texts_in,
    written,
)
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.synergies.enums import CommitmentStatus
from sympolis.office.synergies.helping.enums import HelpKind, HelpState
from sympolis.office.synergies.models import Commitment, HelpRequest, Meeting

MEETING = "synergies.Meeting"
IN_THE_OFFICE = {"visibility": Visibility.OFFICE.value}


def _meeting(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("text_language", desk.language)
    titles = texts_in(values, "title", language)
    _check_hours(values)
    fields = {
        **common_fields(values),
        **copied(values, "kind", "place", "posts_present", starts="starts_on", ends="ends_on"),
        **copied(values, from_hour="start_time", until_hour="end_time"),
        **copied(values, organisations="organisation_ids", notes="meeting_notes"),
        **written("title", titles),
        **written("agenda", texts_in(values, "agenda", language)),
        **written("decisions", texts_in(values, "decisions", language)),
    }
    key = values.get("id") or key_of(values.get("starts_on", ""), next(iter(titles.values())))
    yield Draft(Meeting, key, fields, defaults={**IN_THE_OFFICE, "kind": "other"})


def _check_hours(values: Values) -> None:
    """On one day it can't be over before it begins."""
    start, end = values.get("start_time"), values.get("end_time")
    if start and end and end < start and values.get("ends_on", values.get("starts_on")) == values.get("starts_on"):
        raise BadValue(_now("It ends before it begins."), _now("Correct one of the two hours."))


MEETINGS = Table(
    "meetings",
    _("Meetings"),
    Meeting,
    (
        ID,
        *text_columns(
            "title", _("Title"), ("meeting", "reunió", "reunión", "réunion", "الاجتماع", *TITLE), 300, required=True
        ),
        Column("kind", _("Kind"), ("type", "tipus", "tipo", "genre", "النوع"), parsers.term("meeting_kinds")),
        Column(
            "starts_on",
            _("Begins"),
            ("date", "start", "data", "inici", "fecha", "inicio", "début", "التاريخ"),
            parsers.partial_date,
        ),
        Column("ends_on", _("Ends"), ("end", "fi", "fin", "النهاية"), parsers.partial_date),
        Column("start_time", _("From (hour)"), ("hora", "heure", "hora inici", "hora inicio", "الساعة"), parsers.hour),
        Column("end_time", _("To (hour)"), ("hora final", "hora fin", "heure de fin"), parsers.hour),
        Column("place", _("Place"), ("lloc", "lugar", "lieu", "المكان"), parsers.line(200)),
        Column(
            "organisation_ids",
            _("Who meets"),
            ("organisations", "organitzacions", "organizaciones", "organismes", "participants", "المشاركون"),
            refers_to=ORGANISATION,
            many=True,
            help=_("Several between semicolons."),
        ),
        Column(
            "posts_present",
            _("Who is there"),
            ("present", "assistents", "asistentes", "présents", "الحاضرون"),
            parsers.text(10_000),
        ),
        *text_columns("agenda", _("Agenda"), ("ordre del dia", "orden del día", "ordre du jour", "جدول الأعمال")),
        Column(
            "meeting_notes",
            _("What was said"),
            ("minutes", "acta", "compte rendu", "محضر"),
            parsers.text(10_000),
            help=_("For the office alone, whoever else may see the meeting."),
        ),
        *text_columns("decisions", _("Decisions"), ("decisions", "acords", "acuerdos", "décisions", "القرارات")),
        Column("text_language", _("Language of these texts"), ("language of text",), parsers.language),
        *common_columns(),
    ),
    _meeting,
    links={"organisations": Link.of(Meeting, "organisations")},
)

# Overdue is what the date says of an open promise: nobody writes it down.
STATUS_WORDS = {
    **{status: status for status in CommitmentStatus.values},
    **dict.fromkeys(("overdue", "late", "endarrerit", "vençut", "vencido", "en retard", "متأخر"), "open"),
    **dict.fromkeys(("obert", "pendent", "abierto", "pendiente", "ouvert", "en cours", "مفتوح"), "open"),
    **dict.fromkeys(("fet", "hecho", "fait", "tenu", "تم"), "done"),
    **dict.fromkeys(("abandonat", "abandonado", "abandonné", "ملغى"), "dropped"),
    **dict.fromkeys(("desconegut", "desconocido", "inconnu", "غير معروف"), "unknown"),
}


def _commitment(values: Values, desk: Desk) -> Iterator[Draft]:
    texts = texts_in(values, "text", values.get("language", desk.language))
    fields = {
        **common_fields(values),
        **copied(values, "owner_post", "status", meeting="meeting_id", organisation="organisation_id", due="due_on"),
        **written("text", texts),
    }
    key = values.get("id") or key_of(
        values.get("meeting_id", ""), values["organisation_id"], next(iter(texts.values()))
    )
    yield Draft(Commitment, key, fields, defaults=IN_THE_OFFICE)


COMMITMENTS = Table(
    "commitments",
    _("Promises"),
    Commitment,
    (
        ID,
        Column("meeting_id", _("Meeting"), ("meeting", "reunió", "reunión", "réunion", "الاجتماع"), refers_to=MEETING),
        Column("organisation_id", _("Organisation"), WHO, refers_to=ORGANISATION, required=True),
        Column(
            "owner_post",
            _("Who"),
            ("owner", "responsable", "post", "càrrec", "cargo", "fonction", "المسؤول"),
            parsers.line(200),
        ),
        *text_columns(
            "text",
            _("What was promised"),
            ("promise", "commitment", "compromís", "compromiso", "engagement", "texte", "texto", "الالتزام"),
            2000,
            required=True,
        ),
        Column("language", _("Language"), LANGUAGE_HEADINGS, LANGUAGE.parse),
        Column(
            "due_on",
            _("Due on"),
            ("due", "deadline", "termini", "data límit", "plazo", "échéance", "الموعد"),
            parsers.partial_date,
        ),
        Column("status", _("Status"), ("estat", "estado", "état", "statut", "الحالة"), parsers.choice(STATUS_WORDS)),
        *common_columns(),
    ),
    _commitment,
)

KIND_WORDS = {
    **{kind: kind for kind in HelpKind.values},
    **dict.fromkeys(("soci", "socio", "partenaire", "شريك"), "partner"),
    **dict.fromkeys(("convocatòria", "convocatoria", "appel", "appel à projets", "دعوة"), "call"),
    **dict.fromkeys(("acte", "acto", "événement", "فعالية"), "event"),
    **dict.fromkeys(("visita", "visite", "زيارة"), "visit"),
    **dict.fromkeys(("traducció", "traducción", "traduction", "ترجمة"), "translation"),
    **dict.fromkeys(("altres", "otros", "autre", "أخرى"), "other"),
}
HELP_STATE_WORDS = {
    **{state: state for state in HelpState.values},
    **dict.fromkeys(("nova", "nueva", "nouvelle", "جديد"), "new"),
    **dict.fromkeys(("en curs", "en curso", "en cours", "قيد المعالجة"), "in-hand"),
    **dict.fromkeys(("resposta", "respondida", "répondue", "done", "أجيب عنه"), "answered"),
    **dict.fromkeys(("denegada", "declinada", "déclinée", "مرفوض"), "declined"),
}


def _request(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("text_language", desk.language)
    titles = texts_in(values, "title", language)
    fields = {
        **office_fields(values),
        **copied(values, "kind", "asked_by", "email", "asked_on", "due", "state", "answer", department="department_id"),
        **written("title", titles),
        **written("text", texts_in(values, "text", language)),
    }
    key = values.get("id") or key_of(values.get("asked_on", ""), next(iter(titles.values())))
    yield Draft(HelpRequest, key, fields, defaults=IN_THE_OFFICE)


REQUESTS = Table(
    "requests",
    _("Requests"),
    HelpRequest,
    (
        ID,
        *text_columns(
            "title", _("Title"), ("request", "petició", "petición", "demande", "الطلب", *TITLE), 300, required=True
        ),
        *text_columns("text", _("Text"), ("texte", "texto", "النص"), 10_000),
        Column("text_language", _("Language of these texts"), ("language of text",), parsers.language),
        Column("kind", _("What is asked for"), ("type", "tipus", "tipo", "genre", "النوع"), parsers.choice(KIND_WORDS)),
        Column(
            "department_id", _("Department"), ("department", "departament", "departamento", "direction", "الإدارة"),
            refers_to="directory.Department",
        ),
        Column("asked_by", _("Who asks"), ("name", "nom", "nombre", "الاسم"), parsers.line(200)),
        Column("email", _("Mail address"), ("mail", "correu", "correo", "courriel", "البريد"), parsers.mail_address),
        Column("asked_on", _("Asked on"), ("date", "data", "fecha", "التاريخ"), parsers.whole_day),
        Column("due", _("By when"), ("deadline", "termini", "plazo", "échéance", "الموعد"), parsers.whole_day),
        Column("state", _("State"), ("estat", "estado", "état", "status", "الحالة"), parsers.choice(HELP_STATE_WORDS)),
        Column("answer", _("Answer"), ("resposta", "respuesta", "réponse", "الجواب"), parsers.text(10_000)),
        *office_columns(),
    ),
    _request,
)  # fmt: skip

TABLES = [MEETINGS, COMMITMENTS, REQUESTS]
