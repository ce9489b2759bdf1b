        database_url=database_url,
