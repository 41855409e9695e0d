"""A race to the first answer, and what each way to run an app costs."""
