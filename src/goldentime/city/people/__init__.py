"""Who works with the platform and what their role lets them do."""
