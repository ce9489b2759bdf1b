python -c "import secrets; print('JWT_SECRET=' + secrets.token_urlsafe(48))" >> .env
