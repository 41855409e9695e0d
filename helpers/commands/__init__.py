"""What ./workbook does, one file a command."""
