from app.cors import allow_origins
