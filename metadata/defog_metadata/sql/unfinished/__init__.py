"""SQL that is being typed: what stands around a caret, in text that need not parse."""
