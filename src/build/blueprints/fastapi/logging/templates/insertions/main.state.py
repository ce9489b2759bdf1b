    configure_logging(settings)
