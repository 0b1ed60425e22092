"""The office's own pages: one folder an area, all in the namespace ``staff``."""

from django.urls import include, path

from sympolis.web.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("", include("sympolis.web.staff.records.urls")),
    path("", include("sympolis.web.staff.tags.urls")),
    path("event/", include("sympolis.web.staff.events.urls")),
    path("meetings/", include("sympolis.web.staff.meetings.urls")),
    path("briefs/", include("sympolis.web.staff.brief.urls")),
    path("partners/", include("sympolis.web.staff.partners.urls")),
    path("consortium/", include("sympolis.web.staff.consortium.urls")),
    path("board/", include("sympolis.web.staff.applications.urls")),
    path("help/", include("sympolis.web.staff.helping.urls")),
    path("watching/", include("sympolis.web.staff.watching.urls")),
    path("peers/", include("sympolis.web.staff.peers.urls")),
    path("who/", include("sympolis.web.staff.who.urls")),
    path("answer/", include("sympolis.web.staff.answer.urls")),
    path("learnt/", include("sympolis.web.staff.learning.urls")),
    path("agenda/", include("sympolis.web.staff.agenda.urls")),
    path("memberships/", include("sympolis.web.staff.worth.urls")),
    path("writing/", include("sympolis.web.staff.writing.urls")),
    path("proposals/", include("sympolis.web.staff.proposals.urls")),
    path("team/", include("sympolis.web.staff.team.urls")),
    path("pages/", include("sympolis.web.staff.stale.urls")),
    path("import/", include("sympolis.web.staff.imports.urls")),
    path("sessions/", include("sympolis.web.staff.sessions.urls")),
    path("workbench/", include("sympolis.web.staff.workbench.urls")),
    path("plans/", include("sympolis.web.staff.plans.urls")),
    path("", include("sympolis.web.staff.running.urls")),
    path("", include("sympolis.web.staff.voices.urls")),
    path("groups/", include("sympolis.web.staff.groups.urls")),
    path("", include("sympolis.web.staff.publishing.urls")),
    path("newsletter/", include("sympolis.web.staff.newsletter.urls")),
    path("outbox/", include("sympolis.web.staff.outbox.urls")),
    path("", include("sympolis.web.staff.doubles.urls")),
    path("world/", include("sympolis.web.staff.world.urls")),
    path("administration/", include("sympolis.web.staff.administration.urls")),
]
