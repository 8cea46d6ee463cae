"""The registry of questions and subscriptions that all screens share."""
