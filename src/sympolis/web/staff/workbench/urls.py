"""Addresses of the workbench of a plan: from contributions to lines."""

from django.urls import path

from sympolis.web.staff.workbench import views

urlpatterns = [
    path("<slug:public_id>/", views.workbench, name="workbench"),
    path("<slug:public_id>/put/", views.put, name="workbench_put"),
]
