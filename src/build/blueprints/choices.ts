import type { BuildParameters } from './build-parameters.js';
import { CAPABILITIES } from './capabilities.js';
import type { SpecFeature } from './features.js';
import { meaningOf, type GoalReading, type Wish } from './goal/read-goal.js';
import type { Database, Framework, ProjectSpec } from './project-spec.js';

type Kind = Wish['means']['kind'];
type Previous = Pick<ProjectSpec, 'framework' | 'database' | 'features' | 'resources'>;

/** What a choice is made from. */
export interface Asked {
  reading: GoalReading;
  given: BuildParameters;
  previous: Partial<Previous> | undefined;
  notes: string[];
}

export function wishesOf(reading: GoalReading, kind: Kind): Wish[] {
  return reading.wishes.filter((wish) => wish.means.kind === kind);
}

/** The words of the wishes of a kind, without those for the opposite. */
export function textsOf(reading: GoalReading, kind: Kind): string[] {
  return wishesOf(reading, kind)
    .filter((wish) => !wish.isNegated)
    .map((wish) => wish.text);
}

/** @returns the framework, or why there is none to build with */
export function chooseFramework({
  reading,
  given,
  previous,
  notes,
}: Asked): { framework: Framework } | { problem: string } {
  const named = wishesOf(reading, 'framework').filter((wish) => !wish.isNegated);
  const asked = [
    ...new Set(named.flatMap(({ means }) => (means.kind === 'framework' ? [means.framework] : []))),
  ];
  const foreign = textsOf(reading, 'unavailableFramework');
  const available = CAPABILITIES.map(({ name }) => name);
  const framework = given.framework ?? asked[0] ?? previous?.framework ?? ofLanguage(reading);
  if (foreign.length > 0 && !given.framework && asked.length === 0) {
    return { problem: `It can't build with ${foreign.join(', ')}.` };
  }
  if (!available.includes(framework)) {
    return { problem: `It can't build with ${named[0]?.text ?? framework}.` };
  }
  if (previous?.framework && previous.framework !== framework) {
    return {
      problem: `This project is built with ${previous.framework}, and stays so: choose another project_name.`,
    };
  }
  for (const other of asked.filter((each) => each !== framework)) {
    notes.push(`Asked for more than one framework: built with ${framework}, not with ${other}`);
  }
  return { framework };
}

function ofLanguage(reading: GoalReading): Framework {
  const isTypeScript = wishesOf(reading, 'language').some(
    ({ means, isNegated }) =>
      !isNegated && means.kind === 'language' && means.language === 'typescript',
  );
  return isTypeScript ? 'express' : 'fastapi';
}

/** The features that were asked for by name, and those that others need. */
export function chooseFeatures({ reading, given, notes }: Asked): string[] {
  const wishes = wishesOf(reading, 'feature');
  const refused = new Set(wishes.filter((each) => each.isNegated).map(featureOf));
  const asked = [...new Set(wishes.filter((each) => !each.isNegated).map(featureOf))].filter(
    (feature) => !refused.has(feature),
  );
  if (!given.features?.length) {
    if (reading.needsAccounts && !asked.includes('auth') && !refused.has('auth')) {
      notes.push('Who owns what takes accounts: auth is added');
      return [...asked, 'auth'];
    }
    return asked;
  }
  const features = given.features.flatMap((name) => {
    const means = meaningOf(name);
    if (means?.kind === 'feature') {
      return [means.feature];
    }
    if (means?.kind !== 'included' && means?.kind !== 'crud') {
      notes.push(`Not available, left out: feature '${name}'`);
    }
    return [];
  });
  for (const feature of asked.filter((each) => each !== 'health' && !features.includes(each))) {
    notes.push(`Left out, since parameters.features doesn't name it: ${feature}`);
  }
  return features;
}

/** What the framework has of these; the rest is in the notes. */
export function onlyAvailable(
  features: string[],
  framework: Framework,
  notes: string[],
): SpecFeature[] {
  const known = CAPABILITIES.find(({ name }) => name === framework)?.features ?? [];
  return features.filter((feature): feature is SpecFeature => {
    const isKnown = known.some(({ name }) => name === feature);
    if (!isKnown) {
      notes.push(`Not available with ${framework}, left out: feature '${feature}'`);
    }
    return isKnown;
  });
}

/** Features that the goal says it doesn't want. */
export function refusedFeatures(reading: GoalReading): string[] {
  return wishesOf(reading, 'feature')
    .filter((each) => each.isNegated)
    .map(featureOf);
}

export function chooseDatabase({ reading, given, previous, notes }: Asked): Database {
  const wishes = wishesOf(reading, 'database').filter((each) => !each.isNegated);
  const asked = [
    ...new Set(wishes.flatMap(({ means }) => (means.kind === 'database' ? [means.database] : []))),
  ];
  const chosen = given.database ?? asked[0] ?? previous?.database ?? 'sqlite';
  for (const other of asked.filter((each) => each !== chosen)) {
    notes.push(`Asked for more than one database: built for ${chosen}, not for ${other}`);
  }
  return chosen;
}

function featureOf({ means }: Wish): string {
  return means.kind === 'feature' ? means.feature : '';
}
