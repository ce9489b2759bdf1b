import type { Part } from '../../blueprint.js';

/** The application itself: settings, errors, packaging, Dockerfile, README. */
export const basePart: Part = {
  folder: new URL('./', import.meta.url),
  appliesTo: () => true,
  dependencies: ['fastapi', 'pydantic', 'pydantic-settings', 'uvicorn'],
  testDependencies: ['httpx2', 'pytest', 'pytest-cov'],
};
