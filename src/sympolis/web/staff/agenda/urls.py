"""The agenda of a region or a network."""

from django.urls import path

from sympolis.web.staff.agenda import views

urlpatterns = [path("", views.agenda, name="agenda")]
