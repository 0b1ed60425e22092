"""Addresses of moderation and of the process of a plan."""

from django.urls import path

from sympolis.web.staff.voices import moderation, process

urlpatterns = [
    path("comments/", moderation.comments, name="comments"),
    path("comments/<slug:public_id>/", moderation.comment, name="moderate"),
    path("comments/<slug:public_id>/decide/", moderation.decide, name="moderate_decide"),
    path("process/<slug:public_id>/", process.process, name="process"),
    path("process/<slug:public_id>/phase/", process.phase, name="process_phase"),
    path("process/<slug:public_id>/phase/<int:number>/remove/", process.remove, name="process_phase_remove"),
]
