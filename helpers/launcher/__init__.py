"""From a bare machine to a running JupyterLab: environment, engine, images, server."""
