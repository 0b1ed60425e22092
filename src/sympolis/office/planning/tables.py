"""The spreadsheets of planning: plans with their lines and measures, and the actions in them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    CURRENCY,
    GOALS,
    ID,
    LANGUAGE,
    ORGANISATION,
    THEMES,
    TITLE,
    TRANSLATED_BY,
    WHO,
    common_columns,
    text_columns,
)
from sympolis.office.core.imports.definition import (
    Column,
    Desk,
    Draft,
    Link,
    Table,
    Values,
    coming,
    common_fields,
    copied,
    key_of,
    texts_in,
    translated,
    written,
)
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.planning.enums import NEEDS_A_REASON, ActionStatus, PlanKind, PlanStage
from sympolis.office.planning.models import Action, Plan

PLAN = "planning.Plan"
# "Code" heads the own id of a row in every table: what the plan itself calls a line has a heading of its own.
PLACED = (
    Column("code", _("Code in the plan"), ("number", "número", "numéro", "الرقم"), parsers.line(40)),
    Column("position", _("Order"), ("ordre", "orden", "الترتيب"), parsers.number(0, 10**6)),
    Column("weight", _("Weight"), ("pes", "peso", "poids", "الوزن"), parsers.amount(0, 10**4)),
)
TEXT = ("texte", "texto", "objective", "objectiu", "objetivo", "objectif", "النص")


def _plan(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    fields = {
        **common_fields(values),
        **copied(values, "kind", "starts", "ends", parent="parent_id", organisation="organisation_id"),
        **copied(values, serves="serves_ids"),
        **copied(values, "code", "position", "stage", "weight"),
        **copied(values, published_supports="supports", published_comments="comments"),
        **written("title", titles),
        **written("text", texts_in(values, "text", language)),
        **written("levels", texts_in(values, "levels", language)),
    }
    key = values.get("id") or key_of(values["organisation_id"], next(iter(titles.values())))
    part = {"kind": PlanKind.LINE} if "parent_id" in values else {}  # what is part of a plan is no plan of its own
    yield Draft(Plan, key, fields, defaults=part, about=translated(values, language, "title", "text", "levels"))


def _serving_themselves(drafts: list[Draft], desk: Desk) -> Iterator[tuple[Draft, BadValue]]:
    for draft in drafts:
        own = draft.existing or desk.references.by_id(Plan, draft.key) or coming(Plan, draft.key)
        if own in draft.fields.get("serves", ()):
            yield draft, BadValue(str(_("A plan can't serve itself.")), str(_("Leave it out.")))


PLANS = Table(
    "plans",
    _("Plans, lines and measures"),
    Plan,
    (
        ID,
        Column(
            "kind",
            _("Kind"),
            ("type", "tipus", "tipo", "genre", "النوع", "level", "nivell", "nivel", "niveau", "المستوى"),
            parsers.choice(
                {
                    **{kind: kind for kind in PlanKind.values},
                    "axe": "line",
                    "eix": "line",
                    "eje": "line",
                    "axis": "line",
                    "mesure": "measure",
                    "خطة": "plan",
                    "محور": "line",
                    "تدبير": "measure",
                    "pla": "plan",
                    "línia": "line",
                    "línea": "line",
                    "ligne": "line",
                    "mesura": "measure",
                    "medida": "measure",
                }
            ),
            help=_("plan, line or measure"),
        ),
        Column(
            "parent_id",
            _("Part of"),
            ("parent", "part de", "parte de", "fait partie de", "partie de", "جزء من"),
            refers_to=PLAN,
        ),
        Column("organisation_id", _("Organisation"), WHO, refers_to=ORGANISATION, required=True),
        Column(
            "serves_ids",
            _("Lines of other plans that it serves"),
            ("serves", "serveix", "sirve a", "sert", "يخدم"),
            refers_to=PLAN,
            many=True,
            help=_("One name a box."),
        ),
        *text_columns("title", _("Title"), TITLE, 300, required=True),
        LANGUAGE,
        TRANSLATED_BY,
        Column("starts", _("Starts"), ("start", "inici", "inicio", "début", "البداية"), parsers.partial_date),
        Column("ends", _("Ends"), ("end", "fi", "fin", "النهاية"), parsers.partial_date),
        *text_columns("text", _("Text"), TEXT),
        *PLACED,
        Column(
            "stage",
            _("Stage"),
            ("estat", "estado", "statut", "etapa", "étape", "المرحلة"),
            parsers.choice({stage: stage for stage in PlanStage.values}),
            help=_("draft, consultation, approved or revised"),
        ),
        *text_columns(
            "levels",
            _("Names of its levels"),
            ("levels", "nivells", "niveles", "niveaux", "المستويات"),
            help=_("Of a whole plan: a name a line, from the top down."),
        ),
        Column("supports", _("Supports, as published"), ("suports", "apoyos", "soutiens"), parsers.number(0, 10**9)),
        Column(
            "comments",
            _("Comments, as published"),
            ("comentaris", "comentarios", "commentaires"),
            parsers.number(0, 10**9),
        ),
        *common_columns(),
    ),
    _plan,
    links={"serves": Link.of(Plan, "serves")},
    refused=_serving_themselves,
    above="parent",
    house="organisation_id",
)


def _action(values: Values, desk: Desk) -> Iterator[Draft]:
    if values.get("status") in NEEDS_A_REASON and "status_reason" not in values:
        raise BadValue(str(_("Say why it is late or stopped.")), str(_("Fill in the column of reasons.")))
    if "stated_progress" in values and "progress_reason" not in values:
        raise BadValue(str(_("Say what this number rests on.")), str(_("Fill in the column of reasons.")))
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    fields = {
        **common_fields(values),
        **copied(values, "themes", "sdgs", plan="plan_id", organisations="organisation_ids"),
        **copied(values, "code", "position", "weight", "countries", "place", "starts", "ends", "began", "finished"),
        **copied(values, "budget", "spent", "currency", "money_from", "status", "status_reason"),
        **copied(values, "stated_progress", "progress_reason", department="department_id"),
        **written("objective", texts_in(values, "objective", language)),
        **written("local_targets", texts_in(values, "local_targets", language)),
        **written("title", titles),
        **written("text", texts_in(values, "text", language)),
    }
    key = values.get("id") or key_of(values.get("plan_id", ""), next(iter(titles.values())))
    about = translated(values, language, "title", "text", "objective", "local_targets")
    yield Draft(Action, key, fields, about=about)


PLAN_ACTIONS = Table(
    "plan_actions",
    _("Actions of a plan"),
    Action,
    (
        ID,
        Column("plan_id", _("Plan"), ("plan", "pla", "measure", "mesura", "medida", "mesure", "الخطة"), refers_to=PLAN),
        *text_columns("title", _("Title"), ("action", "acció", "acción", "الإجراء", *TITLE), 300, required=True),
        *text_columns("text", _("Text"), TEXT),
        *text_columns("objective", _("Objective"), ("finalitat", "finalidad", "but", "الهدف")),
        LANGUAGE,
        TRANSLATED_BY,
        THEMES,
        GOALS,
        *text_columns(
            "local_targets",
            _("Local targets"),
            ("fites locals", "metas locales", "cibles locales", "المقاصد المحلية"),
        ),
        *PLACED,
        Column(
            "department_id",
            _("Responsible department"),
            ("department", "servei", "servicio", "service", "المصلحة"),
            refers_to="directory.Department",
        ),
        Column(
            "countries",
            _("Countries"),
            ("country", "països", "países", "pays", "البلدان"),
            parsers.several(parsers.country),
        ),
        Column("place", _("Place"), ("lloc", "lugar", "lieu", "المكان"), parsers.line(200)),
        *(
            Column(name, label, headings, parsers.partial_date)
            for name, label, headings in (
                ("starts", _("Begins (as planned)"), ("start", "inici", "inicio", "début", "البداية")),
                ("ends", _("Ends (as planned)"), ("end", "fi", "fin", "النهاية")),
                ("began", _("Began"), ("inici real", "inicio real", "début réel")),
                ("finished", _("Ended"), ("fi real", "fin real", "fin réelle")),
            )
        ),
        Column("budget", _("Budget planned"), ("pressupost", "presupuesto", "الميزانية"), parsers.amount()),
        Column("spent", _("Spent"), ("gastat", "gastado", "dépensé", "المصروف"), parsers.amount()),
        CURRENCY,
        Column(
            "money_from",
            _("Where the money comes from"),
            ("finançament", "financiación", "financement", "التمويل"),
            parsers.line(300),
        ),
        Column(
            "status",
            _("Status"),
            ("estat", "estado", "statut", "état", "الحالة"),
            parsers.choice({status: status for status in ActionStatus.values}),
            help=_("planned, ongoing, late, stopped or done"),
        ),
        Column(
            "status_reason", _("Why it is stopped or late"), ("motiu", "motivo", "motif", "السبب"), parsers.text(5_000)
        ),
        Column(
            "stated_progress",
            _("Progress in %, as stated"),
            ("progress", "progrés", "progreso", "progrès"),
            parsers.number(0, 100),
        ),
        Column("progress_reason", _("What the stated progress rests on"), (), parsers.text(5_000)),
        Column(
            "organisation_ids",
            _("Organisations"),
            ("organisations", "organitzacions", "organizaciones", "organismes", "المؤسسات"),
            refers_to=ORGANISATION,
            many=True,
        ),
        *common_columns(),
    ),
    _action,
    links={"organisations": Link.of(Action, "organisations")},
)

TABLES = [PLANS, PLAN_ACTIONS]
