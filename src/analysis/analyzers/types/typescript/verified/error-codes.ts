/**
 * The errors that count, by what to do about them. TypeScript has some thousand more: of grammar (which a linter
 * reports), of style (implicit `any`, unused names) and of what isn't here (missing packages and their globals). They
 * are left out, so that a new version's new codes are, too.
 */
const ADVICE: readonly (readonly [advice: string, codes: readonly number[]])[] = [
  [
    'Assign only what the declared type allows',
    [2322, 2326, 2327, 2328, 2352, 2353, 2375, 2412, 2559, 2560, 2561, 2739, 2740, 2741],
  ],
  ['Pass arguments of the declared types', [2345, 2379, 2769]],
  ['Pass as many arguments as the function takes', [2554, 2555, 2556, 2557, 2575, 2743]],
  ['Use only members that the type has', [2339, 2551, 2576]],
  ['Define or import the names that are used without being defined', [2304, 2552, 2662, 2663]],
  ['Import only what the module exports', [2305, 2613, 2614, 2724, 2459, 2460, 2694]],
  [
    'Handle null and undefined before using the value',
    [2531, 2532, 2533, 2721, 2722, 2723, 18047, 18048, 18049, 18050],
  ],
  ['Narrow the value before using it: its type is not known', [2571, 18046]],
  ['Return what the function declares, on every path', [2355, 2366, 2534]],
  ['Call only what can be called', [2348, 2349, 2351, 2757, 2758, 2759]],
  [
    'Combine only values whose types support the operator',
    [2356, 2357, 2358, 2359, 2360, 2361, 2362, 2363, 2365, 2469, 2736],
  ],
  ['Compare only what can be equal: this is always the same', [2367, 2678, 2839, 2845]],
  ['Call the function, or await the promise: as it stands it is always true', [2774, 2801]],
  ['Give type arguments that the type takes', [2314, 2315, 2344, 2558, 2707]],
  [
    'Make the class fit what it extends and implements',
    [
      2415, 2416, 2417, 2420, 2423, 2425, 2426, 2430, 2515, 2610, 2611, 2612, 2653, 2654, 2655,
      2656,
    ],
  ],
  ['Make objects of classes that are complete', [2511, 18052]],
  ['Assign the variable before using it', [2448, 2449, 2450, 2454, 2729]],
  ['Initialise the property, or declare that it may be undefined', [2564]],
  ['Assign only to what can be changed', [2540, 2542, 2588, 2628, 2629, 2630, 2631, 2632, 2364]],
  [
    'Use private and protected members only where they may be used',
    [2341, 2445, 2446, 18013, 18014],
  ],
  ['Index only by what can be an index', [2476, 2493, 2514, 2538, 2536]],
  ['Loop over and spread only what has members', [2461, 2488, 2489, 2490, 2495, 2504, 2548, 2698]],
  ['Use a value where a value is expected, and a type where a type is', [2693, 2749, 18042]],
  ['Declare it once', [2323, 2393, 2687]],
  ['Make the overloads fit the implementation', [2391, 2394]],
  ['Call super() before using this', [2376, 2377, 17009]],
];

const BY_CODE = new Map(ADVICE.flatMap(([advice, codes]) => codes.map((code) => [code, advice])));

/** What to do about an error; `undefined`: it doesn't count. */
export function adviceFor(code: number): string | undefined {
  return BY_CODE.get(code);
}
