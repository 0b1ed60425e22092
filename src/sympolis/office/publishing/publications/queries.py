"""Questions about publications, as far as the reader may see."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from sympolis.office.core.queries import (
    Reader,
    changeable_records,
    proposable_records,
    visible_records,
    written_by,
)
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.models import Project
from sympolis.office.publishing.publications.models import Publication


def visible_publications(user: Reader) -> QuerySet[Publication]:
    return visible_records(user, Publication.objects.all())


def changeable_publications(user: Reader) -> QuerySet[Publication]:
    """With what a form names."""
    return changeable_records(user, Publication.objects.all()).select_related("project")


def proposable_publications(user: Reader) -> QuerySet[Publication]:
    """Those of a body, for who writes for it: the office reads it first, others may have written it too."""
    theirs = Publication.bodies.through.objects.filter(written_by(user, "organisation")).order_by()
    own = Q(pk__in=theirs.values("publication"))
    return proposable_records(user, visible_publications(user), own).select_related("project")


def publications_from(user: Reader, project: Project) -> QuerySet[Publication]:
    """What came of a project."""
    return visible_publications(user).filter(project=project)


def of_year(publications: QuerySet[Publication], year: int) -> QuerySet[Publication]:
    """Those that may have come out in a year."""
    return publications.filter(published_earliest__lte=date(year, 12, 31), published_latest__gte=date(year, 1, 1))


def of_bodies(publications: QuerySet[Publication], bodies: QuerySet[Organisation]) -> QuerySet[Publication]:
    """Those of some organisations, each once."""
    theirs = Publication.bodies.through.objects.filter(organisation__in=bodies.order_by().values("pk"))
    return publications.filter(pk__in=theirs.values("publication"))


def with_bodies(publications: QuerySet[Publication], user: Reader, *columns: str) -> QuerySet[Publication]:
    """With those of the bodies whose it is that the reader may see, as ``seen_bodies``."""
    seen = visible_organisations(user).only("sort_key", *columns).order_by("sort_key", "pk")
    return publications.prefetch_related(Prefetch("bodies", seen, "seen_bodies"))
