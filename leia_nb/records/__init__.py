"""What responses become: records, DataFrames, and how they look."""
