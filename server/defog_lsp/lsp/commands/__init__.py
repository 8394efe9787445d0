"""What ``workspace/executeCommand`` executes: one file for each command."""
