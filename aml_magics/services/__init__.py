"""What can be done: plain functions whose first argument is the store. The only writers."""
