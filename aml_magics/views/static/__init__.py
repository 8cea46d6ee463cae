"""Pages of script-free HTML and of plain text: elements, tables, statuses and outputs."""
