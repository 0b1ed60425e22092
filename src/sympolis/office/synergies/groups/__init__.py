"""What people wrote, poured into groups that they recognise: read, put together by the worker, mended by hand."""
