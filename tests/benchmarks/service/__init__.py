"""Web services: until one answers, what a request takes beside other servers, and an update under load."""
