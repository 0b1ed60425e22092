"""What every command on the office's state does first."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import sympolis
from sympolis.cli.terminal import Refusal, whole
from sympolis.config.home import Home, current_home

if TYPE_CHECKING:
    from sympolis.engine.texts.vectors import Vectors
    from sympolis.office.core.queries import Reader
    from sympolis.office.directory.models import Organisation


def ready() -> None:
    """Django, once. Encoders are loaded later, at their first use."""
    import django
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sympolis.config.settings")
    if not apps.ready:
        try:
            django.setup()
        except ImproperlyConfigured as error:
            raise Refusal(str(error), "See docs/settings.md, and for PostgreSQL docs/guides/postgresql.md.") from None


def office_home(*, migrated: bool = True) -> Home:
    """The home that is meant, with Django ready. Refused where nothing was begun or another version's tables are."""
    home = current_home()
    if not home.kind:
        raise Refusal(f"There is no office in {home.path}.", "Begin one with `sympolis init`, or try `sympolis demo`.")
    ready()
    from sympolis.office.core.keeping.migrating import is_migrated

    if migrated and not is_migrated():
        raise Refusal(f"{home.path} was last used by another version.", "Bring it up to date: `sympolis upgrade`.")
    return home


def reader(as_user: str | None = None) -> Reader:
    """Whom a command acts as: the office, or the person named."""
    office_home()
    from sympolis.office.core.enums import SiteRole
    from sympolis.office.core.models import User

    if as_user is None:
        return User(pk=0, role=SiteRole.OFFICER)
    found = User.objects.filter(email__iexact=whole(as_user), is_active=True).first()
    if found is None:
        raise Refusal(f"Nobody signs in as {as_user[:80]}.", "See the administration page for who does.")
    return found


def organisation_named(user: Reader, text: str) -> Organisation:
    """The office's organisation that a text surely means; else the nearest are offered."""
    from sympolis.office.synergies.queries import find_organisation

    found = find_organisation(user, text)
    if found.organisation is not None:
        return found.organisation
    near = ", ".join(one.name for one in found.nearest[:3])
    remedy = f"Near: {near}." if near else "Write its name, short name or id."
    raise Refusal(f"No organisation is surely meant by {text[:80]!r}.", remedy)


def vectors_of(home: Home, *encoders: str, least: int = 0) -> Vectors:
    """The home's cache of vectors where there is a home, else memory alone; of all encoders unless some are named.

    It forgets nothing before there are ``least`` vectors.
    """
    from sympolis.engine.texts.encoders import CAREFUL, FAST
    from sympolis.engine.texts.vectors import KEPT, Vectors

    return Vectors(home.vectors if home.kind else None, encoders or (FAST, CAREFUL), max(least, KEPT))


def agent() -> str:
    """How we present ourselves: the product, its version, and whom to write to."""
    contact = os.environ.get("SYMPOLIS_CONTACT", "") or os.environ.get("SYMPOLIS_ADDRESS", "")
    product = f"Sympolis/{sympolis.__version__}"
    return f"{product} ({contact})" if contact and contact.isascii() and contact.isprintable() else product
