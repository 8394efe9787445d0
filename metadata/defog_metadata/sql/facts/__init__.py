"""What rules and features ask of an analysed statement, and joins that keys suggest."""
