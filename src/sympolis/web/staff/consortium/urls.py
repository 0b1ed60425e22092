"""A consortium for a call: who would be in, why, and what is missing."""

from django.urls import path

from sympolis.web.staff.consortium import views

urlpatterns = [
    path("", views.consortium, name="consortium"),
    path("say/", views.consortium_say, name="consortium_say"),
    path("file/", views.consortium_file, name="consortium_file"),
    path("suggest/", views.consortium_suggest, name="consortium_suggest"),
]
