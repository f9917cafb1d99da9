"""A city's list of units: patrol cars, engines, ambulances, with their stations and beats."""
