"""What SQL text means, read against a catalog. Pure: no LSP, no I/O, no clock."""
