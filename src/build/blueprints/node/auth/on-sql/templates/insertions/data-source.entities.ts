User
LoginSession
