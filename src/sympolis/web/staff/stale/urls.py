"""Members' pages by how long nobody of theirs has said anything, and asking them with one click."""

from django.urls import path

from sympolis.web.staff.stale import views

urlpatterns = [
    path("", views.stale, name="stale"),
    path("ask/", views.ask, name="stale_ask"),
]
