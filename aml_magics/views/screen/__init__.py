"""What every screen has: the table of questions and subscriptions."""
