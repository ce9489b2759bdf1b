/** One login: it lives as long as its refresh tokens are renewed, and ends by being deleted. */
export interface LoginSession {
  id: string;
  userId: string;
  /** The only refresh token of this session that counts. */
  tokenId: string;
  expiresAt: Date;
}
