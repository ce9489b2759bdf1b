import type { Rule } from '../rule.js';
import { ARCHIVE_ENTRY_PATH, ARCHIVE_EXTRACTION } from './data/archive-extraction.js';
import { CODE_INJECTION } from './injection/code-injection.js';
import { COMMAND_INJECTION } from './injection/command-injection.js';
import {
  ANY_HOST,
  BIND_ALL,
  DEBUG_ON,
  ERROR_DETAILS,
  FILE_PERMISSIONS,
} from './web/configuration.js';
import { INSECURE_COOKIE } from './web/cookies.js';
import { CORS_ANY_ORIGIN, CORS_REFLECTED, CSRF_OFF } from './web/csrf-cors.js';
import { DESERIALISATION, UNSAFE_YAML } from './data/deserialisation.js';
import { JWT_FIXED_KEY, JWT_NO_EXPIRY, JWT_UNVERIFIED } from './crypto/jwt.js';
import { ERROR_DETAILS_SENT, LOGGED_CREDENTIALS, MESSAGE_ANY_ORIGIN } from './web/exposure.js';
import { LDAP_INJECTION, XPATH_INJECTION } from './injection/ldap-xpath.js';
import { HEADER_INJECTION, LOG_INJECTION } from './injection/log-injection.js';
import { MASS_ASSIGNMENT } from './data/mass-assignment.js';
import { NOSQL_INJECTION } from './injection/nosql-injection.js';
import { OPEN_REDIRECT } from './data/open-redirect.js';
import { PATH_TRAVERSAL } from './data/path-traversal.js';
import { PROTOTYPE_POLLUTION } from './data/prototype-pollution.js';
import { POLYNOMIAL_REGEX, REGEX_INJECTION } from './injection/redos.js';
import { SQL_INJECTION } from './injection/sql-injection.js';
import { SSRF } from './data/ssrf.js';
import { TEMP_FILES } from './data/temp-files.js';
import { TEMPLATE_INJECTION } from './injection/template-injection.js';
import { UNSAFE_REFLECTION } from './injection/unsafe-reflection.js';
import { MISSING_TIMEOUT } from './web/missing-timeout.js';
import { CHEAP_PASSWORD_HASH, FIXED_SALT } from './crypto/passwords.js';
import { OLD_TLS, PLAIN_TRANSPORT, TLS_UNVERIFIED } from './crypto/tls.js';
import { FIXED_IV, SMALL_KEYS, WEAK_CIPHERS, WEAK_HASHES } from './crypto/weak-crypto.js';
import { XSS } from './injection/xss.js';
import { XML_FROM_OUTSIDE, XXE } from './injection/xxe.js';

/** Every rule that the interpreter applies. */
export const RULES: readonly Rule[] = [
  SQL_INJECTION,
  COMMAND_INJECTION,
  CODE_INJECTION,
  PATH_TRAVERSAL,
  SSRF,
  XSS,
  TEMPLATE_INJECTION,
  OPEN_REDIRECT,
  DESERIALISATION,
  UNSAFE_YAML,
  XXE,
  XML_FROM_OUTSIDE,
  NOSQL_INJECTION,
  LDAP_INJECTION,
  XPATH_INJECTION,
  LOG_INJECTION,
  HEADER_INJECTION,
  PROTOTYPE_POLLUTION,
  MASS_ASSIGNMENT,
  REGEX_INJECTION,
  POLYNOMIAL_REGEX,
  WEAK_HASHES,
  WEAK_CIPHERS,
  FIXED_IV,
  SMALL_KEYS,
  CHEAP_PASSWORD_HASH,
  FIXED_SALT,
  UNSAFE_REFLECTION,
  MISSING_TIMEOUT,
  LOGGED_CREDENTIALS,
  ERROR_DETAILS_SENT,
  MESSAGE_ANY_ORIGIN,
  ANY_HOST,
  TLS_UNVERIFIED,
  OLD_TLS,
  PLAIN_TRANSPORT,
  JWT_UNVERIFIED,
  JWT_NO_EXPIRY,
  JWT_FIXED_KEY,
  INSECURE_COOKIE,
  CORS_ANY_ORIGIN,
  CORS_REFLECTED,
  CSRF_OFF,
  DEBUG_ON,
  BIND_ALL,
  FILE_PERMISSIONS,
  ERROR_DETAILS,
  TEMP_FILES,
  ARCHIVE_EXTRACTION,
  ARCHIVE_ENTRY_PATH,
];
