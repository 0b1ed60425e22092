"""Events in public: the calendar, an event's page, recordings, feeds, registering without an account."""
