"""VS Code in the tests: the packaged extension, installed into a real workbench in a browser."""
