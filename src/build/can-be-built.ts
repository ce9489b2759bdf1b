import { ValidateBy } from 'class-validator';
import { parametersSchema, resourcesOf } from './blueprints/build-parameters.js';
import { normaliseResources } from './blueprints/normalise-resources.js';

/** Resources that fit one another: no name twice, no relation that leads nowhere, rules that can be kept. */
export function CanBeBuilt(): PropertyDecorator {
  return ValidateBy({
    name: 'canBeBuilt',
    validator: {
      validate: (value) => problemsIn(value).length === 0,
      defaultMessage: (args) => problemsIn(args?.value).slice(0, 10).join('; '),
    },
  });
}

function problemsIn(resources: unknown): string[] {
  const parsed = parametersSchema.pick({ resources: true }).safeParse({ resources });
  if (!parsed.success) {
    // What isn't of the right shape is told field by field.
    return [];
  }
  // Whether there are users of its own is only known with the goal: then they are there.
  const { problems } = normaliseResources(resourcesOf(parsed.data), { hasAuth: true });
  return problems.map(({ path, message }) => `${path} ${message}`);
}
