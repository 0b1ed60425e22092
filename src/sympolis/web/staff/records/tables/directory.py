"""Organisations, what links them, and who works there, in lists and forms."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sympolis.office.core.form_fields import term_choices
from sympolis.office.core.queries import Reader
from sympolis.office.core.templatetags import show
from sympolis.office.directory import actions as directory_actions
from sympolis.office.directory import forms as directory_forms
from sympolis.office.directory import queries as directory
from sympolis.office.directory.agreements import forms as agreement_forms
from sympolis.office.directory.contradictions import Tie, contradiction_of, part_of, tie_of
from sympolis.office.directory.enums import BODY, LegalBasis
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.people import forms as people_forms
from sympolis.web.staff.records import alike
from sympolis.web.staff.records.columns import (
    CONFIRMED,
    ENDS,
    THEME,
    TITLE,
    WHOSE,
    by_either_end,
    by_either_end_of_all,
    by_organisation,
    country_of,
    in_force,
    last_day,
    names,
    term,
    theme_names,
    times_of_agreements,
    who_held,
    whose,
    with_named,
    with_names,
    with_organisation,
)
from sympolis.web.staff.records.kinds import Column, Filter, Kind


def _against_organisation(organisation: Organisation, user: Reader) -> str:
    """What it is part of may not be part of it; what others know it as may not be another one's."""
    return _against_part(organisation, user) or _against_known(organisation, user)


def _against_known(organisation: Organisation, user: Reader) -> str:
    field: Any = directory_forms.OrganisationForm.base_fields["identifiers"]
    of, asked = (organisation if organisation.pk else None), copy(field)
    asked.of, asked.user = of, user
    try:
        asked.clean([asked.row_of(line) for line in organisation.identifiers])
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _against_part(organisation: Organisation, user: Reader) -> str:
    if organisation.parent_id is None or organisation.pk is None:
        return ""
    return _against(part_of(organisation), user)


def _against_relation(relation: Relation, user: Reader) -> str:
    return _against(tie_of(relation), user)


def _against(tie: Tie, user: Reader) -> str:
    found = contradiction_of(tie, directory.visible_relations(user), directory.visible_organisations(user))
    return found[1] if found else ""


ORGANISATIONS = Kind(
    name="organisations", prefix="org", icon="landmark",
    title=_("Organisations"), one=_("Organisation"), add_label=_("Add an organisation"),
    empty=_("No organisation yet. Add the ones you work with, or bring in a spreadsheet."),
    visible=directory.visible_organisations, changeable=directory.changeable_organisations,
    proposable=directory.proposable_organisations, proposed_with="core.propose", like=alike.organisations,
    removed_by_office=True,
    permission="directory.add_organisation", form=directory_forms.OrganisationForm,
    keep=lambda form: directory_actions.keep_organisation(form.instance),
    keep_version=directory_actions.keep_organisation,
    remove=directory_actions.remove_organisation, against=_against_organisation,
    columns=(
        Column("name", _("Name"), lambda row: row.title_text(), ("sort_key",)),
        Column("kind", _("Kind"), lambda row: term("kinds", row.kind), ("kind", "sort_key")),
        Column("country", _("Country"), lambda row: show.country(row.country), ("country", "sort_key")),
        Column("themes", _("Themes"), lambda row: theme_names(row.themes)),
        Column("updated", _("Changed"), lambda row: row.updated_at.date(), ("updated_at",)),
    ),
    filters=(Filter("kind", _("Kind"), term_choices("kinds"), lambda code: Q(kind=code)), country_of(""), THEME,
             CONFIRMED),
)  # fmt: skip


def _ends(relation: Relation) -> str:
    """A relation in words of the reader's language: its title is the type's code alone."""
    ends = (relation.from_organisation, term("relation_types", relation.type), relation.to_organisation)
    return " · ".join(str(end) for end in ends)


def _with_ends(rows: QuerySet[Any], reader: Reader) -> QuerySet[Any]:
    """With both ends, and whose a body is where the reader may see that: every network has a board."""
    houses = directory.visible_organisations(reader).only("name")
    whose_bodies = (Prefetch(f"{end}__parent", houses) for end in ENDS)
    found = rows.select_related("from_organisation", "to_organisation").only(*RELATION_COLUMNS)
    return found.prefetch_related(*whose_bodies)


