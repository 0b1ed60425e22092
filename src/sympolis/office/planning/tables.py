"""The spreadsheets of planning: plans with their lines and measures, and the actions in them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    GOALS,
    ID,
    LANGUAGE,
    ORGANISATION,
    THEMES,
    TITLE,
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
    common_fields,
    copied,
    key_of,
    texts_in,
    written,
)
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.models import Action, Plan

PLAN = "planning.Plan"
TEXT = ("texte", "texto", "objective", "objectiu", "objetivo", "objectif", "النص")


def _plan(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    fields = {
        **common_fields(values),
        **copied(values, "kind", "starts", "ends", parent="parent_id", organisation="organisation_id"),
        **copied(values, published_supports="supports", published_comments="comments"),
        **written("title", titles),
        **written("text", texts_in(values, "text", language)),
    }
    yield Draft(Plan, values.get("id") or key_of(values["organisation_id"], next(iter(titles.values()))), fields)


PLANS = Table(
    "plans",
    _("Plans, lines and measures"),
    Plan,
    (
        ID,
        Column(
            "kind",
            _("Kind"),
            ("type", "tipus", "tipo", "genre", "النوع"),
            parsers.choice(
                {
                    **{kind: kind for kind in PlanKind.values},
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
            "parent_id", _("Part of"), ("parent", "part de", "parte de", "fait partie de", "جزء من"), refers_to=PLAN
        ),
        Column("organisation_id", _("Organisation"), WHO, refers_to=ORGANISATION, required=True),
        *text_columns("title", _("Title"), TITLE, 300, required=True),
        LANGUAGE,
        Column("starts", _("Starts"), ("start", "inici", "inicio", "début", "البداية"), parsers.partial_date),
        Column("ends", _("Ends"), ("end", "fi", "fin", "النهاية"), parsers.partial_date),
        *text_columns("text", _("Text"), TEXT),
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
)


def _action(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    fields = {
        **common_fields(values),
        **copied(values, "themes", "sdgs", plan="plan_id", organisations="organisation_ids"),
        **written("title", titles),
        **written("text", texts_in(values, "text", language)),
    }
    yield Draft(Action, values.get("id") or key_of(values.get("plan_id", ""), next(iter(titles.values()))), fields)


PLAN_ACTIONS = Table(
    "plan_actions",
    _("Actions of a plan"),
    Action,
    (
        ID,
        Column("plan_id", _("Plan"), ("plan", "pla", "measure", "mesura", "medida", "mesure", "الخطة"), refers_to=PLAN),
        *text_columns("title", _("Title"), ("action", "acció", "acción", "الإجراء", *TITLE), 300, required=True),
        *text_columns("text", _("Text"), TEXT),
        LANGUAGE,
        THEMES,
        GOALS,
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
