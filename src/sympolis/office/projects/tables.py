"""The spreadsheets of the projects: projects with who takes part, calls, and what organisations need and offer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.enums import Visibility
from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    CURRENCY,
    GOALS,
    ID,
    LANGUAGE,
    ORGANISATION,
    PROGRAMME,
    SUMMARY,
    THEMES,
    TITLE,
    WHO,
    common_columns,
    group_column,
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
from sympolis.office.projects.applications.deadlines import zone_choices
from sympolis.office.projects.applications.enums import ApplicationStage
from sympolis.office.projects.enums import Gives, ParticipationRole
from sympolis.office.projects.models import Application, Call, Need, Participation, Project
from sympolis.office.projects.practices.tables import PRACTICES


def _project(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    # where the sheet has a column for the local title, the plain one is in the office's language of texts
    titles = texts_in(values, "title", desk.language if "title_local" in desk.headings else language)
    if "title_local" in values:
        titles[language] = values["title_local"]
    lead = values.get("lead_id")
    partners = [partner for partner in values.get("partner_ids", []) if partner != lead]
    if (
        values.get("end_year")
        and values.get("start_year")
        and values["end_year"] < values["start_year"][: len(values["end_year"])]
    ):
        raise BadValue(_now("It ends before it begins."), _now("Correct one of the two dates."))
    fields: dict[str, Any] = {
        **common_fields(values),
        **copied(values, "acronym", "programme", "currency", "countries", "themes", "sdgs", "website"),
        **copied(values, "money_visibility"),
        **copied(values, start="start_year", end="end_year", budget="budget_eur", stage="status"),
        **written("title", titles),
        **written("summary", texts_in(values, "summary", language)),
    }
    if lead:
        fields["participations.lead"] = [lead]
    if partners:
        fields["participations.partner"] = partners
    key = values.get("id") or key_of(values.get("acronym", ""), next(iter(titles.values())))
    yield Draft(Project, key, fields)


PROJECTS = Table(
    "projects",
    _("Projects"),
    Project,
    (
        ID,
        *text_columns(
            "title", _("Title"), ("project", "projecte", "proyecto", "projet", "المشروع", *TITLE), 300, required=True
        ),
        Column(
            "title_local",
            _("Title in its own language"),
            ("local title", "títol original", "título original", "titre original"),
            parsers.line(300),
        ),
        Column(
            "acronym", _("Acronym"), ("acrònim", "acrónimo", "acronyme", "sigles", "siglas", "sigle"), parsers.line(100)
        ),
        PROGRAMME,
        Column(
            "lead_id",
            _("Lead partner"),
            ("lead", "leader", "cap de fila", "líder", "jefe de fila", "chef de file", "coordinator", "الشريك الرئيسي"),
            refers_to=ORGANISATION,
        ),
        Column(
            "partner_ids",
            _("Partners"),
            ("partner", "partners", "socis", "socios", "partenaires", "الشركاء"),
            refers_to=ORGANISATION,
            many=True,
            help=_("Several between semicolons."),
        ),
        Column(
            "countries",
            _("Countries"),
            ("països", "países", "pays", "country", "البلدان"),
            parsers.several(parsers.country, r"[;,|\n]"),
        ),
        Column(
            "start_year",
            _("Start"),
            ("start", "begins", "inici", "inicio", "début", "from", "البداية"),
            parsers.partial_date,
        ),
        Column("end_year", _("End"), ("end", "ends", "fi", "final", "fin", "to", "النهاية"), parsers.partial_date),
        Column("budget_eur", _("Budget"), ("budget", "pressupost", "presupuesto", "الميزانية"), parsers.amount()),
        CURRENCY,
        group_column(
            "money_visibility",
            _("Who may see the money"),
            ("visibilitat dels diners", "visibilidad del dinero", "visibilité des montants", "الاطلاع على الأموال"),
        ),
        Column(
            "status",
            _("Stage"),
            ("stage", "status", "estat", "estado", "état", "statut", "fase", "الحالة"),
            parsers.term("stages"),
            help=_("Empty: what the dates say; without dates it stays unknown."),
        ),
        THEMES,
        GOALS,
        LANGUAGE,
        *text_columns("summary", _("Summary"), SUMMARY),
        Column(
            "website", _("Web site"), ("web", "url", "lloc web", "sitio web", "site web", "الموقع"), parsers.web_address
        ),
        *common_columns(),
    ),
    _project,
    links={
        "participations.lead": Link(Participation, "project", "organisation", {"role": ParticipationRole.LEAD.value}),
        "participations.partner": Link(
            Participation, "project", "organisation", {"role": ParticipationRole.PARTNER.value}
        ),
    },
)


def _call(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    if values.get("closes") and values.get("opens") and values["closes"] < values["opens"][: len(values["closes"])]:
        raise BadValue(_now("It closes before it opens."), _now("Correct one of the two dates."))
    fields = {
        **common_fields(values),
        **copied(values, "programme", "gives", "opens", "closes", "eligible_countries", "eligible_kinds", "themes"),
        **copied(values, "currency", "cofinancing_rate", max_grant="max_grant_eur"),
        **written("title", titles),
        **written("summary", texts_in(values, "summary", language)),
    }
    yield Draft(Call, values.get("id") or key_of(values.get("programme", ""), next(iter(titles.values()))), fields)


def share(written_share: str) -> str:
    """A co-financing rate: ``0.8``, ``80 %`` or ``80``."""
    value = parsers.amount(0, 100)(written_share.replace("%", ""))
    return format(float(value) / 100, "g") if float(value) > 1 else value


GIVES = {
    **{kind: kind for kind in Gives.values},
    **dict.fromkeys(("subvenció", "subvención", "subvention", "منحة"), "grant"),
    **dict.fromkeys(("premi", "premio", "prix", "جائزة"), "prize"),
    **dict.fromkeys(("contracte", "contrato", "contract", "marché", "عقد"), "tender"),
    **dict.fromkeys(("cascada", "sub-granting", "en cascade"), "cascade"),
    **dict.fromkeys(("formació", "formación", "formation", "exchange", "training", "تدريب"), "help"),
}

CALLS = Table(
    "calls",
    _("Calls"),
    Call,
    (
        ID,
        *text_columns(
            "title", _("Title"), ("call", "convocatòria", "convocatoria", "appel", "النداء", *TITLE), 500, required=True
        ),
        PROGRAMME,
        Column(
            "gives",
            _("Kind of call"),
            ("tipus de convocatòria", "tipo de convocatoria", "type d'appel", "نوع الدعوة"),
            parsers.choice(GIVES),
        ),
        Column("opens", _("Opens"), ("open", "obertura", "apertura", "ouverture", "يفتح"), parsers.partial_date),
        Column(
            "closes",
            _("Closes"),
            ("close", "deadline", "tancament", "termini", "cierre", "plazo", "clôture", "échéance", "يغلق"),
            parsers.partial_date,
        ),
        Column("eligible_countries", _("Countries that may apply"), (), parsers.several(parsers.country, r"[;,|\n]")),
        Column("eligible_kinds", _("Kinds that may apply"), (), parsers.several(parsers.term("kinds"), r"[;,|\n]")),
        THEMES,
        Column(
            "max_grant_eur",
            _("Largest grant"),
            ("grant", "max grant", "subvenció", "subvención", "subvention", "المنحة"),
            parsers.amount(),
        ),
        CURRENCY,
        Column(
            "cofinancing_rate",
            _("Co-financing rate"),
            ("rate", "cofinançament", "cofinanciación", "cofinancement"),
            share,
        ),
        LANGUAGE,
        *text_columns("summary", _("Summary"), SUMMARY),
        *common_columns(),
    ),
    _call,
)


def _need(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    fields = {
        **common_fields(values),
        **copied(values, "stage", "themes", organisation="organisation_id"),
        **written("title", titles),
        **written("text", texts_in(values, "text", language)),
    }
    yield Draft(Need, values.get("id") or key_of(values["organisation_id"], next(iter(titles.values()))), fields)


NEEDS = Table(
    "needs",
    _("Needs, priorities and offers"),
    Need,
    (
        ID,
        Column(
            "organisation_id",
            _("Organisation"),
            (
                "organisation",
                "organització",
                "organización",
                "organisme",
                "city",
                "ciutat",
                "ciudad",
                "ville",
                "المؤسسة",
            ),
            refers_to=ORGANISATION,
            required=True,
        ),
        *text_columns(
            "title", _("Title"), ("need", "necessitat", "necesidad", "besoin", "الحاجة", *TITLE), 300, required=True
        ),
        *text_columns("text", _("Text"), ("texte", "texto", "النص", *SUMMARY)),
        LANGUAGE,
        THEMES,
        Column(
            "stage", _("What it is"), ("stage", "kind", "tipus", "tipo", "genre", "النوع"), parsers.term("need_stages")
        ),
        *common_columns(),
    ),
    _need,
)

STAGE_WORDS = {
    **{stage: stage for stage in ApplicationStage.values},
    **dict.fromkeys(("idée", "فكرة"), "idea"),
    **dict.fromkeys(("partner search", "cerca de socis", "búsqueda de socios", "recherche de partenaires"), "partners"),
    **dict.fromkeys(("redacció", "redacción", "rédaction", "قيد التحرير"), "drafting"),
    **dict.fromkeys(("presentada", "déposée", "مقدم"), "submitted"),
    **dict.fromkeys(("concedida", "approved", "accordée", "مقبول"), "granted"),
    **dict.fromkeys(("denegada", "rejected", "refusée", "مرفوض"), "refused"),
    **dict.fromkeys(("retirada", "retirée", "مسحوب"), "withdrawn"),
}


DEADLINE = ("deadline_on", "deadline_hour", "deadline_zone")


def _application(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    if "deadline_hour" in values and "deadline_on" not in values:
        raise BadValue(_now("An hour without a day is no deadline."), _now("Write the day, too: 2027-03-31."))
    fields = {
        **office_fields(values),
        **copied(values, "programme", "stage", "role", "amount", "currency", "result", *DEADLINE),
        **copied(values, organisation="organisation_id", call="call_id"),
        **written("title", titles),
        **written("summary", texts_in(values, "summary", language)),
    }
    key = values.get("id") or key_of(values["organisation_id"], next(iter(titles.values())))
    yield Draft(Application, key, fields, defaults={"visibility": Visibility.OFFICE.value})


APPLICATIONS = Table(
    "applications",
    _("Applications"),
    Application,
    (
        ID,
        *text_columns(
            "title", _("Title"), ("application", "sol·licitud", "solicitud", "candidature", "الطلب", *TITLE), 300,
            required=True,
        ),
        Column("organisation_id", _("Who applies"), WHO, refers_to=ORGANISATION, required=True),
        Column("call_id", _("Call"), ("call", "convocatòria", "convocatoria", "appel"), refers_to="projects.Call"),
        PROGRAMME,
        Column(
            "role", _("Role"), ("rol", "rôle", "الدور"),
            parsers.choice({"lead": "lead", "partner": "partner", "lead partner": "lead"}),
        ),
        Column("stage", _("Stage"), ("estat", "estado", "état", "المرحلة"), parsers.choice(STAGE_WORDS)),
        Column(
            "deadline_on", _("Deadline"), ("deadline", "termini", "plazo", "échéance", "الموعد النهائي"),
            parsers.whole_day, help=_("A day, such as 2027-03-31."),
        ),
        Column(
            "deadline_hour", _("Hour of the deadline"), ("hora del termini", "hora del plazo", "heure limite"),
            parsers.hour, help=_("By the clock of its time zone, such as 17:00."),
        ),
        Column(
            "deadline_zone", _("Time zone of the deadline"), ("zona horària", "zona horaria", "fuseau horaire"),
            parsers.time_zone(lambda: [code for code, _label in zone_choices()]),
            help=_("Empty: the office's own. Brussels closes by the clock of Europe/Brussels."),
        ),
        Column(
            "amount", _("Amount asked for"), ("import", "importe", "montant", "المبلغ"), parsers.amount(),
        ),
        CURRENCY,
        Column("result", _("Result"), ("resultat", "resultado", "résultat", "النتيجة"), parsers.text(10_000)),
        LANGUAGE,
        *text_columns("summary", _("Summary"), SUMMARY),
        *office_columns(),
    ),
    _application,
)  # fmt: skip

TABLES = [PROJECTS, CALLS, NEEDS, APPLICATIONS, PRACTICES]
