"""Bodies of a consortium by name, each a link; one that only the world's data has is marked as such."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sympolis.office.core.templatetags.show import comma, text
from sympolis.office.synergies.consortium.building import Party

register = template.Library()


@register.simple_tag
def party_link(party: Party, css: str = "") -> SafeString:
    """The name, leading to its page."""
    css_class = format_html(' class="{}"', css) if css else ""
    if party.ours is not None:
        address = party.ours.get_absolute_url()
        return format_html('<a{} href="{}"><bdi>{}</bdi></a>', css_class, address, text(party.name))
    address = f"{reverse('staff:world_record')}?{urlencode({'id': party.id})}"
    link = format_html('<a{} href="{}"><bdi>{}</bdi></a>', css_class, address, party.name)
    return format_html('{} <span class="badge">{}</span>', link, _("World data"))


@register.simple_tag
def party_links(parties: Iterable[Party]) -> SafeString:
    """Several, as the language parts the members of a list."""
    return format_html_join(comma(), "{}", ((party_link(party),) for party in parties))
