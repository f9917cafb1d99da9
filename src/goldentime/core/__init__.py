"""What every room may use: places, time, ids, texts, errors and facts; standard library only."""
