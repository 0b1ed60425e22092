"""Addresses of requests besides their list and form, which are with those of all records."""

from django.urls import path

from sympolis.web.staff.helping import views

urlpatterns = [
    path("", views.overview, name="help"),
    path("ask/", views.ask, name="help_ask"),
    path("link/<int:pk>/withdraw/", views.withdraw, name="help_link_withdraw"),
    path("<slug:public_id>/", views.one, name="help_request"),
]
