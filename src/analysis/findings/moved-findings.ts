import { posix } from 'node:path';
import type { EarlierAnalysis } from '../verdict/baseline.js';
import { fingerprintOf, type Flaw } from './fingerprints.js';

/** Digests made for one analysis, some 50 ms: what more files than that would need counts as new. */
const MAX_TRIES = 20_000;

/**
 * Findings of files that have another name than in the analysis before: fingerprint -> the one that it had there.
 *
 * A new file is an old one that is gone where at least half of its findings are those of the old one. Files of the same
 * name in another folder are looked at first.
 *
 * @param isThere Whether the source that is analysed has such a file.
 */
export function movedFindings(
  flaws: readonly Flaw[],
  earlier: Pick<EarlierAnalysis, 'files' | 'fingerprints'>,
  isThere: (file: string) => boolean,
): ReadonlyMap<string, string> {
  const moved = new Map<string, string>();
  const gone = new Set([...earlier.files].filter((file) => !isThere(file)).sort());
  const isNew = ({ file }: Flaw) => gone.size > 0 && !earlier.files.has(file);
  const added = groupedBy(flaws.filter(isNew), ({ file }) => file);
  let tries = MAX_TRIES;
  const take = (own: readonly Flaw[], names: Iterable<string>): boolean => {
    let best: { name: string; pairs: [now: string, before: string][] } | null = null;
    for (const name of names) {
      tries -= own.length;
      if (tries < 0) {
        break;
      }
      const pairs = own.flatMap((flaw): [string, string][] => {
        const before = fingerprintOf(flaw, name);
        return earlier.fingerprints.has(before) ? [[fingerprintOf(flaw), before]] : [];
      });
      if (pairs.length * 2 >= own.length && pairs.length > (best?.pairs.length ?? 0)) {
        best = { name, pairs };
      }
    }
    if (best) {
      gone.delete(best.name);
      best.pairs.forEach(([now, before]) => moved.set(now, before));
    }
    return best !== null;
  };
  const namesakes = groupedBy([...gone], (file) => posix.basename(file));
  const renamed = [...added].filter(
    ([file, own]) =>
      !take(
        own,
        (namesakes.get(posix.basename(file)) ?? []).filter((name) => gone.has(name)),
      ),
  );
  renamed.forEach(([, own]) => take(own, [...gone]));
  return moved;
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    group.push(item);
    groups.set(keyOf(item), group);
  }
  return groups;
}
