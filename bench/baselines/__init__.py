"""What the figures are measured against: the best ordinary way to do the same work, a file each."""
