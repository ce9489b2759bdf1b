/**
 * The first setup file of the tests: a matcher that the project puts in the place of one of vitest's own would make its
 * assertions mean nothing. Own matchers under other names are welcome.
 */
import { chai } from 'vitest';

const own = chai.Assertion.prototype;
for (const name of Object.getOwnPropertyNames(own)) {
  const property = Object.getOwnPropertyDescriptor(own, name);
  if (property.configurable) {
    Object.defineProperty(own, name, {
      ...property,
      configurable: false,
      ...('value' in property && { writable: false }),
    });
  }
}
