"""One module per LSP method; each only converts, calls what does the work, and converts back."""
