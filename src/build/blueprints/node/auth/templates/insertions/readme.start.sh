node -p "'JWT_SECRET=' + require('node:crypto').randomBytes(48).toString('base64url')" >> .env
