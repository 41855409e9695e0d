"""The image whose programs the workbook itself uses to look, try and probe on an engine."""

TOOL_IMAGE = "busybox:1.37"
