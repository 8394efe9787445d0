"""Every measurement, one after the other."""

from benchmarks import completion, diagnostics


def main() -> None:
    print("# Diagnostics\n")
    diagnostics.main()
    print("\n# Completion\n")
    completion.main()


if __name__ == "__main__":
    main()
