from app.rate_limit import RateLimitSettings
