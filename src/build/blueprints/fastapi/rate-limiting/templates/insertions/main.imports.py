from app.rate_limit import RateLimit