def _end(organisation: Organisation) -> str:
    """A body with whose it is."""
    house = organisation.parent if organisation.kind == BODY and organisation.parent_id else None
    return f"{organisation} · {house}" if house else str(organisation)


RELATION_COLUMNS = (
    "public_id", "type", "role", "since_earliest", "since_latest", "until_earliest", "until_latest", "confirmed",
    "illustrative", *(f"{end}__{name}" for end in ENDS for name in ("name", "kind", "parent")),
)  # fmt: skip

RELATIONS = Kind(
    name="relations", prefix="rel", icon="link",
    title=_("Relations"), one=_("Relation"), add_label=_("Add a relation"),
    empty=_("No relation yet. Say who is a member of what, and who is twinned with whom."),
    visible=directory.visible_relations, changeable=directory.changeable_relations,
    proposable=directory.proposable_relations, proposed_with="core.propose", like=alike.related,
    permission="directory.add_relation", form=directory_forms.RelationForm,
    keep=lambda form: directory_actions.keep_relation(form.instance), keep_version=directory_actions.keep_relation,
    remove=directory_actions.remove_relation, against=_against_relation, called=_ends,
    columns=(
        Column("from", _("Who"), lambda row: _end(row.from_organisation), ("from_organisation__sort_key", "pk")),
        Column("type", _("Relation"), lambda row: term("relation_types", row.type), ("type", "pk")),
        Column("to", _("To whom"), lambda row: _end(row.to_organisation), ("to_organisation__sort_key", "pk")),
        Column("role", _("Role"), lambda row: row.role, ("role", "pk")),
        Column("since", _("Since"), lambda row: row.since, ("since_earliest", "pk")),
        Column("until", _("Until"), lambda row: row.until, ("until_latest", "pk")),
    ),
    filters=(
        Filter("type", _("Relation"), term_choices("relation_types"), lambda code: Q(type=code)),
        last_day("until_latest", pgettext_lazy("relations", "past"), pgettext_lazy("relations", "present")),
        CONFIRMED,
    ),
    matches=by_either_end, matches_all=by_either_end_of_all, how_many=directory.count_of_relations,
    seen_with_it=("from_organisation", "to_organisation"),
    with_rows=_with_ends,
    order=("from_organisation__sort_key", "type", "pk"),
)  # fmt: skip


AGREEMENTS = Kind(
    name="agreements", prefix="agr", icon="handshake",
    title=_("Agreements"), one=_("Agreement"), add_label=_("Add an agreement"),
    empty=_("No agreement yet. Note what was signed, with whom, and when it ends: you will be told in time."),
    visible=directory.visible_agreements, changeable=directory.changeable_agreements,
    proposable=directory.proposable_agreements, proposed_with="core.propose", like=alike.titled,
    permission="directory.add_agreement", form=agreement_forms.AgreementForm,
    keep=lambda form: directory_actions.keep_agreement(form.instance, form.cleaned_data["parties"]),
    keep_version=directory_actions.keep_agreement, remove=directory_actions.remove_agreement,
    columns=(
        TITLE,
        Column("parties", _("Parties"), names("parties")),
        Column("kind", _("Kind"), lambda row: term("agreement_kinds", row.kind), ("kind", "sort_key")),
        Column("signed", _("Signed on"), lambda row: row.signed, ("signed_earliest", "sort_key")),
        Column("ends", _("Ends on"), lambda row: row.ends, ("ends_latest", "sort_key")),
    ),
    filters=(
        Filter("kind", _("Kind"), term_choices("agreement_kinds"), lambda code: Q(kind=code)),
        Filter("time", _("When"), times_of_agreements, in_force),
    ),
    with_rows=with_names("parties"),
)  # fmt: skip


