"""What an incident (상황) is and which steps it may take."""
