from app.health.router import router as health_router
