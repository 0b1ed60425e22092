"""Cards of the board and rows of requests, in Python and not in templates: a page has a hundred of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from sympolis.office.core.markup import joined, markup
from sympolis.office.core.templatetags.show import number, plain, text, when
from sympolis.office.projects.applications.enums import ApplicationStage
from sympolis.office.projects.models import Application
from sympolis.office.synergies.helping.models import HelpRequest
from sympolis.office.synergies.helping.queries import Row
from sympolis.web.public.templatetags.portal import NOTHING

register = template.Library()


@register.simple_tag(takes_context=True)
def board_cards(context: Context, cards: Iterable[Application]) -> SafeString:
    """The cards of one column, each with the form that moves it."""
    page, move = reverse("staff:application", args=["-"]).removesuffix("-/") + "{}/", _MoveForm(context, "board")
    today, soon, open_tasks = context["today"], context["soon"], context["open_tasks"]
    pattern = (
        '<li class="list-row"><div class="list-main"><a class="list-title" href="{}">{}</a>{}{}'
        '<p class="list-meta">{}</p>{}{}</div></li>'
    )
    return joined("", (
        markup(pattern, page.format(one.public_id), text(one.title), _badges(one), _deadline(one, today, soon),
               _about(one), _tasks(*open_tasks.get(one.pk, (0, None))), move.of(one))
        for one in cards
    ))  # fmt: skip


@register.simple_tag(takes_context=True)
def move_form(context: Context, application: Application) -> SafeString:
    """The same form on the page of one application."""
    return _MoveForm(context, "page").of(application)


class _MoveForm:
    """What all forms of a page have in common is put together once."""

    def __init__(self, context: Context, back: str) -> None:
        self.token, self.back = str(context["csrf_token"]), back
        self.address = reverse("staff:application_move", args=["-"]).removesuffix("-/move/") + "{}/move/"
        option = '<option value="{}">{}</option>'
        self.options = joined("", (markup(option, stage.value, stage.label) for stage in ApplicationStage))
        self.label, self.button = gettext("Move “%(title)s” to"), gettext("Move")

    def of(self, one: Application) -> SafeString:
        title = plain(one.title)
        return markup(
            '<form class="cluster no-print" method="post" action="{}">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="seen" value="{}">'
            '<input type="hidden" name="back" value="{}"><label class="visually-hidden" for="to-{}">{}</label>'
            '<select class="input-short" id="to-{}" name="to">{}</select> <button class="button button-small" '
            'type="submit">{}<span class="visually-hidden">: {}</span></button></form>',
            self.address.format(one.public_id), self.token, one.stage, self.back, one.public_id,
            self.label % {"title": title}, one.public_id, self._chosen(one.stage), self.button, title,
        )  # fmt: skip

    def _chosen(self, stage: str) -> SafeString:
        value = f'value="{stage}"'
        return SafeString(self.options.replace(value, f"{value} selected"))


def _badges(one: Application) -> SafeString:
    example = (
        markup(' <span class="badge badge-example">{}</span>', gettext("Example")) if one.illustrative else NOTHING
    )
    decided = markup(' <span class="badge">{}</span>', one.get_decision_display()) if one.decision else NOTHING
    return joined("", (example, decided))


def _deadline(one: Application, today: date, soon: date) -> SafeString:
    if one.deadline_on is None:
        return NOTHING
    kind = "closed" if one.deadline_on < today else "soon" if one.deadline_on <= soon else "open"
    return markup('<p class="list-meta"><span class="badge badge-{}">{}</span></p>', kind, when(one.deadline_on))


def _about(one: Application) -> SafeString:
    programme = plain(one.call.title) if one.call else one.programme
    named = [one.organisation.short_name or one.organisation.name, programme, str(one.owner) if one.owner else ""]
    return joined(" · ", (markup("<bdi>{}</bdi>", name) for name in named if name))


def _tasks(many: int, next_due: date | None) -> SafeString:
    if not many:
        return NOTHING
    said = [ngettext("%(n)s task open", "%(n)s tasks open", many) % {"n": number(many)}]
    if next_due:
        said.append(gettext("next: %(day)s") % {"day": when(next_due)})
    return markup('<p class="list-meta">{}</p>', joined(" · ", said))


@register.simple_tag
def request_rows(requests: Iterable[HelpRequest], today: date) -> SafeString:
    """What waits for the office."""
    page = reverse("staff:help_request", args=["-"]).removesuffix("-/") + "{}/"
    pattern = (
        '<li class="list-row"><div class="list-main"><a class="list-title" href="{}">{}</a> '
        '<span class="badge">{}</span>{}{}<p class="list-meta">{}</p></div></li>'
    )
    example = markup(' <span class="badge badge-example">{}</span>', gettext("Example"))
    overdue = markup(' <span class="badge badge-overdue">{}</span>', gettext("overdue"))
    return joined("", (
        markup(pattern, page.format(one.public_id), text(one.title), one.get_state_display(),
               example if one.illustrative else NOTHING, overdue if one.due and one.due < today else NOTHING,
               joined(" · ", _asked(one)))
        for one in requests
    ))  # fmt: skip


def _asked(one: HelpRequest) -> Iterable[Any]:
    yield one.get_kind_display()
    if one.department:
        yield text(one.department.name)
    yield when(one.asked_on)
    if one.owner:
        yield markup("<bdi>{}</bdi>", one.owner)


@register.simple_tag
def year_rows(rows: Iterable[Row]) -> SafeString:
    """How often each department asked, by kind and in all."""
    unknown, cell = gettext("Not known"), '<td class="num">{}</td>'
    return joined("", (
        markup('<tr><th scope="row">{}</th>{}</tr>', text(row.department) if row.department else unknown,
               joined("", (markup(cell, number(count)) for count in (*row.counts, row.total))))
        for row in rows
    ))  # fmt: skip
