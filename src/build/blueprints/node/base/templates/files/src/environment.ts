import { existsSync } from 'node:fs';
import { loadSettings, type Settings, SettingsError } from './settings.js';

/** Settings of the environment and of `.env`; bad ones end the process with their names. */
export function settingsOrExit(): Settings {
  if (existsSync('.env')) {
    process.loadEnvFile();
  }
  try {
    return loadSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsError) {
      console.error(error.message);
      process.exit(1);
    }
    throw error;
  }
}
