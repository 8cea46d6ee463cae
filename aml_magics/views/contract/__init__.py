"""How an area says what it answers: questions, subscriptions and outputs, and the arguments of each."""
