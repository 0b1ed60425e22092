"""Documents that hang on records."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from sympolis.office.core.queries import reads_office, visible_documents
from sympolis.web.public.addresses import find_record


def document(request: HttpRequest, slug: str, public_id: str) -> HttpResponseBase:
    """The file, for those who may see both it and the record it hangs on; always as a download, never as a page."""
    found = visible_documents(request.user).filter(public_id=public_id).first()
    if found is None or not (reads_office(request.user) or find_record(request.user, found.record)):
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=found.file_name, content_type="application/octet-stream")
