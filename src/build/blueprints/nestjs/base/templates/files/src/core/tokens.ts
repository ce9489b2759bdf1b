/** What is injected by name: the settings of the service. */
export const SETTINGS = Symbol('settings');

/** What is injected by name: pino's logger. */
export const LOGGER = Symbol('logger');
