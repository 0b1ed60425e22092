"""A project of the world's data in a list: it leads to where it was read, and officers to what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sympolis.engine.model import ParticipationRole
from sympolis.engine.world import WorldProject
from sympolis.office.core.templatetags.show import marked, money, reader_language
from sympolis.office.core.texts import Text
from sympolis.web.public.templatetags.portal import badge, host, period, safe_address, theme_words

register = template.Library()

ROLES = {
    ParticipationRole.LEAD: gettext_lazy("Lead partner"),
    ParticipationRole.PARTNER: gettext_lazy("Partner"),
    ParticipationRole.ASSOCIATED: gettext_lazy("Associated partner"),
    ParticipationRole.THIRD_PARTY: gettext_lazy("Third party"),
    ParticipationRole.FUNDER: gettext_lazy("Funder"),
    ParticipationRole.ACCOUNTABLE: gettext_lazy("Answerable for it"),
}


@register.simple_tag
def world_words(text: Mapping[str, str]) -> SafeString:
    """A text of the world's data in the reader's language, else in what it has."""
    return marked(Text.of(**text).best(reader_language()))


@register.simple_tag
def world_role(role: str) -> str:
    return role_word(role)


@register.simple_tag(takes_context=True)
def world_project_row(context: Context, project: WorldProject) -> SafeString:
    """Its title with the mark of its source; role, dates and programme under it, the money beside it."""
    title = marked(Text.of(**project.title).best(reader_language()))
    about: list[SafeString | str] = [role_word(project.role), period(project.start, project.end)]
    if project.programme:
        about.append(format_html("<bdi>{}</bdi>", project.programme))
    about.append(theme_words(project.themes))
    if getattr(context.get("user"), "is_officer", False):
        more = f"{reverse('staff:world_project')}?{urlencode({'id': project.id})}"
        about.append(format_html('<a href="{}">{}</a>', more, _("All of it, or take it over")))
    side = money(project.budget, project.currency) if project.budget else ""
    return format_html(
        '<li class="list-row"><div class="list-main">{}{}<p class="list-meta">{}</p></div>{}</li>',
        _titled(project, title),
        badge("world", source_mark(project)),
        format_html_join(" · ", "{}", ((words,) for words in about if words)),
        format_html('<p class="list-side">{}</p>', side) if side else SafeString(""),
    )


def role_word(role: str) -> str:
    known = {str(code): words for code, words in ROLES.items()}
    return str(known.get(role, role))


def source_mark(project: WorldProject) -> str:
    """*World data · cordis.europa.eu*"""
    address = safe_address(project.source_url)
    return _("World data · %(source)s") % {"source": host(address) if address else project.source}


def _titled(project: WorldProject, title: SafeString | str) -> SafeString:
    named = format_html("{} <bdi>({})</bdi>", title, project.acronym) if project.acronym else title
    if address := safe_address(project.source_url):
        return format_html('<a class="list-title" rel="external" href="{}"><bdi>{}</bdi></a>', address, named)
    return format_html('<span class="list-title"><bdi>{}</bdi></span>', named)
