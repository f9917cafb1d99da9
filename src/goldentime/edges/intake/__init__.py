"""What every door at which agencies bring messages shares: how many may come, and what is kept of those refused."""
