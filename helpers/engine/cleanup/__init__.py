"""What the workbook made, removed; what was there before, kept."""
