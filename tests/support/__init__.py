"""What several test folders need, and what the suite needs installed."""
