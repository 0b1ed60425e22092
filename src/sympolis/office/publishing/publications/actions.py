"""What the office does with publications."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.publishing.publications.models import Publication


@transaction.atomic
def keep_publication(publication: Publication, bodies: Iterable[Organisation] | None = None) -> Publication:
    """Add or change one; ``bodies`` None leaves them as they are."""
    keep_record(publication)
    if bodies is not None:
        publication.bodies.set(bodies)
    note_lists(Publication, [publication])
    return publication


def remove_publication(publication: Publication, by: User | None = None) -> None:
    remove_record(publication, by)
