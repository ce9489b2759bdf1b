/** One value for each parameter. */
export type Combination = Record<string, string>;

/**
 * Few combinations in which every two values of different parameters meet at least once; greedy, and the same ones
 * every time.
 */
export function pairwise(parameters: Readonly<Record<string, readonly string[]>>): Combination[] {
  const names = Object.keys(parameters);
  const open = new Set(allPairs(parameters));
  const chosen: Combination[] = [];
  while (open.size > 0) {
    const combination: Combination = {};
    const [seed = ''] = open;
    for (const part of seed.split('&')) {
      const [name = '', value = ''] = part.split('=');
      combination[name] = value;
    }
    for (const name of names.filter((each) => combination[each] === undefined)) {
      const [best = ''] = [...(parameters[name] ?? [])].sort(
        (a, b) =>
          gain({ ...combination, [name]: b }, open) - gain({ ...combination, [name]: a }, open),
      );
      combination[name] = best;
    }
    pairsIn(combination).forEach((pair) => open.delete(pair));
    chosen.push(combination);
  }
  return chosen;
}

function gain(combination: Combination, open: ReadonlySet<string>): number {
  return pairsIn(combination).filter((pair) => open.has(pair)).length;
}

function allPairs(parameters: Readonly<Record<string, readonly string[]>>): string[] {
  const single = Object.entries(parameters).flatMap(([name, values]) =>
    values.map((value) => ({ name, value })),
  );
  return single.flatMap((a, index) =>
    single
      .slice(index + 1)
      .flatMap((b) => (a.name === b.name ? [] : [pairOf([a.name, a.value], [b.name, b.value])])),
  );
}

function pairsIn(combination: Combination): string[] {
  const entries = Object.entries(combination);
  return entries.flatMap((a, index) => entries.slice(index + 1).map((b) => pairOf(a, b)));
}

function pairOf(a: [string, string], b: [string, string]): string {
  return [a, b]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');
}
