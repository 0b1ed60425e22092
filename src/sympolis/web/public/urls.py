"""The public site, in the reader's language."""

from django.urls import include, path, register_converter

from sympolis.web.public.addresses import PublicIdConverter
from sympolis.web.public.events import feeds as event_feeds
from sympolis.web.public.events import pages as event_pages
from sympolis.web.public.events import registering
from sympolis.web.public.events.feeds import EventsFeed, EventsRss
from sympolis.web.public.feeds import NewsFeed, NewsRss, PagesFeed, PagesRss
from sympolis.web.public.views import (
    about,
    calls,
    charts,
    documents,
    events,
    graph,
    home,
    networks,
    organisations,
    pages,
    plans,
    positions,
    practices,
    projects,
    publications,
    search,
    sessions,
    themes,
)

register_converter(PublicIdConverter, "public_id")

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisation/<slug:slug>-<public_id:public_id>/", organisations.organisation, name="organisation"),
    path("organisation/<slug:slug>-<public_id:public_id>/members/", networks.network_members, name="network_members"),
    path(
        "organisation/<slug:slug>-<public_id:public_id>/links/",
        organisations.organisation_links,
        name="organisation_links",
    ),
    path(
        "organisation/<slug:slug>-<public_id:public_id>/changes/",
        organisations.organisation_changes,
        name="organisation_changes",
    ),
    path(
        "organisation/<slug:slug>-<public_id:public_id>/world/",
        organisations.organisation_world,
        name="organisation_world",
    ),
    path(
        "organisation/<slug:slug>-<public_id:public_id>/graph/",
        graph.organisation_graph,
        name="organisation_graph",
    ),
    path("organisation/<slug:slug>-<public_id:public_id>/alliances/", networks.alliances, name="alliances"),
    path("networks/", networks.networks, name="networks"),
    path("projects/", projects.projects, name="projects"),
    path("project/<slug:slug>-<public_id:public_id>/", projects.project, name="project"),
    path("project/<slug:slug>-<public_id:public_id>/map/", projects.project_map, name="project_map"),
    path("practices/", practices.practices, name="practices"),
    path("practice/<slug:slug>-<public_id:public_id>/", practices.practice, name="practice"),
    path("calls/", calls.calls, name="calls"),
    path("call/<slug:slug>-<public_id:public_id>/", calls.call, name="call"),
    path("events/", event_pages.events, name="events"),
    path("events/recordings/", event_pages.recordings, name="recordings"),
    path("events/feed/", EventsFeed(), name="events_feed"),
    path("events/rss/", EventsRss(), name="events_rss"),
    path("events/calendar.ics", event_feeds.calendar, name="events_calendar"),
    path("event/<slug:slug>-<public_id:public_id>/", event_pages.event, name="event"),
    path("event/<slug:slug>-<public_id:public_id>/calendar/", event_feeds.event_file, name="event_calendar"),
    path("event/<slug:slug>-<public_id:public_id>/register/", registering.register_page, name="event_register"),
    path("event/<slug:slug>-<public_id:public_id>/registered/", registering.registered, name="event_registered"),
    path("plans/", plans.plans, name="plans"),
    path("session/<slug:slug>-<public_id:public_id>/", sessions.session, name="session"),
    path("plan/<slug:slug>-<public_id:public_id>/", plans.plan, name="plan"),
    path("plan/<slug:slug>-<public_id:public_id>/by/<slug:way>/", plans.plan_by, name="plan_by"),
    path("plan/<slug:slug>-<public_id:public_id>/report/<int:year>/", plans.plan_report, name="plan_report"),
    path("plan/<slug:slug>-<public_id:public_id>/widget/", plans.plan_widget, name="plan_widget"),
    path("plan/<slug:slug>-<public_id:public_id>/map/", plans.plan_map, name="plan_map"),
    path("plan/<slug:slug>-<public_id:public_id>/versions/", plans.plan_versions, name="plan_versions"),
    path("plan/<slug:slug>-<public_id:public_id>/data/<slug:form>/", plans.plan_data, name="plan_data"),
    path(
        "plan/<slug:slug>-<public_id:public_id>/comments/data/<slug:form>/",
        plans.plan_comments_data,
        name="plan_comments_data",
    ),
    path(
        "plan/<slug:slug>-<public_id:public_id>/supports/data/<slug:form>/",
        plans.plan_supports_data,
        name="plan_supports_data",
    ),
    path("action/<slug:slug>-<public_id:public_id>/", plans.action, name="action"),
    path("voices/", include("sympolis.web.public.voices.urls")),
    path("agreement/<slug:slug>-<public_id:public_id>/", organisations.agreement, name="agreement"),
    path("positions/", positions.positions, name="positions"),
    path("position/<slug:slug>-<public_id:public_id>/", positions.position, name="position"),
    path("publications/", publications.publications, name="publications"),
    path("publication/<slug:slug>-<public_id:public_id>/", publications.publication, name="publication"),
    path("news/", events.news, name="news"),
    path("news/feed/", NewsFeed(), name="news_feed"),
    path("news/feed/rss/", NewsRss(), name="news_rss"),
    path("news/<slug:slug>-<public_id:public_id>/", events.news_item, name="news_item"),
    path("pages/", pages.pages, name="pages"),
    path("pages/feed/", PagesFeed(), name="pages_feed"),
    path("pages/feed/rss/", PagesRss(), name="pages_rss"),
    path("pages/<slug:slug>-<public_id:public_id>/", pages.office_page, name="office_page"),
    path("newsletter/", include("sympolis.web.public.newsletter.urls")),
    path("themes/", themes.themes, name="themes"),
    path("themes/<slug:code>/", themes.theme, name="theme"),
    path("search/", search.search, name="search"),
    path("document/<slug:slug>-<public_id:public_id>/", documents.document, name="document"),
    path("map/", charts.map_data, name="map_data"),
    path("map/<public_id:public_id>/", charts.map_data, name="map_data"),
    path("graph/", graph.graph, name="graph"),
    path("graph/data/", graph.data, name="graph_data"),
    path("graph/data/<public_id:public_id>/", graph.data, name="graph_data"),
    path("credits/", about.credits, name="credits"),
    path("legal/", about.legal, name="legal"),
]
