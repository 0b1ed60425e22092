"""Addresses of a meeting and of what is done with it. Lists and forms are with those of all records."""

from django.urls import path

from sympolis.web.staff.meetings import views

urlpatterns = [
    path("of/<slug:public_id>/", views.meeting_of_brief, name="meeting_of_brief"),
    path("promises/<slug:public_id>/", views.promise_status, name="promise_status"),
    path("<slug:public_id>/", views.meeting, name="meeting"),
    path("<slug:public_id>/notes/", views.notes, name="meeting_notes"),
]
