/**
 * Rules that say how tests are written rather than what is wrong with them: asserts, credentials of nobody, assertions
 * that are bare expressions, and long blocks of cases.
 */
export const NORMAL_IN_TESTS: ReadonlySet<string> = new Set([
  'S101',
  'S104',
  'S105',
  'S106',
  'S107',
  'S108',
  'S113',
  'S311',
  'S603',
  'B015',
  'B018',
  'PLR0913',
  'PLR0915',
  'PLR0124',
  'PLW0603',
  'max-depth',
  'max-lines-per-function',
  'max-nested-callbacks',
  'no-self-compare',
  'no-unused-expressions',
]);
