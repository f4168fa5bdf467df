"""What tools/bench measures and how it shows it."""
