"""Views as script-free HTML with inline SVG, and as plain text."""
