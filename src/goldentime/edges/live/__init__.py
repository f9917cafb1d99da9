"""What changes reach the browsers by themselves: one coalesced feed, told apart by who may hear what."""
