"""The same one twice: pairs that may be one, the two side by side, merging and undoing it."""

from django.urls import path

from sympolis.web.staff.doubles import merging, pairs

urlpatterns = [
    path("twice/", pairs.doubles, name="doubles"),
    path("twice/look/", pairs.look_again, name="doubles_look"),
    path("twice/not-the-same/", pairs.apart, name="doubles_apart"),
    path("twice/not-the-same/say/", pairs.say, name="double_apart"),
    path("twice/not-the-same/<int:pk>/back/", pairs.back, name="double_back"),
    path("merge/<slug:public_id>/", merging.merge_with, name="merge_with"),
    path("merge/<slug:public_id>/<slug:other_id>/", merging.merge, name="merge"),
    path("merged/", merging.merges, name="merges"),
    path("merged/<int:pk>/", merging.merged, name="merged"),
]
