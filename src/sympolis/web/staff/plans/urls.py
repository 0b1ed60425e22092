"""Addresses of how far actions are and of the versions of a plan. Lists and forms are with those of all records."""

from django.urls import path

from sympolis.web.staff.plans import actions, incoming, priorities, versions

urlpatterns = [
    path("actions/", actions.my_actions, name="my_actions"),
    path("action/<slug:public_id>/", actions.action, name="action"),
    path("action/<slug:public_id>/milestone/", actions.milestone, name="milestone_add"),
    path("action/<slug:public_id>/milestone/<int:number>/", actions.milestone, name="milestone"),
    path("action/<slug:public_id>/indicator/", actions.indicator, name="indicator_add"),
    path("action/<slug:public_id>/indicator/<int:number>/", actions.indicator, name="indicator"),
    path("action/<slug:public_id>/indicator/<int:number>/value/", actions.value, name="indicator_value"),
    path("plan/<slug:public_id>/alignment/", priorities.alignment, name="plan_alignment"),
    path("plan/<slug:public_id>/priorities/", priorities.priorities, name="plan_priorities"),
    path("plan/<slug:public_id>/priorities/begin/", priorities.begin, name="priorities_begin"),
    path("plan/<slug:public_id>/priorities/incoming/", incoming.start, name="priorities_incoming"),
    path("plan/<slug:public_id>/priorities/incoming/<str:token>/", incoming.preview, name="priorities_preview"),
    path("plan/<slug:public_id>/priorities/<int:number>/end/", priorities.end, name="priorities_end"),
    path("plan/<slug:public_id>/priorities/<int:number>/", priorities.priority, name="priority_add"),
    path("plan/<slug:public_id>/priorities/<int:number>/<int:priority>/", priorities.priority, name="priority"),
    path("plan/<slug:public_id>/versions/", versions.versions, name="plan_versions"),
]
