"""What the office's answers taught its rankings."""

from django.urls import path

from sympolis.web.staff.learning import views

urlpatterns = [
    path("", views.learnt, name="learnt"),
    path("switch/", views.switch, name="learning_switch"),
]
