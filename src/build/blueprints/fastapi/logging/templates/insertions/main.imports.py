from app.logs import RequestLog, configure_logging
