"""The public site."""

from django.urls import path

from sympolis.web.public import views

app_name = "public"
urlpatterns = [path("", views.home, name="home")]
