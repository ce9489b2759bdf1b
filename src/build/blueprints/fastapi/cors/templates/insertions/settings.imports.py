from app.cors import CorsSettings
