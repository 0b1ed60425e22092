"""One answer to a need, and what officers say to each."""

from django.urls import path

from sympolis.web.staff.answer import views

urlpatterns = [
    path("", views.answer, name="answer"),
    path("say/", views.say, name="answer_say"),
]
