"""The docker command itself, run for the learner: its own words, what the workbook adds to them."""
