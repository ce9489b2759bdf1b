/** The API's version, as its document, its OpenAPI description and its health answers name it. */
export const API_VERSION = '3.0.0';
