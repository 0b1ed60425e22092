"""The office's own pages."""

from django.urls import path

from sympolis.web.staff import views

app_name = "staff"
urlpatterns = [path("", views.dashboard, name="dashboard")]
