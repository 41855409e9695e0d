"""A test run spread over two processes: who runs what, with which engine, and how it is shown."""
