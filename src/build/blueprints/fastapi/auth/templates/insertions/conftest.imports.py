from tests.accounts import ADMIN_PASSWORD
