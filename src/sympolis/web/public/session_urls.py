"""Addresses of those who take part in a session: the link one gets, and the page of one's own behind it."""

from django.urls import path

from sympolis.web.public import session_pages as pages

urlpatterns = [
    path("in/<str:token>/", pages.inside, name="session_in"),
    path("in/<str:token>/since/", pages.since, name="session_since"),
    path("in/<str:token>/say/", pages.say, name="session_say"),
    path("in/<str:token>/said/<slug:public_id>/", pages.said, name="session_said"),
    path("in/<str:token>/dot/<int:number>/", pages.dot, name="session_dot"),
    path("in/<str:token>/table/", pages.sits, name="session_sits"),
    path("in/<str:token>/calendar/", pages.own_calendar, name="session_calendar"),
    path("in/<str:token>/leave/", pages.leave, name="session_leave"),
    path("invited/<str:token>/", pages.invited, name="session_invited"),
    path("<str:token>/", pages.join_session, name="session_join"),
]