DEPARTMENTS = Kind(
    name="departments", prefix="dep", icon="landmark",
    title=_("Departments"), one=_("Department"), add_label=_("Add a department"),
    empty=_("No department yet. Add the units of the houses you meet and what each works on: they are public."),
    visible=directory.visible_departments, changeable=directory.changeable_departments,
    proposable=directory.proposable_departments, proposed_with="core.propose",
    permission="directory.add_department", form=people_forms.DepartmentForm,
    keep=lambda form: directory_actions.keep_department(form.instance),
    keep_version=directory_actions.keep_department, remove=directory_actions.remove_department,
    columns=(
        Column("name", _("Name"), lambda row: row.title_text(), ("sort_key",)),
        WHOSE,
        Column("themes", _("Themes"), lambda row: theme_names(row.themes)),
        Column("mailbox", _("Shared mailbox"), lambda row: row.mailbox, ("mailbox",)),
    ),
    filters=(THEME,), matches=by_organisation, with_rows=with_organisation,
)  # fmt: skip


HELD = (
    Column("since", _("Since"), lambda row: row.since, ("since_earliest", "pk")),
    Column("until", _("Until"), lambda row: row.until, ("until_latest", "pk")),
)


def legal_bases() -> list[tuple[str, Any]]:
    return [*LegalBasis.choices, ("none", _("none noted")), ("over", _("run out"))]


def kept_on(code: str) -> Q:
    """The people kept on a legal basis, on none that was noted, or on one that has run out."""
    if code == "over":
        return Q(basis_until_latest__lt=timezone.localdate())
    return Q(basis="" if code == "none" else code)


PEOPLE = Kind(
    name="people", prefix="per", icon="user",
    title=_("People"), one=_("Person"), add_label=_("Add a person"),
    empty=_("Nobody yet. Add who works on what in the houses you meet: a post is enough."),
    is_private=True, visible=directory.visible_people, changeable=directory.changeable_people,
    proposable=directory.proposable_people, proposed_with="core.propose", like=alike.people,
    permission="directory.add_person", form=people_forms.PersonForm,
    keep=lambda form: directory_actions.keep_person(form.instance), keep_version=directory_actions.keep_person,
    remove=directory_actions.remove_person,
    columns=(
        Column("name", _("Name"), lambda row: row.name or row.post, ("sort_key",)),
        Column("post", _("Post"), lambda row: row.post if row.name else ""),
        WHOSE,
        *HELD,
        Column("themes", _("Works on"), lambda row: theme_names(row.themes)),
        Column("email", _("Mail address"), lambda row: row.email, ("email",), office_only=True),
        Column("basis", _("Legal basis"), lambda row: row.get_basis_display(), ("basis", "pk"), office_only=True),
    ),
    filters=(THEME, Filter("basis", _("Legal basis"), legal_bases, kept_on)),
    matches=by_organisation, with_rows=with_organisation, held=who_held,
    held_columns=(
        Column("name", _("Name"), lambda row: row.called, ("sort_key",)),
        Column("post", _("Post"), lambda row: row.post.post),
        Column("organisation", _("Organisation"), lambda row: whose(row.post)),
        Column("since", _("Since"), lambda row: row.post.since),
        Column("until", _("Until"), lambda row: row.post.until),
        Column("then", _("Then"), lambda row: row.holds),
        Column("themes", _("Works on"), lambda row: theme_names(row.person.themes)),
        Column("email", _("Mail address"), lambda row: row.person.email, ("email",), office_only=True),
        Column("basis", _("Legal basis"), lambda row: row.person.get_basis_display(), ("basis", "pk"),
               office_only=True),
    ),
)  # fmt: skip


POSTS = Kind(
    name="posts", prefix="pst", icon="briefcase",
    title=_("Posts"), one=_("Post"), add_label=_("Add a post"),
    empty=_("No other post yet. The one held now stands with the person; earlier and second ones are added there."),
    is_private=True, visible=directory.visible_posts, changeable=directory.changeable_posts,
    proposable=directory.proposable_posts, proposed_with="core.propose",
    is_added_at_once=lambda post, user: directory.changeable_people(user).filter(pk=post.person_id).exists(),
    permission="", form=people_forms.PostForm,
    keep=lambda form: directory_actions.keep_post(form.instance), keep_version=directory_actions.keep_post,
    remove=directory_actions.remove_post,
    columns=(
        Column("post", _("Post"), lambda row: row.post, ("sort_key",)),
        Column("person", _("Person"), lambda row: row.person, ("person__sort_key", "pk")),
        WHOSE,
        *HELD,
    ),
    filters=(
        last_day("until_latest", pgettext_lazy("posts", "earlier"), pgettext_lazy("posts", "held now")),
    ),
    matches=lambda word, reader: by_organisation(word, reader) | Q(person__folded__contains=word),
    with_rows=lambda rows, reader: with_organisation(rows, reader).select_related("person"),
)  # fmt: skip


