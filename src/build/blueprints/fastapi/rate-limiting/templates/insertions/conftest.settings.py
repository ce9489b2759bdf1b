        rate_limit_per_minute=1_000_000,
