"""What a crew's page is told: its call, the way, what waits at the scene; and what the crew asks for."""
