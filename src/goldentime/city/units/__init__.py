"""Units: patrol cars, engines, ambulances; what each can do, where it belongs, what it is doing, who should go."""
