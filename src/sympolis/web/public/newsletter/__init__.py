"""The newsletter in public: signing up, confirming, choosing, leaving; the archive."""
