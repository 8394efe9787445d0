"""How well it works: every measurement of quality, one after the other."""

from benchmarks import completion, diagnostics, pruning


def main() -> None:
    print("# Diagnostics\n")
    diagnostics.main()
    print("\n# Completion\n")
    completion.main()
    print("\n# Pruning\n")
    pruning.main()


if __name__ == "__main__":
    main()