POSITIONS = Kind(
    name="positions", prefix="pos", icon="megaphone",
    title=_("Positions"), one=_("Position"), add_label=_("Add a position"),
    empty=_("No position yet. Note what you said together with others, to whom, and what came of it."),
    visible=directory.visible_positions, changeable=directory.changeable_positions,
    proposable=directory.proposable_positions, proposed_with="core.propose", like=alike.titled,
    permission="directory.add_position", form=agreement_forms.PositionForm,
    keep=lambda form: directory_actions.keep_position(form.instance, form.cleaned_data["signatories"]),
    keep_version=directory_actions.keep_position, remove=directory_actions.remove_position,
    columns=(
        TITLE,
        Column("signatories", _("Who signed"), names("signatories")),
        Column("addressed_to", _("Addressed to"), lambda row: row.addressed_to, ("addressed_to__sort_key", "sort_key")),
        Column("adopted", _("Date"), lambda row: row.adopted, ("adopted_earliest", "sort_key")),
    ),
    filters=(THEME,),
    with_rows=lambda rows, reader: with_named("addressed_to")(with_names("signatories")(rows, reader), reader),
)  # fmt: skip


FIGURES = Kind(
    name="figures", prefix="fig", icon="chart",
    title=_("Figures"), one=_("Figure"), add_label=_("Add a figure"),
    empty=_("No figure yet. Write how large a network or a city is, of which year, and where that was read."),
    visible=directory.visible_figures, changeable=directory.changeable_figures,
    proposable=directory.proposable_figures, proposed_with="core.propose",
    permission="directory.add_figure", form=directory_forms.FigureForm,
    keep=lambda form: directory_actions.keep_figure(form.instance), keep_version=directory_actions.keep_figure,
    remove=directory_actions.remove_figure,
    columns=(
        Column("what", _("What"), lambda row: row.what, ("sort_key", "pk")),
        WHOSE,
        Column("value", _("Value"), lambda row: row.value, ("value", "pk"), numeric=True),
        Column("unit", _("Unit"), lambda row: row.unit, ("unit", "pk")),
        Column("year", _("Year"), lambda row: str(row.year or ""), ("year", "pk")),
    ),
    filters=(CONFIRMED,), matches=by_organisation, with_rows=with_organisation,
)  # fmt: skip


FEES = Kind(
    name="fees", prefix="fee", icon="coin",
    title=_("Membership fees"), one=_("Membership fee"), add_label=_("Add a membership fee"),
    empty=_("No fee yet. Write what each network costs a year: then its page says what came of it."),
    visible=directory.visible_fees, changeable=directory.changeable_fees,
    permission="directory.add_fee", form=directory_forms.MembershipFeeForm,
    keep=lambda form: directory_actions.keep_fee(form.instance), keep_version=directory_actions.keep_fee,
    remove=directory_actions.remove_fee, called=lambda row: f"{row.network} · {row.year}",
    columns=(
        Column("network", _("Network"), lambda row: row.network, ("network__sort_key", "-year", "pk")),
        Column("year", _("Year"), lambda row: str(row.year), ("year", "pk")),
        Column("amount", _("Amount"), lambda row: row.amount, ("amount", "pk"), numeric=True),
        Column("currency", _("Currency"), lambda row: row.currency, ("currency", "pk")),
        Column("organisation", _("Who pays"), whose, ("organisation__sort_key", "pk")),
    ),
    matches=lambda word, _reader: Q(network__folded__contains=word),
    with_rows=lambda rows, reader: with_organisation(rows, reader).select_related("network"),
    order=("-year", "network__sort_key", "pk"),
)  # fmt: skip
