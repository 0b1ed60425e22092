"""What every command on the office's state does first."""

from __future__ import annotations

import os

from sympolis.cli.terminal import Refusal
from sympolis.config.home import Home, current_home


def ready() -> None:
    """Django, once. Encoders are loaded later, at their first use."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sympolis.config.settings")
    if not apps.ready:
        django.setup()


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
