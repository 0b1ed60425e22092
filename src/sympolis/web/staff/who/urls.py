"""Who works on what."""

from django.urls import path

from sympolis.web.staff.who import views

urlpatterns = [path("", views.who, name="who")]
