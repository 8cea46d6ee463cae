"""One process of a web service: it loads a scoring script and answers requests with it."""
