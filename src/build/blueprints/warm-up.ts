import { setImmediate } from 'node:timers/promises';
import { BLUEPRINTS } from './all-blueprints.js';
import { formatPython } from './fastapi/python-format.js';
import { planGoal } from './plan-goal.js';
import { startFormatter } from './node/typescript-format.js';
import { templatesOf } from './render-project.js';

/**
 * Loads what planning and rendering need: the first project would wait for it otherwise. Requests get their turn
 * between the steps.
 */
export async function warmUp(): Promise<void> {
  const steps = [
    startFormatter,
    () => formatPython('warm_up.py', 'x = 1\n'),
    () => planGoal({ projectName: 'warm-up', goal: 'A blog with posts', parameters: {} }),
    ...Object.values(BLUEPRINTS).map((blueprint) => () => blueprint.parts.forEach(templatesOf)),
  ];
  for (const step of steps) {
    await setImmediate();
    step();
  }
}
