from pydantic import SecretStr
