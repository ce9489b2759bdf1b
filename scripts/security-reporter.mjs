/** A jest reporter that ends with a table: each item of the OWASP API Top 10 and of ASVS that tests name, and its result. */
import { printTable } from './print-table.mjs';

const TITLES = {
  'API1:2023': 'Broken object level authorization',
  'API2:2023': 'Broken authentication',
  'API3:2023': 'Broken object property level authorization',
  'API4:2023': 'Unrestricted resource consumption',
  'API5:2023': 'Broken function level authorization',
  'API6:2023': 'Unrestricted access to sensitive business flows',
  'API7:2023': 'Server side request forgery',
  'API8:2023': 'Security misconfiguration',
  'API9:2023': 'Improper inventory management',
  'API10:2023': 'Unsafe consumption of APIs',
  'ASVS 2': 'Authentication',
  'ASVS 3': 'Session management',
  'ASVS 4': 'Access control',
  'ASVS 5': 'Validation, sanitization, encoding',
  'ASVS 6': 'Stored cryptography',
  'ASVS 7': 'Errors and logging',
  'ASVS 10': 'Malicious code',
  'ASVS 11': 'Business logic',
  'ASVS 12': 'Files and resources',
  'ASVS 13': 'API and web service',
  'ASVS 14': 'Configuration',
};
const ITEM = /\b(API\d+:2023|ASVS \d+(?:\.\d+)+)/g;

export default class SecurityReporter {
  onRunComplete(_contexts, results) {
    const items = new Map();
    for (const { title, status } of results.testResults.flatMap((file) => file.testResults)) {
      for (const [item] of title.matchAll(ITEM)) {
        const counts = items.get(item) ?? { passed: 0, failed: 0, pending: 0 };
        counts[status] += 1;
        items.set(item, counts);
      }
    }
    const rows = [...items]
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([item, counts]) => [item, titleOf(item), resultOf(counts)]);
    printTable([['item', 'about', 'result'], ...rows]);
  }
}

function titleOf(item) {
  return TITLES[item] ?? TITLES[item.split('.')[0]] ?? '';
}

function resultOf({ passed, failed, pending }) {
  const left = pending > 0 ? `, ${pending} left out` : '';
  return failed > 0 ? `${failed} of ${passed + failed} FAILED${left}` : `${passed} passed${left}`;
}
