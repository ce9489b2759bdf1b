import type { Rule } from '../rule.js';
import { ARCHIVE_ENTRY_PATH, ARCHIVE_EXTRACTION } from './archive-extraction.js';
import { CODE_INJECTION } from './code-injection.js';
import { COMMAND_INJECTION } from './command-injection.js';
import { ANY_HOST, BIND_ALL, DEBUG_ON, ERROR_DETAILS, FILE_PERMISSIONS } from './configuration.js';
import { INSECURE_COOKIE } from './cookies.js';
import { CORS_ANY_ORIGIN, CORS_REFLECTED, CSRF_OFF } from './csrf-cors.js';
import { DESERIALISATION, UNSAFE_YAML } from './deserialisation.js';
import { JWT_FIXED_KEY, JWT_NO_EXPIRY, JWT_UNVERIFIED } from './jwt.js';
import { ERROR_DETAILS_SENT, LOGGED_CREDENTIALS, MESSAGE_ANY_ORIGIN } from './exposure.js';
import { LDAP_INJECTION, XPATH_INJECTION } from './ldap-xpath.js';
import { HEADER_INJECTION, LOG_INJECTION } from './log-injection.js';
import { MASS_ASSIGNMENT } from './mass-assignment.js';
import { NOSQL_INJECTION } from './nosql-injection.js';
import { OPEN_REDIRECT } from './open-redirect.js';
import { PATH_TRAVERSAL } from './path-traversal.js';
import { PROTOTYPE_POLLUTION } from './prototype-pollution.js';
import { REGEX_INJECTION } from './redos.js';
import { SQL_INJECTION } from './sql-injection.js';
import { SSRF } from './ssrf.js';
import { TEMP_FILES } from './temp-files.js';
import { TEMPLATE_INJECTION } from './template-injection.js';
import { OLD_TLS, PLAIN_TRANSPORT, TLS_UNVERIFIED } from './tls.js';
import {
  CHEAP_PASSWORD_HASH,
  FIXED_IV,
  SMALL_KEYS,
  WEAK_CIPHERS,
  WEAK_HASHES,
} from './weak-crypto.js';
import { XSS } from './xss.js';
import { XML_FROM_OUTSIDE, XXE } from './xxe.js';

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
  WEAK_HASHES,
  WEAK_CIPHERS,
  FIXED_IV,
  SMALL_KEYS,
  CHEAP_PASSWORD_HASH,
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
