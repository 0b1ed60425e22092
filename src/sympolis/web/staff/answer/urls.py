"""One answer to a need."""

from django.urls import path

from sympolis.web.staff.answer import views

urlpatterns = [path("", views.answer, name="answer")]
